"""The lesson plan as PDF: tagged, in its language, the same each time, made once a version."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pytest
from django.test import Client

from materials.domain.printing import print_plans, versions_without_plan
from materials.jobs import print_lesson_plans
from materials.models import VersionFile
from materials.printout import plan_html
from tests.factories.materials import make_material, republish
from tests.factories.texts import page, said
from vaern.pdf.press import PdfUnavailable, make_pdfs

pytestmark = pytest.mark.usefixtures("site", "clock")


def pretend(documents: Sequence[str]) -> list[bytes]:
    """Make something that looks like a PDF, quickly."""
    return [b"%PDF-1.7 " + document.encode() for document in documents]


def test_a_plan_is_a_tagged_pdf_with_bookmarks_and_the_same_each_time(client: Client, tmp_path: Path) -> None:
    danish, english = make_material("Æbler og øl"), make_material("Apples", language="en")
    assert print_lesson_plans() == 2
    assert print_lesson_plans() == 0
    for material, language, name in (
        (danish, "da", "filer/lektionsplan.pdf"),
        (english, "en", "files/lesson-plan.pdf"),
    ):
        answer = client.get(f"{material.url}version/1/{name}")
        content = b"".join(answer)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert str(pdf.Root.Lang) == language
            assert pdf.open_metadata()["pdfuaid:part"] == "1"
            with pdf.open_outline() as outline:
                assert [item.title for item in outline.root] == [material.title]
                assert said("Step by step", language) in [item.title for item in outline.root[0].children]
        if shutil.which("qpdf"):
            (tmp_path / "plan.pdf").write_bytes(content)
            subprocess.run(["qpdf", "--check", tmp_path / "plan.pdf"], check=True, capture_output=True)  # noqa: S603, S607
        assert make_pdfs([plan_html(material.versions.select_related("material__locale").get())]) == [content]


def test_each_version_is_printed_once() -> None:
    material = make_material("Første")
    assert print_plans(write=plan_html, press=pretend) == 1
    republish(material, title="Anden")
    assert [version.number for version in versions_without_plan()] == [2]
    assert print_plans(write=plan_html, press=pretend) == 1
    assert print_plans(write=plan_html, press=pretend) == 0
    plans = VersionFile.objects.filter(role="plan").order_by("version__number")
    assert [b"Anden" in plan.stored.file.open("rb").read() for plan in plans] == [False, True]
    for plan in plans:
        plan.stored.file.close()


def test_where_no_pdf_can_be_made_the_page_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_documents: Sequence[str]) -> list[bytes]:
        raise PdfUnavailable("no libpango")

    material = make_material()
    monkeypatch.setattr("materials.jobs.make_pdfs", broken)
    assert print_lesson_plans() == 0
    assert "no libpango" in caplog.text
    waiting = said("The lesson plan as PDF is on its way. Until then you can print it from the page.")
    assert waiting in page(client, material.url)
    print_plans(write=plan_html, press=pretend)
    assert waiting not in page(client, material.url)
