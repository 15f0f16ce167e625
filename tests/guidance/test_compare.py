"""What changed since a version: by section, words marked, in text as well as by look."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.plan import adopted, make_card, make_chapter, make_plan, translated, write
from tests.factories.texts import escaped, page, said
from vaern.guidance.models import ChapterPage, PlanPage
from vaern.guidance.plans.compare import Run, What, compare, paragraphs, words
from vaern.guidance.plans.text import Card, Chapter, PlanText, Section

COMPARE = "/beredskabsplan/version/sammenlign/"


def text(*sections: tuple[str, str, str], title: str = "Kapitel", cards: tuple[Card, ...] = ()) -> PlanText:
    rows = [Section(key, f"1.{n}", heading, html) for n, (key, heading, html) in enumerate(sections, start=1)]
    return PlanText("Plan", "", [Chapter("k1", "k", "1", title, "", rows, list(cards))])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a b", "a b", [("same", "a b")]),
        ("", "a", [("added", "a")]),
        ("Ring til os", "Ring straks til os", [("same", "Ring "), ("added", "straks "), ("same", "til os")]),
        (
            "den gamle tekst her",
            "den nye ordlyd her",
            [
                ("same", "den "),
                ("removed", "gamle tekst"),
                ("added", "nye ordlyd"),
                ("same", " her"),
            ],
        ),
    ],
)
def test_words_are_marked_as_phrases(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert [(run.what.value, run.text) for run in words(old, new)] == expected


def test_nothing_is_lost_in_a_comparison() -> None:
    old = "Ring til din leder samme dag, og skriv det ned i jeres fagsystem."
    new = "Tal med din leder i dag. Skriv kun det, du selv har set, i jeres fagsystem."
    runs = list(words(old, new))
    assert "".join(run.text for run in runs if run.what is not What.ADDED) == old
    assert "".join(run.text for run in runs if run.what is not What.REMOVED) == new


def test_a_section_is_recognised_by_its_key_and_not_by_its_number() -> None:
    old = text(("a", "Først", "<p>Et</p>"), ("b", "Så", "<p>To</p>"))
    new = text(("c", "Nyt", "<p>Nul</p>"), ("a", "Først", "<p>Et</p>"), ("b", "Så", "<p>To og tre</p>"))
    (chapter,) = compare(old, new).chapters
    assert [(part.what, part.number) for part in chapter.parts] == [(What.ADDED, "1.1"), (What.CHANGED, "1.3")]
    (back,) = compare(new, old).chapters
    assert [(part.what, part.number) for part in back.parts] == [(What.CHANGED, "1.2"), (What.REMOVED, "1.1")]


def test_the_same_text_is_the_same_whatever_the_markup() -> None:
    old = text(("a", "Først", "<p>Et <b>to</b></p><ul><li>tre</li></ul>"))
    new = text(("a", "Først", '<div class="x"><p>Et to</p>\n<ol><li>tre</li></ol></div>'))
    assert compare(old, new).same
    assert not compare(old, text(("a", "Først", "<p>Et to</p><ul><li>fire</li></ul>"))).same


def test_sections_that_change_places_are_moved() -> None:
    old = text(("a", "Først", "<p>Et</p>"), ("b", "Så", "<p>To</p>"))
    new = text(("b", "Så", "<p>To</p>"), ("a", "Først", "<p>Et</p>"))
    (chapter,) = compare(old, new).chapters
    assert [(part.number, part.old_number) for part in chapter.parts] == [("1.1", "1.2"), ("1.2", "1.1")]


def test_cards_and_whole_chapters_come_and_go() -> None:
    card = Card("k9", "akut", "1-A", "Akut", "", "<p>Ring 112.</p>")
    old, new = text(("a", "Først", "<p>Et</p>")), text(("a", "Først", "<p>Et</p>"), cards=(card,))
    (chapter,) = compare(old, new).chapters
    assert [(part.what, part.is_card, part.heading) for part in chapter.parts] == [
        (What.ADDED, True, (Run(What.ADDED, "Akut"),))
    ]
    (gone,) = compare(old, PlanText("Plan", "")).chapters
    assert (gone.what, gone.count) == (What.REMOVED, 1)


def test_paragraphs_are_read_in_order() -> None:
    assert paragraphs(
        "løst<p>et <b>to</b></p><ul><li>tre<br>fire</li></ul><table><tr><td>fem</td><td>seks</td></tr></table>"
    ) == [
        "løst",
        "et to",
        "tre",
        "fire",
        "fem",
        "seks",
    ]


def test_long_texts_are_compared_in_time() -> None:
    many = "".join(f"<p>Afsnit {n} har nogle ord, som er {n % 7}.</p>" for n in range(400))
    assert (
        compare(text(("a", "x", many)), text(("a", "x", many.replace("som er 3", "som er tre")))).total(What.CHANGED)
        == 1
    )


@pytest.fixture
def chapter(site: None, clock: object) -> ChapterPage:
    plan = make_plan()
    chapter = make_chapter(plan, "Handling", {"Først": "Ring til din leder.", "Gammelt": "Skal væk."}, slug="handling")
    make_card(chapter, "Akut", "Ring 112.")
    adopted(plan)
    return write(chapter, {"Først": "Ring straks til din leder.", "Nyt": "Kommer til."})


def test_readers_see_words_that_came_and_went(client: Client, chapter: ChapterPage) -> None:
    found = page(client, COMPARE, fra="1.0")
    assert f'<ins><span class="sr-only"> [{said("added:")} </span>straks ' in found
    assert f'<del><span class="sr-only"> [{said("removed:")} </span>Skal væk.' in found
    assert (
        escaped(
            said(
                "Sections and cards: %(added)s added, %(removed)s removed, %(changed)s changed. "
                "What is not shown is the same.",
                added=1,
                removed=1,
                changed=1,
            )
        )
        in found
    )
    assert "Ring 112." not in found


def test_two_versions_are_compared_in_either_order(client: Client, chapter: ChapterPage) -> None:
    adopted(PlanPage.objects.get(), kind="editorial")
    heading = escaped(said("What changed from version %(old)s to %(new)s", old="1.0", new="1.1"))
    for query in ({"fra": "1.0", "til": "1.1"}, {"fra": "1.1", "til": "1.0"}):
        assert f"<h1>{heading}</h1>" in page(client, COMPARE, **query)
    assert escaped(said("Not a word is different")) in page(client, COMPARE, fra="1.1", til="nu")
    assert escaped(said("Not a word is different")) in page(client, COMPARE, fra="1.1", til="1.1")


def test_an_unknown_version_is_told(client: Client, chapter: ChapterPage) -> None:
    words = escaped(said("There is no such version. You see what has changed since the version in force."))
    for query in ({"fra": "9.9"}, {"fra": "<b>"}, {"fra": "1.0", "til": "x"}):
        assert words in page(client, COMPARE, **query)


def test_a_language_that_was_not_there_is_told(client: Client, chapter: ChapterPage) -> None:
    english = translated(PlanPage.objects.get(), "Preparedness plan", slug="preparedness-plan", intro="x")
    told = escaped(
        said("The version you compare with was not translated, so it cannot be compared in this language.", "en")
    )
    assert told in page(client, f"/en{COMPARE}", fra="1.0")
    english.unpublish()
    assert client.get(f"/en{COMPARE}?fra=1.0").status_code == 200
