"""What the matter is with the sessions that are shown, a few words at each; queries do not grow with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from bookings import providers
from bookings.models import Session
from bookings.queries import unreported
from vaern.design.formats import COPENHAGEN, in_danish
from vaern.schooldays.models import SchoolHoliday
from vaern.schooldays.rules import public_holidays
from vaern.workspace.needs import SOON
from vaern.workspace.rules import NEARLY_FULL, Clash, Slot, clashes, percent_full, place_key

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Flag:
    """A few words; `serious` ones want somebody to do something."""

    text: str
    serious: bool = True


def flags_of(sessions: Collection[Session], *, now: dt.datetime) -> dict[int, list[Flag]]:
    """Return the flags of each session, by id; read workshops and facilitators with them. Five queries at most."""
    rows = list(sessions)
    keys = [row.pk for row in rows]
    if not keys:
        return {}
    missing = set(unreported(now).filter(pk__in=keys).order_by().values_list("pk", flat=True))
    doubled = _doubled_people(keys)
    crowded = _crowded(keys)
    uncovered = providers.lacking(rows)
    closed = closed_days([local_day(row) for row in rows])
    return {
        row.pk: [
            flag
            for flag in (
                _cancelled(row),
                _if(row.pk in missing, _("Attendance is missing")),
                *_of_coming(row, now),
                _if(row.pk in doubled and row.ends_at > now, _("Facilitator has two at once")),
                _if(row.pk in crowded and row.ends_at > now, _("Place is used twice")),
                _if(row.pk in uncovered and is_coming(row, now), _("Provider without a valid charter")),
                Flag(closed[local_day(row)], serious=False) if local_day(row) in closed else None,
            )
            if flag is not None
        ]
        for row in rows
    }


def _if(applies: bool, text: str) -> Flag | None:
    return Flag(text) if applies else None


def _cancelled(row: Session) -> Flag | None:
    return Flag(_("Cancelled"), serious=False) if row.status == Session.Status.CANCELLED else None


def is_coming(row: Session, now: dt.datetime) -> bool:
    """Say whether a session is planned and has not begun."""
    return row.status == Session.Status.PLANNED and row.starts_at > now


def _of_coming(row: Session, now: dt.datetime) -> Iterable[Flag]:
    if not is_coming(row, now):
        return
    smallest, full = row.workshop.group_min, percent_full(row.seats_taken, row.capacity)
    people = row.capacity_unit == Session.Unit.PEOPLE
    if smallest and people and smallest > row.seats_taken and row.starts_at <= now + SOON:
        yield Flag(_("Below the minimum of %(minimum)s") % {"minimum": smallest})
    if full == 100:
        yield Flag(_("Full"), serious=False)
    elif full is not None and row.capacity and row.seats_taken * 100 > row.capacity * NEARLY_FULL:
        yield Flag(_("%(percent)s %% full") % {"percent": full}, serious=False)
    if row.waiting:
        yield Flag(_("%(count)s waiting") % {"count": row.waiting}, serious=False)
    if not row.facilitators.all():
        yield Flag(_("Nobody to hold it"))


def _doubled_people(keys: list[int]) -> set[int]:
    """Return those sessions of which a facilitator holds another one at the same time."""
    through = Session.facilitators.through
    other = (
        through.objects.filter(
            user_id=OuterRef("user_id"),
            session__starts_at__lt=OuterRef("session__ends_at"),
            session__ends_at__gt=OuterRef("session__starts_at"),
        )
        .exclude(session_id=OuterRef("session_id"))
        .exclude(session__status=Session.Status.CANCELLED)
    )
    rows = through.objects.filter(session_id__in=keys).exclude(session__status=Session.Status.CANCELLED)
    return set(rows.filter(Exists(other)).values_list("session_id", flat=True))


def _crowded(keys: list[int]) -> set[int]:
    """Return those sessions whose own place has another session at the same time."""
    placed = Session.objects.exclude(status=Session.Status.CANCELLED).exclude(place="").filter(online_link="")
    placed = placed.exclude(place__iexact="online").order_by()
    other = placed.filter(
        place__iexact=OuterRef("place"), starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    ).exclude(pk=OuterRef("pk"))
    return set(placed.filter(pk__in=keys).filter(Exists(other)).values_list("pk", flat=True))


def local_day(session: Session) -> dt.date:
    """Return the session's day in Copenhagen."""
    return session.starts_at.astimezone(COPENHAGEN).date()


def closed_days(days: Collection[dt.date]) -> dict[dt.date, str]:
    """Return which of these days have no school, and what they are called; weekends are not named. One query."""
    if not days:
        return {}
    language = "da" if in_danish() else "en_US"
    holidays = list(SchoolHoliday.objects.within(min(days), max(days)))
    found: dict[dt.date, str] = {}
    for day in set(days):
        name = public_holidays(day.year, language).get(day)
        row = next((one for one in holidays if one.first_day <= day <= one.last_day), None)
        if name or row:
            found[day] = name or (row.name if row else "")
    return found


def slot_of(session: Session) -> Slot:
    """Return the session as a calendar knows it; uses what is prefetched."""
    return Slot(
        session.pk,
        session.starts_at,
        session.ends_at,
        frozenset(person.pk for person in session.facilitators.all()),
        place_key(session.place, session.online_link),
    )


def around(slots: Collection[Slot]) -> list[Session]:
    """Return the sessions that are at the time of any of these, with their facilitators. Two queries."""
    if not slots:
        return []
    times = Q()
    for slot in slots:
        times |= Q(starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at)
    rows = Session.objects.exclude(status=Session.Status.CANCELLED).filter(times)
    return list(rows.select_related("workshop").prefetch_related("facilitators"))


def clashes_of(session: Session) -> list[tuple[Session, str]]:
    """Return the other sessions that this one meets, each with what they have in common."""
    others = {row.pk: row for row in around([slot_of(session)]) if row.pk != session.pk}
    found = clashes([slot_of(session), *map(slot_of, others.values())])
    return [
        (others[clash.other], in_common(clash, others[clash.other]))
        for clash in found.get(session.pk, [])
        if clash.other in others
    ]


def in_common(clash: Clash, other: Session) -> str:
    """Return whom or what two sessions have in common."""
    names = [str(person) for person in other.facilitators.all() if person.pk in clash.people]
    return ", ".join([*names, *([other.place] if clash.place else [])])
