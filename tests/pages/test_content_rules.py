"""The rules for good content, as tables."""

from __future__ import annotations

import datetime as dt

import pytest

from vaern.pages.checks import rules
from vaern.pages.checks.pieces import Kind, Piece
from vaern.pages.checks.rules import Facts


def codes(text: str, kind: Kind = Kind.RICH, facts: Facts | None = None) -> list[tuple[str, bool]]:
    """Code and severity of what is found."""
    found = rules.check([Piece("body", "Afsnit 1", kind, text)], facts or Facts())
    return [(finding.code, finding.error) for finding in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>Helt i orden.</p>", []),
        ("", []),
        ('<p><a href="/a/">Klik her</a></p>', [("link-words", True)]),
        ('<p><a href="/a/">LÆS MERE HER!</a></p>', [("link-words", True)]),
        ('<p><a href="/a/">her</a> og <a href="/b/">Read more</a></p>', [("link-words", True)] * 2),
        ('<p><a href="/a/">Læs mere om workshops</a></p>', []),
        ('<p><a href="/a/"><b>Se her</b></a></p>', [("link-words", True)]),
        ('<p><a href="/a/"> </a></p>', [("empty-link", True)]),
        ('<p><a href="https://kk.dk">https://kk.dk</a></p>', [("bare-address", True)]),
        ('<p><a href="https://kk.dk">www.kk.dk</a></p>', [("bare-address", True)]),
        ("<p>Se https://kk.dk/side.</p>", [("unlinked-address", False)]),
        ("<p>Ring 33 17 33 17.</p>", [("bare-phone", True)]),
        ("<p>Ring +45 33173317</p>", [("bare-phone", True)]),
        ("<p>Ring 3317 3317</p>", [("bare-phone", True)]),
        ('<p>Ring <a href="tel:+4533173317">33 17 33 17</a>.</p>', []),
        ("<p>CVR 64942212 og EAN-nr. 12345678</p>", []),
        ("<p>I 2024 og 2025, den 23.11.2026, 1.000.000 kr.</p>", []),
        ("<p>Nummer 010190-1234</p>", [("cpr", True)]),
        ("<p>Nummer 0101901234.</p>", [("cpr", True)]),
        ("<p>Nummer 610190 1234</p>", [("cpr", True)]),
        ("<p>0101<b>90</b>-1234</p>", [("cpr", True)]),
        ("<p>ISBN 9788712345678</p>", []),
        ('<p><embed embedtype="image" id="3" alt="" format="left"/></p>', [("missing-alt", True)]),
        ('<p><embed embedtype="image" id="3" alt="Et torv" format="left"/></p>', []),
        ("<h4>Dybt</h4>", [("heading-order", True)]),
        ("<h2>A</h2><h4>B</h4>", [("heading-order", True)]),
        ("<h2>A</h2><h3>B</h3><h2>C</h2>", []),
        ("<h1>A</h1>", [("heading-order", True)]),
        ("<h2></h2>", [("empty-heading", True)]),
        ("<p><b>Næsten en overskrift</b></p>", [("bold-heading", False)]),
        ("<p>" + "ord " * 26 + ".</p>", [("long-sentence", False)]),
        ("<p>" + "ord " * 25 + "</p>", []),
        ("<p>" + "Fem ord i en sætning. " * 21 + "</p>", [("long-paragraph", False)]),
        ("<p>Fx kl. 10. Stk. 3 i lovens § 15, jf. Loven.</p>", []),
    ],
)
def test_rich_text(text: str, found: list[tuple[str, bool]]) -> None:
    assert codes(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ring 33 17 33 17", [("bare-phone", False)]),
        ("En linje\nog en til", []),
        ("Barnet har 010115-1234", [("cpr", True)]),
        ("ord " * 26, [("long-sentence", False)]),
    ],
)
def test_plain_text(text: str, found: list[tuple[str, bool]]) -> None:
    assert codes(text, Kind.PLAIN) == found


def test_a_phone_field_may_hold_a_number_but_no_cpr() -> None:
    assert codes("33 17 33 17", Kind.PHONE) == []
    assert codes("010190-1234", Kind.PHONE) == [("cpr", True)]


def test_links_to_what_is_gone_unpublished_or_in_another_language() -> None:
    facts = Facts(
        missing_pages=frozenset({1}),
        unpublished_pages={2: "Kladde"},
        foreign_pages={3: ("Om", True), 4: ("Andet", False)},
        missing_documents=frozenset({9}),
        dead_paths=frozenset({"/vaek/"}),
    )
    text = "".join(f'<p><a linktype="page" id="{number}">Siden {number}</a></p>' for number in range(1, 6))
    assert codes(text, facts=facts) == [
        ("dead-link", True),
        ("unpublished-link", False),
        ("foreign-link", False),
        ("foreign-link", False),
    ]
    assert codes('<p><a linktype="document" id="9">Filen</a></p>', facts=facts) == [("dead-link", True)]
    assert codes('<p><a href="/vaek/?a=1#b">Siden</a></p>', facts=facts) == [("dead-link", True)]
    assert codes('<p><a href="//vaek/">Siden</a></p>', facts=facts) == []
    assert codes("1", Kind.PAGE, facts) == [("dead-link", True)]


def test_section_headings_are_level_two() -> None:
    pieces = [Piece("body", "", Kind.HEADING, "A"), Piece("body", "", Kind.RICH, "<h3>B</h3>")]
    assert rules.check(pieces, Facts()) == []
    assert [f.code for f in rules.check([Piece("body", "", Kind.HEADING, " ")], Facts())] == ["empty-heading"]


@pytest.mark.parametrize(
    ("responsible", "review_on", "found"),
    [
        (True, dt.date(2026, 11, 23), []),
        (True, dt.date(2026, 11, 22), ["review-overdue"]),
        (True, None, ["no-review"]),
        (False, None, ["no-responsible", "no-review"]),
    ],
)
def test_stewardship(responsible: bool, review_on: dt.date | None, found: list[str]) -> None:
    today = dt.date(2026, 11, 23)
    remarks = list(rules.stewardship(responsible=responsible, review_on=review_on, today=today))
    assert [finding.code for finding in remarks] == found
    assert not any(finding.error for finding in remarks)
