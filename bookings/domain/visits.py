"""Ask for a visit, and answer: accept a time, propose another, or decline (domain.md §3).

Accepting makes a session of its own and its confirmed booking in one transaction. A request's row is locked first, then
the facilitators', in ascending order: nobody is sent to two places at once.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from bookings.domain.engine import Order, Prepared, new_reference, prepare, write
from bookings.domain.errors import Refused, SentBefore
from bookings.domain.locking import locked_rows, retried
from bookings.domain.parties import BookingSchool, Classes, ClassGroup, Contact
from bookings.links import hash_of, token_of
from bookings.messages import tell_visit_declined, tell_visit_proposed, tell_visit_received, tell_visit_withdrawn
from bookings.models import Booking, Session, VisitGroup, VisitRequest, VisitWish
from bookings.rules import Group, GroupLimits, Refusal, State, label_key, sizes
from courses.models import WorkshopPage
from vaern.audit.domain import record
from vaern.people.models import User


@retried
def request_visit(
    *,
    workshop_id: int,
    school: BookingSchool,
    groups: Sequence[ClassGroup],
    contact: Contact,
    wishes: Sequence[dt.datetime],
    language: str,
    idempotency_key: uuid.UUID,
    actor_id: int | None = None,
) -> VisitRequest:
    """Ask for a visit at one of up to three wished times; each lasts as long as the workshop.

    The same key answers with the same request and writes nothing (I4); SentBefore when it asked for something else.
    Raises Refused when the workshop takes no requests, a wish has passed or a class is too large or too small;
    ValueError for no wish, more than three or one twice.
    """
    if not 1 <= len(wishes) <= VisitWish.MOST or len(set(wishes)) != len(wishes):
        raise ValueError("a visit is asked for at one to three different times")
    with transaction.atomic(durable=True):
        again = VisitRequest.objects.filter(idempotency_key=idempotency_key).first()
        if again:
            return _the_same(again, groups, contact, wishes)
        now = timezone.now()
        workshop = WorkshopPage.objects.get(pk=workshop_id)
        _refuse_request(workshop, groups, wishes, now=now)
        request_uuid = uuid.uuid4()
        request = VisitRequest.objects.create(
            uuid=request_uuid,
            reference=new_reference(),
            workshop=workshop,
            contact_name=contact.name,
            contact_email=contact.email.lower(),
            contact_phone=contact.phone,
            responsible_name=contact.responsible_name,
            responsible_email=contact.responsible_email.lower(),
            language=language,
            school=school.organisation,
            school_name=school.name,
            idempotency_key=idempotency_key,
            token_hash=hash_of(token_of(request_uuid)),
            created_at=now,
        )
        VisitGroup.objects.bulk_create(
            VisitGroup(
                request=request,
                label=each.label,
                label_key=label_key(each.label),
                grade=each.grade,
                pupils=each.pupils,
                adults=each.adults,
                needs=each.needs,
            )
            for each in groups
        )
        lasts = dt.timedelta(minutes=workshop.duration_minutes)
        VisitWish.objects.bulk_create(
            VisitWish(request=request, number=number, starts_at=starts_at, ends_at=starts_at + lasts)
            for number, starts_at in enumerate(wishes, 1)
        )
        _note("visit.requested", request, actor_id, wishes=len(wishes))
        tell_visit_received(request)
        return request


@retried
def accept_visit(
    *,
    request_id: int,
    starts_at: dt.datetime,
    facilitators: Collection[User],
    place: str = "",
    actor_id: int | None,
) -> Booking:
    """Accept a request at one of its wished times: a session for it alone, and its confirmed booking.

    Accepting what is accepted at that time already answers with its booking. Raises Refused when it is answered, the
    time is none of the wishes or has passed, or a facilitator (`label`) has another session then; or Busy.
    """
    with _locked(request_id) as request:
        if request.booking is not None and request.booking.session.starts_at == starts_at:
            return request.booking
        _refuse_unless_open(request)
        wish = request.wishes.filter(starts_at=starts_at).first()
        if wish is None:
            raise Refused(Refusal.NOT_PROPOSED)
        return _come(request, wish.starts_at, wish.ends_at, facilitators, place=place, actor_id=actor_id)


@retried
def propose_other_time(
    *,
    request_id: int,
    starts_at: dt.datetime,
    facilitators: Collection[User],
    text: str = "",
    place: str = "",
    actor_id: int | None,
) -> VisitRequest:
    """Propose another time, which the school accepts or cannot use. A newer proposal takes the place of an older.

    The facilitators are not kept free for it; whether they are is checked again when the school accepts. Raises Refused
    as `accept_visit`, or Busy.
    """
    with _locked(request_id) as request:
        _refuse_unless_open(request)
        ends_at = starts_at + dt.timedelta(minutes=request.workshop.duration_minutes)
        _refuse_time(starts_at, ends_at, facilitators)
        if (
            request.state == VisitRequest.State.PROPOSED
            and request.proposed_starts_at == starts_at
            and set(request.proposed_facilitators.all()) == set(facilitators)
        ):
            return request
        request.state = VisitRequest.State.PROPOSED
        request.proposed_starts_at, request.proposed_ends_at = starts_at, ends_at
        request.answer_text, request.place = text, place
        _save(request, "state", "proposed_starts_at", "proposed_ends_at", "answer_text", "place")
        request.proposed_facilitators.set(facilitators)
        _note("visit.proposed", request, actor_id)
        tell_visit_proposed(request)
        return request


@retried
def answer_proposal(*, request_id: int, accept: bool, actor_id: int | None = None) -> Booking | None:
    """Let the school answer a proposal: yes makes session and booking, no gives the request back to the coordinator.

    The same answer twice writes nothing the second time. Raises Refused when nothing is proposed, the time has passed
    or the facilitators are no longer free (then the coordinator must propose again), or Busy.
    """
    with _locked(request_id) as request:
        if accept and request.booking is not None:
            return request.booking
        if not accept and request.state == VisitRequest.State.OPEN and request.proposals_refused:
            return None
        starts_at, ends_at = request.proposed_starts_at, request.proposed_ends_at
        if request.state != VisitRequest.State.PROPOSED or starts_at is None or ends_at is None:
            raise Refused(Refusal.NOT_PROPOSED if request.is_open else Refusal.VISIT_CLOSED)
        if accept:
            people = list(request.proposed_facilitators.all())
            return _come(request, starts_at, ends_at, people, place=request.place, actor_id=actor_id)
        request.state = VisitRequest.State.OPEN
        request.proposed_starts_at = request.proposed_ends_at = None
        request.proposals_refused += 1
        request.answer_text = ""
        _save(request, "state", "proposed_starts_at", "proposed_ends_at", "proposals_refused", "answer_text")
        _note("visit.proposal_refused", request, actor_id)
        return None


@retried
def decline_visit(*, request_id: int, reason: str, actor_id: int | None) -> VisitRequest:
    """Decline a request with a reason, which the school is told. Declining twice writes nothing the second time.

    Raises Refused when it has ended otherwise, ValueError without a reason, or Busy.
    """
    if not reason.strip():
        raise ValueError("a visit is declined with a reason")
    with _locked(request_id) as request:
        if request.state != VisitRequest.State.DECLINED:
            _end(request, VisitRequest.State.DECLINED, reason=reason, actor_id=actor_id)
            tell_visit_declined(request)
        return request


@retried
def withdraw_visit(*, request_id: int, actor_id: int | None = None) -> VisitRequest:
    """Let the school take its request back. Twice writes nothing the second time. Raises Refused or Busy."""
    with _locked(request_id) as request:
        if request.state != VisitRequest.State.WITHDRAWN:
            _end(request, VisitRequest.State.WITHDRAWN, reason="", actor_id=actor_id)
            tell_visit_withdrawn(request)
        return request


def busy_facilitators(
    facilitators: Collection[User], *, starts_at: dt.datetime, ends_at: dt.datetime, but: Session | None = None
) -> list[User]:
    """Return those of the facilitators who have another session, not cancelled, that overlaps the time."""
    taken = Session.objects.exclude(status=Session.Status.CANCELLED).filter(
        starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    if but is not None:
        taken = taken.exclude(pk=but.pk)
    keys = set(taken.filter(facilitators__in=list(facilitators)).values_list("facilitators", flat=True))
    return [user for user in facilitators if user.pk in keys]


@contextmanager
def _locked(request_id: int) -> Iterator[VisitRequest]:
    """Yield the request, locked until the block ends. Raises VisitRequest.DoesNotExist."""
    with transaction.atomic(durable=True):
        rows = locked_rows(VisitRequest.objects.select_related("workshop", "school__school", "booking__session"))
        yield rows.get(pk=request_id)


def _come(
    request: VisitRequest,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    facilitators: Collection[User],
    *,
    place: str,
    actor_id: int | None,
) -> Booking:
    """Make the session and its booking; the request has become one."""
    now = timezone.now()
    _refuse_time(starts_at, ends_at, facilitators)
    groups = [ClassGroup(each.label, each.grade, each.pupils, each.adults, each.needs) for each in request.groups.all()]
    session = Session.objects.create(
        workshop=request.workshop,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        language=request.language if request.language in request.workshop.languages else "da",
        capacity=len(groups),
        capacity_unit=Session.Unit.GROUPS,
        visibility=Session.Visibility.LINK,
    )
    session.facilitators.set(facilitators)
    organisation = request.school
    school = BookingSchool(organisation, "" if organisation else request.school_name)
    contact = Contact(
        request.contact_name,
        request.contact_email,
        request.contact_phone,
        request.responsible_name,
        request.responsible_email,
    )
    order = Order(Classes(school, groups), contact, request.language, uuid.uuid5(request.uuid, "booking"), actor_id)
    made = prepare()
    booking = write(
        session,
        order,
        Prepared(made.booking_uuid, made.token_hash, request.reference),  # the school knows it by this already
        state=State.CONFIRMED,
        now=now,
    )
    request.state, request.booking, request.answered_at = VisitRequest.State.ACCEPTED, booking, now
    request.proposed_starts_at = request.proposed_ends_at = None
    _save(request, "state", "booking", "answered_at", "proposed_starts_at", "proposed_ends_at")
    _note("visit.accepted", request, actor_id, session=str(session.uuid))
    return booking


def _refuse_request(
    workshop: WorkshopPage, groups: Sequence[ClassGroup], wishes: Sequence[dt.datetime], *, now: dt.datetime
) -> None:
    takes_requests = workshop.way_of_booking in {WorkshopPage.Way.REQUEST, WorkshopPage.Way.BOTH}
    if not (workshop.live and takes_requests and workshop.audience == WorkshopPage.Audience.CLASS):
        raise Refused(Refusal.NOT_BOOKED_HERE)
    if min(wishes) <= now:
        raise Refused(Refusal.TIME_PASSED)
    limits = GroupLimits(workshop.group_min, workshop.group_max)
    why = sizes(tuple(Group(each.pupils) for each in groups), limits)
    if why:
        raise Refused(why)
    keys = [label_key(each.label) for each in groups]
    double = next((each.label for each, key in zip(groups, keys, strict=True) if keys.count(key) > 1), "")
    if double:
        raise Refused(Refusal.ALREADY_BOOKED, label=double)


def _refuse_time(starts_at: dt.datetime, ends_at: dt.datetime, facilitators: Collection[User]) -> None:
    """Refuse a time that has passed, and facilitators who are somewhere else; they are locked for it."""
    if starts_at <= timezone.now():
        raise Refused(Refusal.TIME_PASSED)
    # Two coordinators at the same moment: the second waits here, and then sees the first one's session.
    list(locked_rows(User.objects.filter(pk__in=[user.pk for user in facilitators]).order_by("pk")).values_list("pk"))
    busy = busy_facilitators(facilitators, starts_at=starts_at, ends_at=ends_at)
    if busy:
        raise Refused(Refusal.FACILITATOR_BUSY, label=str(busy[0]))


def _refuse_unless_open(request: VisitRequest) -> None:
    if not request.is_open:
        raise Refused(Refusal.VISIT_CLOSED)


def _end(request: VisitRequest, state: VisitRequest.State, *, reason: str, actor_id: int | None) -> None:
    _refuse_unless_open(request)
    request.state, request.answer_text, request.answered_at = state, reason, timezone.now()
    request.proposed_starts_at = request.proposed_ends_at = None
    _save(request, "state", "answer_text", "answered_at", "proposed_starts_at", "proposed_ends_at")
    _note(f"visit.{state.value}", request, actor_id)


def _the_same(
    request: VisitRequest, groups: Sequence[ClassGroup], contact: Contact, wishes: Sequence[dt.datetime]
) -> VisitRequest:
    asked = sorted(request.groups.values_list("label_key", "grade", "pupils", "adults"))
    classes = sorted((label_key(each.label), each.grade, each.pupils, each.adults) for each in groups)
    times = list(request.wishes.values_list("starts_at", flat=True))
    if asked != classes or times != list(wishes) or request.contact_email != contact.email.lower():
        raise SentBefore(request)
    return request


def _save(request: VisitRequest, *fields: str) -> None:
    request.version += 1
    request.save(update_fields=[*fields, "version"])


def _note(action: str, request: VisitRequest, actor_id: int | None, **facts: object) -> None:
    record(action=action, subject_type="visit", subject_key=str(request.uuid), actor_id=actor_id, **facts)
