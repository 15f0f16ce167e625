"""What a material says, as data: taken from an editor's page, kept in a version, read by page, print and PDF alike."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from materials.choices import LICENCE_ADDRESSES, Audience, Evaluation, Format, Language, Licence, Role
from materials.rules import Plan, plan
from vaern.design.formats import format_number
from vaern.pages import grades

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Content:
    """One material's content in one language. Everything is text, numbers and lists, so that it can be kept as JSON."""

    title: str
    intro: str
    page_language: str
    audience: str
    grade_from: int | None
    grade_to: int | None
    subjects: list[str]
    themes: list[str]
    lessons: int
    format: str
    language: str
    evaluation: str
    goals: list[dict[str, str]]
    preparation: str
    preparation_minutes: int | None
    needs: list[str]
    steps: list[dict[str, Any]]
    minutes_reason: str
    differentiation: str
    teacher_guide: str
    accessibility: str
    sensitivity: str
    care: str
    licence: str
    licence_text: str
    publisher: str
    authors: str
    whats_new: str

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Content:
        """Return what a version kept; what an older version did not know yet is empty."""
        return cls(**{field.name: data.get(field.name, _EMPTY.get(field.type, "")) for field in fields(cls)})

    def as_data(self) -> dict[str, Any]:
        """Return the content as it is kept."""
        return asdict(self)

    @cached_property
    def plan(self) -> Plan:
        """Return the minutes of the steps beside those of the lessons."""
        return plan([step["minutes"] for step in self.steps], self.lessons)

    @property
    def numbered_steps(self) -> list[dict[str, Any]]:
        """Return the steps with their number and the minutes from which and to which each one goes."""
        numbered, begin = [], 0
        for number, step in enumerate(self.steps, start=1):
            end = begin + step["minutes"]
            numbered.append({**step, "number": number, "begin": begin, "end": end})
            begin = end
        return numbered

    @property
    def duration(self) -> str:
        """Return "2 lessons of 45 minutes"."""
        text = ngettext("%(count)s lesson of 45 minutes", "%(count)s lessons of 45 minutes", self.lessons)
        return text % {"count": self.lessons}

    @property
    def sum_text(self) -> str:
        """Return the sum of the minutes, beside the time that is stated where the two differ."""
        facts = {"minutes": self.plan.minutes, "lessons": self.duration, "stated": self.plan.stated}
        if self.plan.minutes == self.plan.stated:
            return _("%(minutes)s minutes in all, that is %(lessons)s.") % facts
        return _("%(minutes)s minutes in all. %(lessons)s are %(stated)s minutes.") % facts

    @property
    def for_whom(self) -> str:
        """Return "Grades 4–6 · Middle", or the audience of a material that is not for classes."""
        return grade_text(self.grade_from, self.grade_to) or self.audience_name

    @property
    def audience_name(self) -> str:
        """Return the audience in the reader's language."""
        return _label(Audience, self.audience)

    @property
    def format_name(self) -> str:
        """Return the format in the reader's language."""
        return _label(Format, self.format)

    @property
    def language_name(self) -> str:
        """Return the material's language in the reader's language."""
        return _label(Language, self.language)

    @property
    def licence_name(self) -> str:
        """Return the licence, or the own terms."""
        return self.licence_text if self.licence == Licence.OWN else _label(Licence, self.licence)

    @property
    def licence_address(self) -> str:
        """Return where the licence can be read, or nothing."""
        return LICENCE_ADDRESSES.get(self.licence, "")  # type: ignore[call-overload, no-any-return]

    @property
    def facts(self) -> list[dict[str, Any]]:
        """Return the facts beside the text; what is not filled in is left out."""
        preparation = ""
        if self.preparation_minutes:
            preparation = _("%(count)s minutes") % {"count": self.preparation_minutes}
        facts = [
            (_("For whom"), self.audience_name),
            (_("Grade"), grade_text(self.grade_from, self.grade_to)),
            (_("Subjects"), ", ".join(self.subjects)),
            (_("Themes"), ", ".join(self.themes)),
            (_("Format"), self.format_name),
            (_("Duration"), self.duration),
            (_("Preparation"), preparation),
            (_("Language"), self.language_name),
            (_("Tried out"), _label(Evaluation, self.evaluation)),
        ]
        return [{"label": label, "value": value} for label, value in facts if value]


_EMPTY: dict[Any, Any] = {"int": 0, "int | None": None, "list[str]": [], "list[dict[str, str]]": []}
_EMPTY["list[dict[str, Any]]"] = []


def _label(choices: Any, value: str) -> str:
    return str(dict(choices.choices).get(value, ""))


def grade_text(low: int | None, high: int | None) -> str:
    """Return "Grades 4–6 · Middle", or nothing when there are no grades."""
    if low is None or high is None:
        return ""
    numbers = (
        _("Grade %(low)s") % {"low": low} if low == high else _("Grades %(low)s–%(high)s") % {"low": low, "high": high}
    )
    return f"{numbers} · {' / '.join(band.label for band in grades.bands(low, high))}"


def snapshot(page: Any) -> Content:
    """Return what the page says now, in the page's own language. A draft's terms may be lists and not queries."""
    with override(page.locale.language_code):
        return Content(
            title=page.title,
            intro=page.intro,
            page_language=page.locale.language_code,
            audience=page.audience,
            grade_from=page.grade_from,
            grade_to=page.grade_to,
            subjects=sorted(str(term) for term in page.subjects.all()),
            themes=sorted(str(term) for term in page.themes.all()),
            lessons=page.lessons or 1,
            format=page.format,
            language=page.language,
            evaluation=page.evaluation or "",
            goals=[
                {name: block.value.get(name) or "" for name in ("text", "framework", "area")} for block in page.goals
            ],
            preparation=page.preparation,
            preparation_minutes=page.preparation_minutes,
            needs=[line.strip() for line in page.needs.splitlines() if line.strip()],
            steps=[
                {
                    "title": block.value["title"],
                    "minutes": block.value["minutes"] or 0,
                    "text": block.value["text"].source if block.value["text"] else "",
                }
                for block in page.steps
            ],
            minutes_reason=page.minutes_reason,
            differentiation=page.differentiation,
            teacher_guide=page.teacher_guide,
            accessibility=page.accessibility,
            sensitivity=page.sensitivity,
            care=page.care,
            licence=page.licence,
            licence_text=page.licence_text,
            publisher=page.publisher,
            authors=page.authors,
            whats_new=page.whats_new,
        )


def digest(content: Content, files: Iterable[tuple[str, ...]]) -> str:
    """Return the SHA-256 of a version: its content and (name, title, role, language, SHA-256) of each file.

    The note about what is new is no content: changing nothing else makes no version.
    """
    data = {**content.as_data(), "whats_new": ""}
    canonical = json.dumps([data, [list(facts) for facts in files]], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class FileLine:
    """A file as a reader sees it; without an address it cannot be fetched yet."""

    title: str
    language: str
    role: str
    extension: str
    size: int
    url: str = ""

    @property
    def lang(self) -> str:
        """Return the language to mark the title with, or nothing when it is that of the page."""
        return "" if self.language == get_language() else self.language

    @property
    def facts(self) -> str:
        """Return "Pupil sheet, DOCX, 3 kB, in Danish"."""
        language = {"da": _("in Danish"), "en": _("in English")}.get(self.language, self.language)
        kind = "" if self.role == Role.PLAN else _label(Role, self.role)
        return ", ".join(filter(None, (kind, self.extension.upper(), size_text(self.size), language)))


def size_text(size: int) -> str:
    """Return "24 kB", or "2,4 MB" for what is larger."""
    if size < MEGABYTE:
        return f"{max(1, round(size / 1000))} kB"
    return f"{format_number(round(size / MEGABYTE, 1))} MB"


def draft_context(page: Any) -> dict[str, Any]:
    """Return what a preview shows: the draft's own content, and its files without an address."""
    attachments = page.attachments.all()
    return {
        "content": snapshot(page),
        "version": None,
        "files": [
            FileLine(each.title, each.language, each.role, each.stored.extension, each.stored.size)
            for each in attachments
        ],
    }
