"""What came after: talks for staff with many answers and with few, answers of teachers, and certificates."""

from __future__ import annotations

import datetime as dt
import random
import uuid

from django.utils import timezone

from bookings.models import AttendanceRecord, Booking, Session
from bookings.presence import Presence, presence_of
from bookings.rules import State
from courses.models import WorkshopPage
from vaern.certificates.domain.ending import replace, revoke
from vaern.certificates.domain.issuing import issue
from vaern.certificates.models import Certificate
from vaern.demo.content import venues
from vaern.demo.days import at
from vaern.demo.people import coordinator, facilitators
from vaern.demo.roster import Draft, write_sessions
from vaern.demo.today import booked_person, present
from vaern.demo.workshops import workshops
from vaern.evaluation.domain import answer
from vaern.evaluation.models import Question
from vaern.evaluation.queries import Invitation, is_spent, questions_for
from vaern.evaluation.rules import Role
from vaern.people.models import Administration

SEED = 33
MANY = ("Nina Falk", "Omid Rahimi", "Pia Storm", "Rune Dahl", "Sofie Krag", "Tarek Nasser", "Ulla Bech", "Viggo Lund",
        "Yasmin Toft", "Zenia Palm")  # fmt: skip
FEW = ("Asger Hald", "Birthe Nord", "Cem Demir", "Ditte Vang")
ANSWERED_OF_MANY, ANSWERED_OF_FEW = 8, 3
CERTIFIED = 4
RECENT, TEACHERS = dt.timedelta(days=25), 14
COMMENTS = (
    "Mere tid til at tale sammen i grupper.",
    "Eksemplerne var gode og lette at kende fra hverdagen.",
    "Tempoet var lidt højt til sidst.",
    "God ro, og plads til spørgsmål.",
    "Jeg savnede et ark, jeg kunne tage med.",
    "Det var lige det, vi havde brug for.",
    "Gerne en opfølgning om et halvt år.",
)


def load_evaluations() -> None:
    """Write two talks that are over, answer after them and after recent visits, and issue some certificates."""
    rng = random.Random(SEED)  # noqa: S311 - invented, not secret
    many, few = _talk(9, MANY, rng), _talk(3, FEW, rng)
    for people, number in ((many, ANSWERED_OF_MANY), (few, ANSWERED_OF_FEW)):
        for booking in people[:number]:
            _answer(booking, rng)
    for booking in _teachers():
        _answer(booking, rng)
    for booking in many[:CERTIFIED]:
        for person in booking.people.all():
            issue(booking_id=booking.pk, holder=f"person:{person.pk}")


def _talk(days_ago: int, names: tuple[str, ...], rng: random.Random) -> list[Booking]:
    """Return the bookings of a talk that is over; all but the last person came."""
    talk = next((page for page in workshops() if page.audience == WorkshopPage.Audience.STAFF), None)
    administrations = list(Administration.objects.on(timezone.localdate()).order_by("pk"))
    if talk is None or not administrations:
        return []
    starts_at = at(timezone.localdate() - dt.timedelta(days=days_ago), 10, 0)
    session = Session(
        workshop=talk,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=2),
        place=venues()[0],
        capacity=30,
        seats_taken=len(names),
        status=Session.Status.HELD,
    )
    write_sessions([Draft(session, facilitators()[1:2])])
    people = [
        booked_person(session, name, administrations[number % len(administrations)], rng)
        for number, name in enumerate(names)
    ]
    for person in people[:-1]:
        present(person=person, at=session.ends_at)
    AttendanceRecord.objects.create(
        person=people[-1], took_place=True, persons_present=0, client_key=uuid.uuid4(), recorded_at=session.ends_at
    )
    rows = Booking.objects.filter(session=session).select_related("session__workshop")
    return list(rows.order_by("pk"))


def _teachers() -> list[Booking]:
    """Return recent bookings of classes that came."""
    now = timezone.now()
    rows = Booking.objects.filter(
        state=State.CONFIRMED, audience="class", session__ends_at__lte=now, session__ends_at__gt=now - RECENT
    ).select_related("session__workshop")
    came = [row for row in rows.order_by("session__workshop", "pk") if presence_of(row) is Presence.PRESENT]
    return came[:TEACHERS]


def _answer(booking: Booking, rng: random.Random) -> None:
    """Answer as somebody content and a little critical would."""
    if is_spent(booking, Role.CONTACT):
        return
    said: dict[Question, int | str] = {}
    for question in questions_for(booking.audience):
        if question.kind == Question.Kind.TEXT:
            said[question] = rng.choice(COMMENTS)
        elif question.kind == Question.Kind.SCALE:
            said[question] = rng.choice((3, 4, 4, 5, 5))
        else:
            said[question] = 1
    if said:
        answer(invitation=Invitation(booking, Role.CONTACT), said=said)


def end_certificates() -> None:
    """Take the first certificate back and replace the second, once their PDFs are made: before, nobody has the code."""
    actor = coordinator()
    made = list(Certificate.objects.exclude(sha256="").filter(ended_at=None).order_by("pk")[:2])
    if len(made) < 2 or actor is None:
        return
    reason = Certificate.Reason
    revoke(certificate_id=made[0].pk, reason=reason.NOT_THERE, note="Meldt forkert på dagen", actor_id=actor.pk)
    new_name = f"{made[1].name}-Vester"
    replace(certificate_id=made[1].pk, name=new_name, reason=reason.WRONG_NAME, note="", actor_id=actor.pk)
