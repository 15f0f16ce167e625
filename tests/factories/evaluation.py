"""Sessions that are over, questions, and answers given by the real verb."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from bookings.models import AttendanceRecord, Booking, Session
from tests.factories.bookings import make_session, make_staff
from tests.factories.courses import make_workshop
from vaern.evaluation.domain import answer, write_question
from vaern.evaluation.models import Question
from vaern.evaluation.queries import Invitation, questions_for
from vaern.evaluation.rules import Role

DAY = dt.timedelta(days=1)


def make_question(kind: str = "scale", *, variant: str = "staff", text: str = "", **fields: Any) -> Question:
    """A question that is asked now."""
    facts = {
        "kind": kind,
        "required": True,
        "text_da": text or f"Spørgsmål om {kind}",
        "text_en": f"Question of {kind}",
        "choices_da": ["For kort", "Passende", "For lang"] if kind == "choice" else [],
        "choices_en": ["Too short", "About right", "Too long"] if kind == "choice" else [],
    }
    order = fields.pop("order", 10)
    return write_question(facts=facts | fields, variant=variant, order=order, actor_id=None)


def make_past_staff(number: int, *, ago: dt.timedelta = DAY, **fields: Any) -> tuple[Session, list[Booking]]:
    """A session for staff that ended `ago`, with so many bookings of one person each."""
    workshop = fields.pop("workshop", None) or make_workshop(audience="staff", grade_from=None, grade_to=None)
    session = make_session(workshop=workshop, capacity=None, **fields)
    bookings = [make_staff(session, f"{session.pk}-{one}") for one in range(number)]
    ends_at = timezone.now() - ago
    Session.objects.filter(pk=session.pk).update(starts_at=ends_at - dt.timedelta(hours=2), ends_at=ends_at)
    session.refresh_from_db()
    rows = Booking.objects.filter(pk__in=[one.pk for one in bookings]).select_related("session__workshop")
    return session, list(rows.order_by("pk"))


def give(bookings: list[Booking], number: int = 4, text: str = "") -> None:
    """Each contact answers every question with the same number, and texts with `text` and a number of its own."""
    for place, booking in enumerate(bookings):
        said: dict[Question, int | str] = {}
        for question in questions_for(booking.audience):
            if question.kind != Question.Kind.TEXT:
                said[question] = min(number, len(question.options) - 1) if question.kind != "scale" else number
            elif text:
                said[question] = f"{text} {place}"
        answer(invitation=Invitation(booking, Role.CONTACT), said=said)


def report_person(booking: Booking, *, present: bool = True) -> None:
    """Report all persons of a booking."""
    for person in booking.people.all():
        AttendanceRecord.objects.create(
            person=person,
            took_place=True,
            persons_present=int(present),
            client_key=uuid.uuid4(),
            recorded_at=timezone.now(),
            supersedes=AttendanceRecord.objects.current().filter(person=person).first(),
        )
