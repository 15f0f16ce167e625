"""Begin and end a personal calendar feed (domain.md §7: own token, revocable, only its hash is stored)."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from bookings.links import hash_of
from bookings.models import CalendarFeed
from vaern.audit.domain import record


@dataclass(frozen=True)
class OfBooking:
    """What whoever has a booking's link may follow: that booking alone."""

    booking_id: int


@dataclass(frozen=True)
class OfUser:
    """What a signed-in user may follow, who has shown that the address is theirs: all of it, and what they hold."""

    user_id: int


Owner = OfBooking | OfUser


@transaction.atomic
def begin_feed(*, owner: Owner) -> str:
    """Return the token of a new feed; the old feed's link, if there was one, is dead from now on."""
    token = secrets.token_urlsafe(32)
    of = _columns(owner)
    CalendarFeed.objects.filter(**of).delete()
    feed = CalendarFeed.objects.create(uuid=uuid.uuid4(), **of, token_hash=hash_of(token), created_at=timezone.now())
    _audit("feed.begun", feed)
    return token


@transaction.atomic
def end_feed(*, owner: Owner) -> bool:
    """End the feed of this booking or user, and say whether there was one."""
    feed = CalendarFeed.objects.filter(**_columns(owner)).first()
    if feed is None:
        return False
    _audit("feed.ended", feed)
    feed.delete()
    return True


def _columns(owner: Owner) -> dict[str, int]:
    return {"booking_id": owner.booking_id} if isinstance(owner, OfBooking) else {"user_id": owner.user_id}


def _audit(action: str, feed: CalendarFeed) -> None:
    record(action=action, subject_type="feed", subject_key=str(feed.uuid), actor_id=feed.user_id)
