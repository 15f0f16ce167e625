"""PDFs and the offline pack are made once, tagged, the same bytes each time, and served as files with a name."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test import Client

from tests.factories.plan import adopted, make_card, make_chapter, make_plan, proposed, translated, write
from tests.factories.texts import escaped, page, said
from vaern.guidance.models import ChapterPage, PlanFile, PlanPage, PlanVersion
from vaern.guidance.plans import prints
from vaern.guidance.plans.prints import pack_page, print_missing
from vaern.guidance.plans.queries import frozen_text
from vaern.pdf.press import PdfUnavailable

pytestmark = pytest.mark.usefixtures("site", "clock")
ADDRESS = "/beredskabsplan/version/1.0/"


@pytest.fixture
def version(settings: Any, tmp_path: Path, site: None, clock: Any) -> PlanVersion:
    settings.MEDIA_ROOT = tmp_path
    plan = make_plan()
    chapter = make_chapter(plan, "Handling", {"Først": "Ring <a href='tel:112'>112</a>.", "Så": "Tal med din leder."})
    make_card(chapter, "Akut fare", '<a href="/er-du-bekymret/">Se hjælp</a>')
    translated(plan, "Preparedness plan", slug="preparedness-plan", intro="What we do.")
    return adopted(plan)


def stored(file: PlanFile) -> bytes:
    with default_storage.open(file.path) as opened:
        content: bytes = opened.read()
        return content


def test_every_part_is_printed_once_and_the_same_bytes_each_time(version: PlanVersion) -> None:
    assert print_missing() == 6  # Danish plan, chapter, card and pack; English plan and pack
    first = {file.name: file.sha256 for file in PlanFile.objects.all()}
    assert sorted(first) == [
        "beredskabsplan-1.0-kapitel-1.pdf",
        "beredskabsplan-1.0-kort-1-a.pdf",
        "beredskabsplan-1.0-offline.zip",
        "beredskabsplan-1.0.pdf",
        "preparedness-plan-1.0-offline.zip",
        "preparedness-plan-1.0.pdf",
    ]
    assert print_missing() == 0
    PlanFile.objects.all().delete()
    assert print_missing() == 6
    assert {file.name: file.sha256 for file in PlanFile.objects.all()} == first


def test_the_pdfs_are_tagged_and_have_language_title_and_bookmarks(version: PlanVersion, tmp_path: Path) -> None:
    print_missing()
    for file in PlanFile.objects.exclude(kind=PlanFile.Kind.PACK):
        content = stored(file)
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (file.sha256, file.size)
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert str(pdf.Root.Lang) == file.language
            assert pdf.open_metadata()["pdfuaid:part"] == "1"
            with pdf.open_outline() as outline:
                assert len(outline.root) == 1
        target = tmp_path / "checked.pdf"
        target.write_bytes(content)
        done = subprocess.run(["qpdf", "--check", str(target)], capture_output=True, check=False)  # noqa: S603, S607
        assert done.returncode == 0, done.stdout + done.stderr
    plan = PlanFile.objects.get(language="da", kind=PlanFile.Kind.PLAN)
    with pikepdf.open(io.BytesIO(stored(plan))) as pdf, pdf.open_outline() as outline:
        (whole,) = outline.root
        assert [item.title for item in whole.children] == [said("Contents"), "1 Handling"]
        card = f"{said('Action card')} 1-A: Akut fare"
        assert [item.title for item in whole.children[1].children] == ["1.1 Først", "1.2 Så", card]


def test_the_pack_needs_nothing_else(version: PlanVersion) -> None:
    print_missing()
    file = PlanFile.objects.get(language="da", kind=PlanFile.Kind.PACK)
    with zipfile.ZipFile(io.BytesIO(stored(file))) as packed:
        assert packed.namelist() == ["beredskabsplan-1.0.html", "beredskabsplan-1.0.pdf"]
        assert packed.infolist()[0].date_time == (2026, 11, 2, 0, 0, 0)
        html = packed.read("beredskabsplan-1.0.html").decode()
        pdf = PlanFile.objects.get(language="da", kind=PlanFile.Kind.PLAN)
        assert hashlib.sha256(packed.read("beredskabsplan-1.0.pdf")).hexdigest() == pdf.sha256
    assert re.findall(r'\ssrc=|url\(|@import|<script|<link (?!rel="icon" href="data:,")', html) == []
    assert 'href="tel:112"' in html
    targets = re.findall(r'href="#([^"]+)"', html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert set(targets) <= set(ids)
    assert len(ids) == len(set(ids))
    assert 'href="http://testserver/er-du-bekymret/"' in html
    assert escaped(said("Version %(number)s, adopted on %(day)s by", number="1.0", day="2. november 2026")) in html


def test_a_pack_is_in_its_own_language(version: PlanVersion) -> None:
    html = pack_page(version, "en", frozen_text(version)["en"])
    assert '<html lang="en">' in html
    assert [word for word in ("Handling", "Indhold", "Vedtaget") if word in html] == []


def test_pages_say_that_files_are_being_made_and_then_link_to_them(client: Client, version: PlanVersion) -> None:
    being_made = escaped(said("The plan as a PDF is being made. Look again in a while."))
    assert [being_made in page(client, path) for path in ("/beredskabsplan/", ADDRESS)] == [True, True]
    print_missing()
    for path in ("/beredskabsplan/", ADDRESS):
        text = page(client, path)
        assert being_made not in text
        for name in ("beredskabsplan-1.0.pdf", "beredskabsplan-1.0-offline.zip"):
            assert text.count(f'href="{ADDRESS}{name}"') == 1
    assert f'href="{ADDRESS}beredskabsplan-1.0-kapitel-1.pdf"' in page(client, "/beredskabsplan/handling/")
    assert f'href="{ADDRESS}beredskabsplan-1.0-kort-1-a.pdf"' in page(client, f"{ADDRESS}handling/akut-fare/")


def test_a_file_is_served_with_name_and_etag(client: Client, version: PlanVersion) -> None:
    print_missing()
    file = PlanFile.objects.get(name="beredskabsplan-1.0.pdf")
    answer = client.get(f"{ADDRESS}beredskabsplan-1.0.pdf")
    assert hashlib.sha256(answer.content).hexdigest() == file.sha256
    assert {name: answer.headers[name] for name in ("Content-Type", "ETag", "Content-Disposition", "X-Robots-Tag")} == {
        "Content-Type": "application/pdf",
        "ETag": f'"{file.sha256}"',
        "Content-Disposition": 'attachment; filename="beredskabsplan-1.0.pdf"',
        "X-Robots-Tag": "noindex",
    }
    again = client.get(f"{ADDRESS}beredskabsplan-1.0.pdf", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(f"{ADDRESS}beredskabsplan-1.0.pdf").status_code == 200
    assert client.get(f"/en{ADDRESS}preparedness-plan-1.0.pdf").status_code == 200
    assert client.get(f"/en{ADDRESS}beredskabsplan-1.0.pdf").status_code == 404


def test_later_edits_change_no_file(client: Client, version: PlanVersion) -> None:
    write(ChapterPage.objects.get(), {"Helt andet": "Andet."})
    print_missing()
    html = prints.document(next(iter(prints._pieces(version, frozen_text(version)))))
    assert "Helt andet" not in html
    assert "Tal med din leder." in html


def test_where_no_pdf_can_be_made_the_pages_work(
    client: Client, version: PlanVersion, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unavailable(_documents: object) -> list[bytes]:
        raise PdfUnavailable("no pango")

    monkeypatch.setattr(prints, "make_pdfs", unavailable)
    assert print_missing() == 0
    assert [record.getMessage() for record in caplog.records if record.name == "vaern.jobs"] == [
        "the plan cannot be printed: no pango"
    ]
    assert client.get(ADDRESS).status_code == 200


def test_a_file_is_never_changed(version: PlanVersion) -> None:
    print_missing()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE guidance_planfile SET sha256 = 'x'")


def test_a_proposal_is_not_printed(version: PlanVersion) -> None:
    print_missing()
    proposed(PlanPage.objects.get(locale__language_code="da"), kind="editorial")
    assert print_missing() == 0
