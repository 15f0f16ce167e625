"""Begin and end a personal calendar feed (domain.md §7: own token, revocable, only its hash is stored)."""

from __future__ import annotations

import secrets
import uuid

from django.db import transaction
from django.utils import timezone

from bookings.links import hash_of
from bookings.models import CalendarFeed
from vaern.audit.domain import record


@transaction.atomic
def begin_feed(*, email: str, actor_id: int | None = None) -> str:
    """Return the token of a new feed of this address; the old feed's link, if there was one, is dead from now on."""
    token = secrets.token_urlsafe(32)
    address = email.lower()
    CalendarFeed.objects.filter(email__iexact=address).delete()
    feed = CalendarFeed.objects.create(
        uuid=uuid.uuid4(), email=address, token_hash=hash_of(token), created_at=timezone.now()
    )
    record(action="feed.begun", subject_type="feed", subject_key=str(feed.uuid), actor_id=actor_id)
    return token


@transaction.atomic
def end_feed(*, email: str, actor_id: int | None = None) -> bool:
    """End the feed of this address, and say whether there was one."""
    feed = CalendarFeed.objects.filter(email__iexact=email).first()
    if feed is None:
        return False
    record(action="feed.ended", subject_type="feed", subject_key=str(feed.uuid), actor_id=actor_id)
    feed.delete()
    return True
