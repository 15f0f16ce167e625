"""What can be taken out, by whom, and how its rows are read: two thousand at a time, so that memory stays flat."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import AttendanceRecord, Booking, GroupLine, PersonLine, Session, VisitRequest
from bookings.permissions import ANY, MANAGE
from bookings.rules import State
from courses.models import WorkshopPage
from vaern.audit.models import AuditEvent
from vaern.audit.words import action_name
from vaern.design.formats import COPENHAGEN
from vaern.goals.measures import measure
from vaern.goals.models import GoalYear
from vaern.people.models import Organisation, User

CHUNK = 2000
OWN_ADMINISTRATION = "exchange.export_own_administration"
Text = str | Promise


@dataclass(frozen=True)
class Period:
    """The days of Copenhagen that are asked for, both included; an open end is None."""

    first: dt.date | None = None
    last: dt.date | None = None

    def as_facts(self) -> dict[str, str]:
        """Return it as JSON holds it."""
        return {name: day.isoformat() for name, day in (("first", self.first), ("last", self.last)) if day}

    @classmethod
    def of(cls, facts: dict[str, str]) -> Period:
        """Return what `as_facts` wrote."""
        return cls(*(dt.date.fromisoformat(facts[name]) if name in facts else None for name in ("first", "last")))

    def within(self, field: str) -> dict[str, Any]:
        """Return the condition that a moment is within the days, for `filter`."""
        found = {}
        if self.first:
            found[f"{field}__gte"] = dt.datetime.combine(self.first, dt.time(), COPENHAGEN)
        if self.last:
            found[f"{field}__lt"] = dt.datetime.combine(self.last + dt.timedelta(days=1), dt.time(), COPENHAGEN)
        return found


@dataclass(frozen=True)
class Dataset:
    """One list. `rows` is given the query of `query` and yields what stands under `headings`."""

    key: str
    title: Text
    text: Text
    allowed: Callable[[Any], bool]
    headings: Sequence[Text]
    query: Callable[[Any, Period], Any]
    rows: Callable[[Any], Iterator[Sequence[Any]]]
    dated: Text = ""
    calendar: Callable[[Any], Iterator[Sequence[Any]]] | None = None

    @property
    def forms(self) -> list[tuple[str, str]]:
        """Return the kinds of file it comes as."""
        return [
            ("xlsx", _("Excel (XLSX)")),
            ("csv", _("CSV for Danish Excel (semicolons)")),
            ("csv-en", _("CSV for other programs (commas)")),
            *([("ics", _("Calendar (iCalendar)"))] if self.calendar else []),
        ]


def with_permission(name: str) -> Callable[[Any], bool]:
    """Return the test that a user has a permission."""
    return lambda user: bool(user.is_active and user.has_perm(name))


def chunks(query: QuerySet[Any], *fields: str) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows' values by ascending key, a chunk at a time; the key comes first in each."""
    last = 0
    ordered = query.order_by("pk").values_list("pk", *fields)
    while rows := list(ordered.filter(pk__gt=last)[:CHUNK]):
        yield rows
        last = rows[-1][0]


def local(moment: dt.datetime | None) -> dt.datetime | None:
    """Return a moment as the clock in Copenhagen shows it, without a zone: a spreadsheet has none."""
    return moment.astimezone(COPENHAGEN).replace(tzinfo=None) if moment else None


def named(choices: Any) -> dict[str, str]:
    """Return {value: name} of a field's choices in the language being written."""
    return {value: str(name) for value, name in choices}


def yes_or_no(value: bool) -> str:
    """Return yes or no in the language being written."""
    return _("Yes") if value else _("No")


# -- organisations ----------------------------------------------------------------------------------------


def _organisation_rows(query: QuerySet[Organisation]) -> Iterator[Sequence[Any]]:
    kinds, categories = named(Organisation.Kind.choices), named(Organisation.Category.choices)
    districts = named(Organisation.District.choices)
    fields = (
        *("school__institution_number", "name", "kind", "category", "district", "active_from", "active_to"),
        *("school__institution_type", "school__institution_type_name", "school__postcode", "school__owner"),
    )
    for chunk in chunks(query, *fields):
        for _key, number, name, kind, category, district, *rest in chunk:
            yield (
                number,
                name,
                kinds.get(kind, kind),
                categories.get(category, ""),
                districts.get(district, ""),
                *rest,
            )


# -- sessions ---------------------------------------------------------------------------------------------

_SESSION = ("uuid", "workshop__title", "starts_at", "ends_at", "place", "status")


def _session_rows(query: QuerySet[Session]) -> Iterator[Sequence[Any]]:
    status, units = named(Session.Status.choices), named(Session.Unit.choices)
    districts, seen = named(Organisation.District.choices), named(Session.Visibility.choices)
    fields = (
        *(*_SESSION, "district", "language", "capacity", "capacity_unit", "seats_taken", "waiting"),
        *("closes_at", "visibility", "cancel_reason", "imported__session_id"),
    )
    for chunk in chunks(query, *fields):
        held_by = _facilitators([row[0] for row in chunk])
        for key, uuid, title, starts, ends, place, state, district, language, *rest in chunk:
            capacity, unit, taken, waiting, closes, visibility, reason, imported = rest
            yield (
                str(uuid),
                title,
                local(starts),
                local(ends),
                place,
                districts.get(district, ""),
                status[state],
                language,
                capacity,
                units[unit],
                taken,
                waiting,
                local(closes),
                seen[visibility],
                ", ".join(held_by.get(key, [])),
                reason,
                yes_or_no(imported is not None),
            )


def _facilitators(session_ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    links = Session.facilitators.through.objects.filter(session_id__in=session_ids).select_related("user")
    for link in links.order_by("pk"):
        found[link.session_id].append(str(link.user))
    return found


def _session_events(query: QuerySet[Session]) -> Iterator[Sequence[Any]]:
    for chunk in chunks(query, *_SESSION, "calendar_sequence"):
        for _key, uuid, title, starts, ends, place, state, sequence in chunk:
            yield uuid, starts, ends, title, place, state, sequence


# -- bookings ---------------------------------------------------------------------------------------------


def _booking_rows(query: QuerySet[Booking]) -> Iterator[Sequence[Any]]:
    states, audiences = named(State.choices), named(WorkshopPage.Audience.choices)
    fields = (
        *("reference", "state", "audience", "session__workshop__title", "session__starts_at", "session__place"),
        *("school__school__institution_number", "school_name", "administration__name_da", "workplace", "seats"),
        *("contact_name", "contact_email", "contact_phone", "responsible_name", "responsible_email", "language"),
        *("created_at", "confirmed_at", "ended_at", "end_reason"),
    )
    for chunk in chunks(query, *fields):
        lines = _classes([row[0] for row in chunk])
        for key, reference, state, audience, title, starts, place, number, school, *rest in chunk:
            administration, workplace, seats, name, email, phone, other, other_email, language, *ends = rest
            created, confirmed, ended, reason = ends
            labels, pupils, adults = lines.get(key, ("", None, None))
            yield (
                *(reference, states.get(state, state), audiences.get(audience, audience), title, local(starts), place),
                *(number, school, labels, pupils, adults, administration, workplace, seats),
                *(name, email, phone, other, other_email, language),
                *(local(created), local(confirmed), local(ended), reason),
            )


def _classes(booking_ids: list[int]) -> dict[int, tuple[str, int, int]]:
    """Return each booking's labels, pupils and adults. One query."""
    found: dict[int, tuple[str, int, int]] = {}
    lines = GroupLine.objects.filter(booking_id__in=booking_ids).order_by("pk")
    for key, label, pupils, adults in lines.values_list("booking_id", "label", "pupils", "adults"):
        labels, pupils_before, adults_before = found.get(key, ("", 0, 0))
        found[key] = (f"{labels}, {label}" if labels else label, pupils_before + pupils, adults_before + adults)
    return found


# -- attendance -------------------------------------------------------------------------------------------


def _attendance_rows(query: QuerySet[GroupLine]) -> Iterator[Sequence[Any]]:
    reasons = named(AttendanceRecord.Reason.choices)
    fields = (
        *("session__uuid", "session__workshop__title", "session__starts_at", "school_key", "booking__school_name"),
        *("label", "grade", "pupils", "adults", "institution_type", "session__imported__session_id"),
    )
    for chunk in chunks(query, *fields):
        records = AttendanceRecord.objects.current().filter(line_id__in=[row[0] for row in chunk])
        known = {
            row[0]: row[1:]
            for row in records.values_list(
                "line_id", "took_place", "reason", "pupils_present", "adults_present", "recorded_at"
            )
        }
        for key, uuid, title, starts, school_key, school, *rest in chunk:
            label, grade, pupils, adults, kind, imported = rest
            took_place, reason, came, with_them, at = known.get(key, (None, "", None, None, None))
            yield (
                *(str(uuid), title, local(starts), "" if school_key.startswith("name:") else school_key, school),
                *(label, grade, pupils, adults),
                # Nobody has reported: empty, and never 0 (domain.md §4).
                *("" if took_place is None else yes_or_no(took_place), reasons.get(reason, ""), came, with_them),
                *(local(at), kind, yes_or_no(imported is not None)),
            )


# -- visits -----------------------------------------------------------------------------------------------


def _visit_rows(query: QuerySet[VisitRequest]) -> Iterator[Sequence[Any]]:
    states = named(VisitRequest.State.choices)
    fields = (
        *("reference", "state", "workshop__title", "school__school__institution_number", "school_name"),
        *("contact_name", "contact_email", "contact_phone", "created_at", "answered_at", "answer_text"),
        "booking__reference",
    )
    for chunk in chunks(query, *fields):
        wishes, groups = _of_requests([row[0] for row in chunk])
        for key, reference, state, title, number, school, name, email, phone, created, *rest in chunk:
            answered, text, booking = rest
            yield (
                *(reference, states[state], title, number, school, groups.get(key, "")),
                *(f"{local(moment):%Y-%m-%d %H:%M}" for moment in wishes.get(key, [])[:3]),
                *("" for _missing in range(3 - len(wishes.get(key, [])[:3]))),
                *(name, email, phone, local(created), local(answered), text, booking),
            )


def _of_requests(keys: list[int]) -> tuple[dict[int, list[dt.datetime]], dict[int, str]]:
    wishes: dict[int, list[dt.datetime]] = defaultdict(list)
    groups: dict[int, str] = {}
    requests = VisitRequest.objects.filter(pk__in=keys).only("pk").prefetch_related("wishes", "groups")
    for request in requests:
        wishes[request.pk] = [wish.starts_at for wish in request.wishes.all()]
        groups[request.pk] = ", ".join(f"{group.label} ({group.pupils})" for group in request.groups.all())
    return wishes, groups


# -- sign-ups of staff ------------------------------------------------------------------------------------


def may_see_signups(user: Any) -> bool:
    """Say whether the user sees sign-ups of staff: all of them, or those of the own administration."""
    return bool(user.is_active and (user.has_perm(MANAGE) or user.has_perm(OWN_ADMINISTRATION)))


def signups(user: User, period: Period) -> QuerySet[PersonLine]:
    """Return the persons of staff bookings that the user may see.

    The own administration is known by its code: its row changes when its name does.
    """
    found = PersonLine.objects.filter(booking__administration__isnull=False, **period.within("session__starts_at"))
    if user.has_perm(MANAGE):
        return found
    if not user.has_perm(OWN_ADMINISTRATION) or user.administration is None:
        return found.none()
    return found.filter(booking__administration__code=user.administration.code)


def _signup_rows(query: QuerySet[PersonLine]) -> Iterator[Sequence[Any]]:
    states = named(State.choices)
    fields = (
        *("booking__administration__name_da", "booking__workplace", "booking__role", "name", "email"),
        *("session__workshop__title", "session__starts_at", "session__place", "booking__state"),
        *("booking__reference", "booking__created_at"),
    )
    for chunk in chunks(query, *fields):
        for _key, office, workplace, role, name, email, title, starts, place, state, *rest in chunk:
            reference, created = rest
            yield (
                *(office, workplace, role, name, email, title, local(starts), place),
                *(states.get(state, state), reference, local(created)),
            )


# -- goals ------------------------------------------------------------------------------------------------


def _goal_years(user: User, period: Period) -> list[GoalYear]:
    """Return the goals of the years that the period touches, this year's when it has no end."""
    first = period.first.year if period.first else timezone.localdate().year
    last = period.last.year if period.last else max(first, timezone.localdate().year)
    return list(GoalYear.objects.filter(year__gte=first, year__lte=last).select_related("goal").order_by("year", "pk"))


def _goal_rows(goal_years: list[GoalYear]) -> Iterator[Sequence[Any]]:
    for goal_year in goal_years:
        for row in measure(goal_year).rows:
            yield (
                *(goal_year.year, goal_year.goal.title, local(row.starts_at), row.workshop, row.school, row.label),
                *(row.planned, row.present),
                *("" if row.took_place is None else yes_or_no(row.took_place), yes_or_no(row.ahead)),
            )


# -- audit log --------------------------------------------------------------------------------------------


def _audit_rows(query: QuerySet[AuditEvent]) -> Iterator[Sequence[Any]]:
    names = {user.pk: str(user) for user in User.objects.only("first_name", "last_name", "email")}
    for chunk in chunks(query, "at", "action", "subject_type", "subject_key", "actor_id", "facts"):
        for _key, at, action, kind, key, actor, facts in chunk:
            said = ", ".join(f"{name}: {value}" for name, value in sorted(facts.items()))
            yield local(at), action_name(action), action, names.get(actor, ""), kind, key, said


_DAY = gettext_lazy("The session’s date")

DATASETS: dict[str, Dataset] = {
    dataset.key: dataset
    for dataset in (
        Dataset(
            "organisations",
            gettext_lazy("Organisations"),
            gettext_lazy("Schools, administrations, partners and suppliers, with what the register says of schools."),
            with_permission("people.view_organisation"),
            [
                *(
                    gettext_lazy("Institution number"),
                    gettext_lazy("Name"),
                    gettext_lazy("Kind"),
                    gettext_lazy("Category"),
                    gettext_lazy("District"),
                ),
                *(
                    gettext_lazy("Active from"),
                    gettext_lazy("Active until"),
                    gettext_lazy("Type number"),
                    gettext_lazy("Type"),
                    gettext_lazy("Postcode"),
                    gettext_lazy("Owner"),
                ),
            ],
            lambda user, period: Organisation.objects.all(),
            _organisation_rows,
        ),
        Dataset(
            "sessions",
            gettext_lazy("Sessions"),
            gettext_lazy("Dates of workshops with place, capacity and facilitators."),
            with_permission("bookings.view_session"),
            [
                *(
                    gettext_lazy("Number"),
                    gettext_lazy("Workshop"),
                    gettext_lazy("Starts"),
                    gettext_lazy("Ends"),
                    gettext_lazy("Place"),
                    gettext_lazy("District"),
                    gettext_lazy("Status"),
                ),
                *(
                    gettext_lazy("Language"),
                    gettext_lazy("Capacity"),
                    gettext_lazy("Capacity counts"),
                    gettext_lazy("Seats taken"),
                    gettext_lazy("Waiting"),
                ),
                *(
                    gettext_lazy("Registration closes"),
                    gettext_lazy("Visibility"),
                    gettext_lazy("Facilitators"),
                    gettext_lazy("Reason"),
                    gettext_lazy("From a file"),
                ),
            ],
            lambda user, period: Session.objects.filter(**period.within("starts_at")),
            _session_rows,
            dated=_DAY,
            calendar=_session_events,
        ),
        Dataset(
            "bookings",
            gettext_lazy("Bookings"),
            gettext_lazy(
                "Every booking with its contact. Names and addresses: keep the file no longer than you need it."
            ),
            with_permission("bookings.view_booking"),
            [
                *(
                    gettext_lazy("Reference"),
                    gettext_lazy("State"),
                    gettext_lazy("Audience"),
                    gettext_lazy("Workshop"),
                    gettext_lazy("Starts"),
                    gettext_lazy("Place"),
                ),
                *(
                    gettext_lazy("Institution number"),
                    gettext_lazy("School"),
                    gettext_lazy("Classes"),
                    gettext_lazy("Pupils"),
                    gettext_lazy("Adults"),
                ),
                *(
                    gettext_lazy("Administration"),
                    gettext_lazy("Workplace"),
                    gettext_lazy("Places"),
                    gettext_lazy("Contact"),
                    gettext_lazy("E-mail"),
                    gettext_lazy("Phone"),
                ),
                *(
                    gettext_lazy("Adult in charge on the day"),
                    gettext_lazy("E-mail of the adult in charge"),
                    gettext_lazy("Language"),
                ),
                *(gettext_lazy("Created"), gettext_lazy("Confirmed"), gettext_lazy("Ended"), gettext_lazy("Reason")),
            ],
            lambda user, period: Booking.objects.filter(**period.within("session__starts_at")),
            _booking_rows,
            dated=_DAY,
        ),
        Dataset(
            "attendance",
            gettext_lazy("Attendance"),
            gettext_lazy("One row a class: booked and present. Where nobody has reported, the cell is empty."),
            with_permission(ANY),
            [
                *(
                    gettext_lazy("Session"),
                    gettext_lazy("Workshop"),
                    gettext_lazy("Starts"),
                    gettext_lazy("Institution number"),
                    gettext_lazy("School"),
                    gettext_lazy("Class"),
                ),
                *(
                    gettext_lazy("Grade"),
                    gettext_lazy("Pupils booked"),
                    gettext_lazy("Adults booked"),
                    gettext_lazy("Took place"),
                    gettext_lazy("Reason"),
                ),
                *(
                    gettext_lazy("Pupils present"),
                    gettext_lazy("Adults present"),
                    gettext_lazy("Recorded"),
                    gettext_lazy("Type number"),
                    gettext_lazy("From a file"),
                ),
            ],
            lambda user, period: GroupLine.objects.filter(
                booking__state=State.CONFIRMED, **period.within("session__starts_at")
            ),
            _attendance_rows,
            dated=_DAY,
        ),
        Dataset(
            "visits",
            gettext_lazy("Requests for visits"),
            gettext_lazy("What schools have asked for, and what they were answered."),
            with_permission("bookings.view_visitrequest"),
            [
                *(
                    gettext_lazy("Reference"),
                    gettext_lazy("State"),
                    gettext_lazy("Workshop"),
                    gettext_lazy("Institution number"),
                    gettext_lazy("School"),
                    gettext_lazy("Classes"),
                ),
                *(
                    gettext_lazy("First wish"),
                    gettext_lazy("Second wish"),
                    gettext_lazy("Third wish"),
                    gettext_lazy("Contact"),
                    gettext_lazy("E-mail"),
                    gettext_lazy("Phone"),
                ),
                *(gettext_lazy("Created"), gettext_lazy("Answered"), gettext_lazy("Answer"), gettext_lazy("Booking")),
            ],
            lambda user, period: VisitRequest.objects.filter(**period.within("created_at")),
            _visit_rows,
            dated=gettext_lazy("The day it was asked"),
        ),
        Dataset(
            "signups",
            gettext_lazy("Staff sign-ups"),
            gettext_lazy(
                "Staff who have signed up for talks. An administration’s coordinator gets the own administration’s."
            ),
            may_see_signups,
            [
                *(
                    gettext_lazy("Administration"),
                    gettext_lazy("Workplace"),
                    gettext_lazy("Role"),
                    gettext_lazy("Name"),
                    gettext_lazy("E-mail"),
                    gettext_lazy("Workshop"),
                ),
                *(
                    gettext_lazy("Starts"),
                    gettext_lazy("Place"),
                    gettext_lazy("State"),
                    gettext_lazy("Reference"),
                    gettext_lazy("Created"),
                ),
            ],
            signups,
            _signup_rows,
            dated=_DAY,
        ),
        Dataset(
            "goals",
            gettext_lazy("Rows behind the goals"),
            gettext_lazy("The classes behind each goal’s figure, for the years that you choose."),
            with_permission("goals.view_goal_rows"),
            [
                *(
                    gettext_lazy("Year"),
                    gettext_lazy("Goal"),
                    gettext_lazy("Starts"),
                    gettext_lazy("Workshop"),
                    gettext_lazy("School"),
                    gettext_lazy("Class"),
                    gettext_lazy("Booked"),
                ),
                *(gettext_lazy("Came"), gettext_lazy("Took place"), gettext_lazy("Ahead")),
            ],
            _goal_years,
            _goal_rows,
            dated=gettext_lazy("Years from and to"),
        ),
        Dataset(
            "audit",
            gettext_lazy("Audit log"),
            gettext_lazy("What was changed or taken out, by whom and when."),
            with_permission("audit.view_auditevent"),
            [
                gettext_lazy("When"),
                gettext_lazy("What"),
                gettext_lazy("Code"),
                gettext_lazy("Who"),
                gettext_lazy("Kind"),
                gettext_lazy("Number"),
                gettext_lazy("More"),
            ],
            lambda user, period: AuditEvent.objects.filter(**period.within("at")),
            _audit_rows,
            dated=gettext_lazy("Date"),
        ),
    )
}


def datasets_of(user: Any) -> list[Dataset]:
    """Return what the user may take out."""
    return [dataset for dataset in DATASETS.values() if dataset.allowed(user)]
