"""Verbs: keep what somebody answered, let answers out in fives, write questions, forget.

Answers leave no audit event: its time would lead from the answer to the person (docs/decisions/0033).
"""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bookings.models import Booking, Session
from bookings.rules import State
from vaern.audit.domain import record
from vaern.design.formats import local
from vaern.evaluation.links import marks
from vaern.evaluation.models import Answer, EvaluationSettings, Question, Release, SpentLink
from vaern.evaluation.queries import Invitation, is_spent, roles_of
from vaern.evaluation.rules import FLOOR, Window, enough

_shuffle = random.SystemRandom().shuffle
Said = Mapping[Question, int | str]


class AlreadyAnswered(Exception):
    """The link has been used."""


class Closed(Exception):
    """The session is not evaluated now."""


@transaction.atomic
def answer(*, invitation: Invitation, said: Said) -> None:
    """Keep what was answered, and that the link is used, with nothing between the two.

    `said` gives a number for a scale, a choice or yes and no, and a text for a text; what is not answered is not there.
    Raises AlreadyAnswered, Closed. Two at the same moment are one answer.
    """
    settings = _lock()
    session = invitation.booking.session
    if not settings.window.is_open(session.ends_at, now=timezone.now()):
        raise Closed
    if is_spent(invitation.booking, invitation.role):
        raise AlreadyAnswered
    SpentLink.objects.create(session=session, mark=marks(invitation.booking, invitation.role)[0])
    _mix(session, said)
    for question in said:
        _let_out(question, _waiting(question).filter(session=session), session)
    _pool([session], settings.window)


def _lock() -> EvaluationSettings:
    """Take the one lock that answers are written under; the row is made where it is missing."""
    EvaluationSettings.objects.get_or_create(pk=1)
    return EvaluationSettings.objects.select_for_update().get(pk=1)


def _mix(session: Session, said: Said) -> None:
    """Write the new answers among those that wait, all anew and in a random order.

    So neither the order of rows, nor their keys, nor the transaction they were written in tells which came last.
    """
    waiting = Answer.objects.filter(session=session, release=None)
    rows = [
        Answer(question_id=row["question_id"], session=session, number=row["number"], text=row["text"])
        for row in waiting.values("question_id", "number", "text")
    ]
    waiting.delete()
    for question, value in said.items():
        facts: dict[str, Any] = {"number": value} if isinstance(value, int) else {"text": value}
        rows.append(Answer(question=question, session=session, **facts))
    _shuffle(rows)
    Answer.objects.bulk_create(rows)


def _waiting(question: Question) -> QuerySet[Answer]:
    return Answer.objects.filter(question=question, release=None)


def _let_out(question: Question, rows: QuerySet[Answer], session: Session, *, as_session: bool = True) -> int:
    """Let rows out together when there are enough of them; return how many."""
    keys = list(rows.values_list("pk", flat=True))
    if not enough(len(keys)):
        return 0
    release = Release.objects.create(
        question=question,
        session=session if as_session else None,
        workshop=session.workshop.translation_key,
        year=local(session.starts_at).year,
    )
    return Answer.objects.filter(pk__in=keys).update(release=release, session=release.session)


def _pool(sessions: Iterable[Session], window: Window) -> int:
    """Let out what the sessions' workshops have of answers that can never be five of one session; return how many."""
    told = 0
    for key, year in {(one.workshop.translation_key, local(one.starts_at).year) for one in sessions}:
        waiting = Answer.objects.filter(release=None, session__workshop__translation_key=key)
        by_question: dict[int, list[Answer]] = defaultdict(list)
        one_of: dict[int, Session] = {}
        final: dict[int, bool] = {}
        for row in waiting.select_related("session__workshop"):
            one = row.session
            if one is None or local(one.starts_at).year != year:
                continue
            if one.pk not in final:
                final[one.pk] = _has_all(one, window)
            if final[one.pk]:
                by_question[row.question_id].append(row)
                one_of[row.question_id] = one
        for question in Question.objects.filter(pk__in=by_question):
            keys = Answer.objects.filter(pk__in=[row.pk for row in by_question[question.pk]])
            told += _let_out(question, keys, one_of[question.pk], as_session=False)
    return told


def _has_all(session: Session, window: Window) -> bool:
    """Say whether a session will not get five answers more: it is closed, or fewer than five are asked at all."""
    if not window.is_open(session.ends_at, now=timezone.now()):
        return True
    bookings = Booking.objects.filter(session=session, state=State.CONFIRMED)
    return sum(len(roles_of(booking)) for booking in bookings) < FLOOR


@transaction.atomic
def close_evaluations() -> int:
    """Pool the answers of sessions that have closed, and throw away which of their links were used; return how many.

    Run daily; running it again changes nothing.
    """
    settings = _lock()
    now = timezone.now()
    waiting = Session.objects.filter(pk__in=Answer.objects.filter(release=None).values("session"))
    told = _pool(waiting.select_related("workshop"), settings.window)
    used = Session.objects.filter(pk__in=SpentLink.objects.values("session"))
    over = [one.pk for one in used if not settings.window.is_open(one.ends_at, now=now)]
    SpentLink.objects.filter(session__in=over).delete()
    return told


# -- questions --------------------------------------------------------------------------------------------

ASKS = ("kind", "required", "text_da", "text_en", "choices_da", "choices_en")


@transaction.atomic
def write_question(
    *, facts: Mapping[str, Any], variant: str, order: int, actor_id: int | None, key: uuid.UUID | None = None
) -> Question:
    """Write a new question, or a new version of the one with this key; return the version that is asked now.

    A version that would ask the same is not written; another place in the order is. `facts` has what ASKS names.
    Raises Question.DoesNotExist for a key that is not asked now.
    """
    if key is None:
        question = Question.objects.create(variant=variant, order=order, **facts)
        _record("question.added", question, actor_id)
        return question
    before = Question.objects.select_for_update().get(key=key, current=True)
    if all(getattr(before, name) == facts[name] for name in ASKS):
        if before.order != order:
            Question.objects.filter(pk=before.pk).update(order=order)
            before.order = order
            _record("question.moved", before, actor_id, order=order)
        return before
    Question.objects.filter(pk=before.pk).update(current=False)
    question = Question.objects.create(key=key, number=before.number + 1, variant=before.variant, order=order, **facts)
    _record("question.changed", question, actor_id)
    return question


@transaction.atomic
def retire_question(*, key: uuid.UUID, actor_id: int | None) -> None:
    """Ask it no more; what was answered stays. A question that is not asked stays as it is."""
    question = Question.objects.select_for_update().filter(key=key, current=True).first()
    if question is not None:
        Question.objects.filter(pk=question.pk).update(current=False)
        _record("question.retired", question, actor_id)


def _record(action: str, question: Question, actor_id: int | None, **facts: Any) -> None:
    record(
        action=f"evaluation.{action}",
        subject_type="evaluation_question",
        subject_key=str(question.key),
        actor_id=actor_id,
        version=question.number,
        **facts,
    )


def record_export(*, scope: str, subject_key: str, actor_id: int | None) -> None:
    """Record that somebody took the figures away as a file."""
    record(action="evaluation.exported", subject_type=f"evaluation_{scope}", subject_key=subject_key, actor_id=actor_id)
