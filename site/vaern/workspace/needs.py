"""What needs a hand: sessions by what is the matter with them. One place for panels, filters and flags."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from bookings import providers
from bookings.models import Session
from bookings.queries import unreported
from vaern.workspace.rules import NEARLY_FULL

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SOON = dt.timedelta(days=14)


def below_minimum(now: dt.datetime) -> QuerySet[Session]:
    """Return the sessions of the next two weeks with fewer places taken than the workshop's smallest group."""
    return Session.objects.upcoming(now).filter(
        starts_at__lte=now + SOON, capacity_unit=Session.Unit.PEOPLE, workshop__group_min__gt=F("seats_taken")
    )


def nearly_full(now: dt.datetime) -> QuerySet[Session]:
    """Return the coming sessions of which more than 90 % is taken."""
    return Session.objects.upcoming(now).filter(capacity__gt=0, seats_taken__gt=F("capacity") * NEARLY_FULL / 100)


def without_facilitator(now: dt.datetime) -> QuerySet[Session]:
    """Return the coming sessions that nobody holds."""
    return Session.objects.upcoming(now).filter(facilitators=None)


def with_waiting(now: dt.datetime) -> QuerySet[Session]:
    """Return the coming sessions that somebody waits for."""
    return Session.objects.upcoming(now).filter(waiting__gt=0)


def without_charter(now: dt.datetime) -> QuerySet[Session]:
    """Return the coming public sessions whose provider has no valid charter on the day."""
    coming = Session.objects.upcoming(now)
    return coming.filter(pk__in=providers.lacking(coming.select_related("workshop")))


NEEDS: dict[str, tuple[StrOrPromise, Callable[[dt.datetime], QuerySet[Session]]]] = {
    "unreported": (_("Attendance is missing"), unreported),
    "below_minimum": (_("Below the minimum"), below_minimum),
    "nearly_full": (_("More than 90 % full"), nearly_full),
    "no_facilitator": (_("Nobody to hold it"), without_facilitator),
    "waiting": (_("Somebody waits"), with_waiting),
    "no_charter": (_("The provider has no valid charter"), without_charter),
}
