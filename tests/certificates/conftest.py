"""A press that prints at once, and a private storage of the test's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from vaern.certificates import admin, jobs, views


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": private}


@pytest.fixture(autouse=True)
def press(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was printed; the PDF is the page itself, so that it is cheap and the same each time."""
    printed: list[str] = []

    def make(pages: Sequence[str]) -> list[bytes]:
        printed.extend(pages)
        return [b"%PDF-1.7\n" + page.encode() for page in pages]

    for module in (admin, jobs, views):
        monkeypatch.setattr(module, "make_pdfs", make)
    return printed
