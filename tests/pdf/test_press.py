"""PDFs are tagged, name their language and title, have bookmarks, and are the same bytes each time."""

from __future__ import annotations

import io

import pikepdf
import pytest

from vaern.pdf.press import PdfUnavailable, make_pdfs

PAGE = (
    '<!DOCTYPE html><html lang="da"><head><title>Prøve</title>'
    '<link rel="stylesheet" href="static:pdf/print.css"></head>'
    "<body><h1>Prøve</h1><h2>Æbler og øl</h2><p>Tekst å.</p></body></html>"
)


def test_a_pdf_is_tagged_and_has_language_title_and_bookmarks() -> None:
    (printed,) = make_pdfs([PAGE])
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "da"
        assert str(pdf.docinfo["/Title"]) == "Prøve"
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Prøve"]
            assert [item.title for item in outline.root[0].children] == ["Æbler og øl"]
        assert pdf.open_metadata()["pdfuaid:part"] == "1"


def test_the_same_page_gives_the_same_bytes_in_another_process() -> None:
    first, other, second = make_pdfs([PAGE, PAGE.replace("Tekst", "Anden tekst"), PAGE])
    assert first == second == make_pdfs([PAGE])[0]
    assert first != other


@pytest.mark.parametrize("address", ["static:../manage.py", "static:nothing.css", "static:pdf/../../printer.py"])
def test_a_file_that_is_not_ours_stops_the_printing(address: str) -> None:
    with pytest.raises(PdfUnavailable):
        make_pdfs([PAGE.replace("static:pdf/print.css", address)])


@pytest.mark.parametrize("address", ["file:///etc/hostname", "http://127.0.0.1:1/x.css"])
def test_other_addresses_are_not_read(address: str) -> None:
    (printed,) = make_pdfs([PAGE.replace("</head>", f'<link rel="stylesheet" href="{address}"></head>')])
    assert printed == make_pdfs([PAGE.replace("</head>", f'<link rel="stylesheet" href="{address}"></head>')])[0]
