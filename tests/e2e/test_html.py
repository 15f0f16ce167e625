"""The HTML is valid, by html-validate, on every page as the server sends it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from tests.e2e.checks import ROOT
from tests.e2e.world import World

VALIDATE = ROOT / "node_modules" / ".bin" / "html-validate"
MISSING = not (shutil.which("node") and VALIDATE.exists())
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def validate(folder: Path) -> list[str]:
    """Return html-validate's findings, one line each; skip, when it isn't installed and needn't be."""
    if MISSING and os.environ.get("REQUIRE_E2E") != "1":
        pytest.skip("html-validate needs node and `make setup`")
    argv = [VALIDATE, "--config", ROOT / ".htmlvalidate.json", "--formatter", "json", f"{folder}/*.html"]
    told = folder / "told.json"  # a file, since html-validate ends before a full pipe is emptied
    with told.open("wb") as output:
        subprocess.run(argv, cwd=ROOT, stdout=output, check=False, timeout=120)  # noqa: S603
    return [
        f"{Path(report['filePath']).stem}:{message['line']} {message['ruleId']}: {message['message']}"
        for report in json.loads(told.read_bytes())
        for message in report["messages"]
    ]


def save(folder: Path, name: str, content: bytes) -> None:
    (folder / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.html").write_bytes(content)


def test_every_page_is_valid_html(world: World, tmp_path: Path) -> None:
    visitor, coordinator = Client(), Client()
    coordinator.force_login(world.coordinator)
    for client, pages in ((visitor, world.public_pages()), (coordinator, world.staff_pages())):
        for name, path in pages.items():
            answer = client.get(path)
            assert answer.status_code == 200, (name, answer.status_code)
            save(tmp_path, name, answer.content)
    empty = {"groups-TOTAL_FORMS": "1", "groups-INITIAL_FORMS": "1"}
    save(tmp_path, "booking form with errors", visitor.post(world.book_path, empty).content)
    code = visitor.post("/log-ind/", {"login": world.facilitator.email, "email": world.facilitator.email}, follow=True)
    save(tmp_path, "code page", code.content)
    save(tmp_path, "404", visitor.get("/findes-ikke/").content)
    assert validate(tmp_path) == []


def test_the_validator_can_fail(tmp_path: Path) -> None:
    save(tmp_path, "bad", b"<!DOCTYPE html><html lang=da><head><title>x</title></head><body><p><div></p></body></html>")
    assert validate(tmp_path) != []
