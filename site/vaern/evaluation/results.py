"""Figures of what has been let out: never of fewer than five answers, and never two whose difference is fewer.

Three scopes lie inside one another: a year, a workshop's year, a session. There is no figure across them (a workshop
over all years, a facilitator's sessions together), because two that overlap can be subtracted.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from bookings.models import Session
from courses.models import WorkshopPage
from vaern.evaluation.models import Answer, Question, Release
from vaern.evaluation.rules import enough, share

COMMENTS_SHOWN = 100


@dataclass(frozen=True)
class Bar:
    """One possible answer and how many gave it."""

    label: str
    number: int
    percent: int


@dataclass(frozen=True)
class Result:
    """What a version of a question was answered. `number` is 0 when nothing has been let out."""

    question: Question
    number: int
    bars: list[Bar] = field(default_factory=list)
    mean: float | None = None
    comments: list[str] = field(default_factory=list)

    @property
    def more_comments(self) -> int:
        """Return how many comments are in the file only."""
        return max(0, self.number - len(self.comments)) if self.is_text else 0

    @property
    def is_text(self) -> bool:
        """Say whether it is answered in words."""
        return self.question.kind == Question.Kind.TEXT


def of_session(session: Session, variant: str, *, comments: int | None = COMMENTS_SHOWN) -> list[Result]:
    """Return the results of one session. Three queries."""
    return _results(Q(session=session), variant, comments)


def of_workshop(workshop: uuid.UUID, year: int, variant: str, *, comments: int | None = COMMENTS_SHOWN) -> list[Result]:
    """Return the results of a workshop's sessions in a year. Three queries."""
    return _results(Q(workshop=workshop, year=year), variant, comments)


def of_year(year: int, variant: str) -> list[Result]:
    """Return the results of all sessions of a year, but for what is answered in words. Three queries."""
    return [one for one in _results(Q(year=year), variant, 0) if not one.is_text]


def _results(scope: Q, variant: str, comments: int | None) -> list[Result]:
    """Return a result for each question that is asked now, and for older wordings that were answered.

    `comments` is how many to read of each question; None for all.
    """
    released = Answer.objects.filter(release__in=Release.objects.filter(scope), question__variant=variant)
    counts: dict[int, Counter[int | None]] = defaultdict(Counter)
    for row in released.values("question", "number").annotate(many=Count("pk")).order_by():
        counts[row["question"]][row["number"]] = row["many"]
    texts: dict[int, list[str]] = defaultdict(list)
    if comments != 0:
        for question, text in released.exclude(text="").order_by("pk").values_list("question", "text"):
            texts[question].append(text)
    asked = Question.objects.filter(Q(current=True) | Q(pk__in=list(counts)), variant=variant)
    questions = sorted(asked, key=lambda one: (not one.current, one.order, one.pk))
    return [_result(one, counts[one.pk], texts[one.pk][:comments]) for one in questions]


def _result(question: Question, counts: Counter[int | None], comments: list[str]) -> Result:
    number = counts.total()
    if not enough(number):  # a release is never smaller; said again where figures are made
        return Result(question, 0)
    bars = [Bar(label, counts[value], share(counts[value], number)) for value, label in question.options]
    mean = None
    if question.kind == Question.Kind.SCALE:
        mean = round(sum((value or 0) * many for value, many in counts.items()) / number, 1)
    return Result(question, number, bars, mean, comments)


@dataclass(frozen=True)
class Line:
    """A workshop or a session of a list, and how many answers its most answered question has; 0: fewer than five."""

    subject: Any
    number: int


def workshops_of(year: int) -> list[Line]:
    """Return the workshops of a year that have results, by title. Two queries."""
    numbers = _most(Release.objects.filter(year=year), "workshop")
    pages = WorkshopPage.objects.filter(translation_key__in=list(numbers), alias_of__isnull=True).select_related(
        "locale"
    )
    by_key: dict[uuid.UUID, Any] = {}
    for page in sorted(pages, key=lambda one: one.locale.language_code != "da", reverse=True):
        by_key[page.translation_key] = page
    lines = [Line(page, numbers[key]) for key, page in by_key.items()]
    return sorted(lines, key=lambda line: str(line.subject.title).casefold())


def numbers_of(sessions: list[Session]) -> dict[int, int]:
    """Return {session's id: answers to its most answered question}, for those with results. One query."""
    return _most(Release.objects.filter(session__in=sessions), "session")


def _most(releases: QuerySet[Release], by: str) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for row in releases.values(by, "question").annotate(many=Count("answers")).order_by():
        found[row[by]] = max(found.get(row[by], 0), row["many"])
    return found


def years_with_results() -> list[int]:
    """Return the years that have results, the newest first. One query."""
    return sorted(set(Release.objects.values_list("year", flat=True)), reverse=True)
