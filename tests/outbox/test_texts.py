"""Texts that staff change: nothing in them is run, wrong placeholders are named, and no line can be smuggled in."""

from __future__ import annotations

import pytest
from django.utils import translation

from vaern.outbox.editing import BadText, Overtaken, number_of, reset_text, save_text
from vaern.outbox.models import TextVersion
from vaern.outbox.texts import (
    Link,
    Rows,
    Text,
    body_problems,
    current_text,
    default_text,
    filled,
    sample_values,
    subject_problems,
    text_kind,
    text_kinds,
)

KIND = text_kind("bookings.confirmed")
BODY = "Hej {name}\n\n{facts}\n\n{link}"


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("kind", text_kinds(), ids=lambda kind: kind.key)
def test_every_default_is_right_and_every_sample_fills_it(kind, language: str) -> None:
    with translation.override(language):
        text = default_text(kind, language)
        assert (subject_problems(kind, text.subject), body_problems(kind, text.body)) == ([], [])
        mail = filled(text, sample_values(kind), language)
    for part in (mail.subject, mail.body, mail.html):
        assert "{" not in part.replace("{}", "x") or "style" in part
        assert "None" not in part
    assert mail.body.endswith("Værn, Københavns Kommune\n")
    assert f'<html lang="{language}">' in mail.html
    for forbidden in ("<script", "<img", "url(", "<link", "<style"):
        assert forbidden not in mail.html


def test_both_languages_say_something_of_their_own() -> None:
    same = [
        kind.key
        for kind in text_kinds()
        if default_text(kind, "da").body == default_text(kind, "en").body or not default_text(kind, "da").subject
    ]
    assert same == []


@pytest.mark.parametrize(
    "written",
    ["{name.__class__}", "{0}", "{}", "{name!r}", "{name:>10}", "{ name }", "{settings}", "{Name}", "{name[0]}"],
)
def test_what_is_no_placeholder_is_refused_by_name(written: str) -> None:
    (problem,) = body_problems(KIND, BODY + written)
    assert written in problem


@pytest.mark.parametrize("written", ["{", "}", "{{name}}", "{name", "{% if x %}{"])
def test_lonely_brackets_are_refused(written: str) -> None:
    assert body_problems(KIND, BODY + written) != []


def test_what_must_be_there_is_missed_by_name() -> None:
    problems = body_problems(KIND, "Hej {name}")
    assert problems == [
        "Pladsholderen {facts} mangler: Beskeden er ikke til nogen nytte uden den.",
        "Pladsholderen {link} mangler: Beskeden er ikke til nogen nytte uden den.",
    ]


@pytest.mark.parametrize("name", ["link", "facts", "name", "prepare"])
def test_no_link_and_no_name_in_a_subject(name: str) -> None:
    assert subject_problems(KIND, f"Booket {{{name}}}") == [f"Pladsholderen {{{name}}} kan ikke stå i emnet."]
    assert subject_problems(KIND, "Booket {workshop} {date}") == []


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x0b", "\u2028", "\x85"])
def test_no_line_can_be_smuggled_into_a_subject(break_: str) -> None:
    assert subject_problems(KIND, f"Booket{break_}Bcc: x@example.dk") != []
    mail = filled(Text("Booket {workshop}", BODY), {"workshop": f"A{break_}Bcc: x@example.dk"}, "da")
    assert len(mail.subject.splitlines()) == 1


def test_values_are_filled_in_once_and_escaped() -> None:
    values = {
        "name": "{link} <b>Kim</b>",
        "facts": Rows((("Sted", "<script>alert(1)</script>\n{name}"),)),
        "link": Link('https://example.dk/?a=1&b="2"', "Se <her>"),
    }
    mail = filled(Text("x", BODY), values, "da")
    assert "Hej {link} <b>Kim</b>" in mail.body
    assert "Sted: <script>alert(1)</script> {name}" in mail.body
    assert "<b>Kim" not in mail.html
    assert "<script" not in mail.html
    assert 'href="https://example.dk/?a=1&amp;b=&quot;2&quot;"' in mail.html
    assert "Se &lt;her&gt;" in mail.html


def test_a_paragraph_with_nothing_to_say_is_left_out() -> None:
    text = Text("x", "Hej {name}\n\nFør workshoppen:\n{prepare}\n\n\n  \nHilsen")
    assert filled(text, {"name": "Kim", "prepare": ""}, "da").body == "Hej Kim\n\nHilsen\n"
    assert (
        filled(text, {"name": "Kim", "prepare": "Læs."}, "da").body == "Hej Kim\n\nFør workshoppen:\nLæs.\n\nHilsen\n"
    )


def test_only_addresses_that_an_editor_wrote_become_links() -> None:
    mail = filled(Text("x", "Se https://kbh.dk/a. {name}"), {"name": "https://evil.example"}, "da")
    assert '<a href="https://kbh.dk/a"' in mail.html
    assert 'href="https://evil.example' not in mail.html


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
class TestSaving:
    def save(self, body: str, seen: int = 0, subject: str = "Emne {workshop}", language: str = "da"):
        return save_text(kind=KIND, language=language, text=Text(subject, body), seen=seen, actor_id=None)

    def test_saved_text_holds_for_its_language_alone(self) -> None:
        version = self.save(BODY)
        assert version
        assert current_text(KIND, "da") == Text("Emne {workshop}", BODY)
        assert current_text(KIND, "en") == default_text(KIND, "en")

    def test_history_is_kept_and_the_default_comes_back(self) -> None:
        self.save(BODY)
        self.save(BODY + "\n\nMere", seen=1)
        assert self.save(BODY + "\n\nMere", seen=2) is None
        reset_text(kind=KIND, language="da", seen=2, actor_id=None)
        assert reset_text(kind=KIND, language="da", seen=3, actor_id=None) is None
        assert current_text(KIND, "da") == default_text(KIND, "da")
        assert [row.number for row in TextVersion.objects.all()] == [3, 2, 1]
        assert number_of(KIND, "da") == 3

    def test_two_at_once_do_not_overwrite_each_other(self) -> None:
        self.save(BODY)
        with pytest.raises(Overtaken):
            self.save(BODY + "!", seen=0)

    @pytest.mark.parametrize(
        ("subject", "body"), [("", BODY), ("x", ""), ("{link}", BODY), ("x", "{facts}"), ("x" * 151, BODY)]
    )
    def test_a_text_that_could_not_be_sent_is_not_saved(self, subject: str, body: str) -> None:
        with pytest.raises(BadText):
            self.save(body, subject=subject)
        assert not TextVersion.objects.exists()
