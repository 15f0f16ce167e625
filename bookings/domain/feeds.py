"""Begin and end a personal calendar feed (domain.md §7: own token, revocable, only its hash is stored)."""

from __future__ import annotations

import secrets
import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bookings.links import hash_of
from bookings.models import CalendarFeed
from vaern.audit.domain import record


@transaction.atomic
def begin_feed(*, email: str, actor_id: int | None = None) -> str:
    """Return the token of a new feed; the old feed's link, if there was one, is dead from now on.

    With `actor_id` it is the feed of that user, who has shown by signing in that the address is theirs, and who sees
    the sessions he or she holds in it; without, it is that of the address, begun with a booking's link.
    """
    token = secrets.token_urlsafe(32)
    address = email.lower()
    _feeds(address, actor_id).delete()
    feed = CalendarFeed.objects.create(
        uuid=uuid.uuid4(),
        email=address,
        user_id=actor_id,
        token_hash=hash_of(token),
        created_at=timezone.now(),
    )
    record(action="feed.begun", subject_type="feed", subject_key=str(feed.uuid), actor_id=actor_id)
    return token


@transaction.atomic
def end_feed(*, email: str, actor_id: int | None = None) -> bool:
    """End the feed of this user, or of this address, and say whether there was one."""
    feed = _feeds(email, actor_id).first()
    if feed is None:
        return False
    record(action="feed.ended", subject_type="feed", subject_key=str(feed.uuid), actor_id=actor_id)
    feed.delete()
    return True


def _feeds(email: str, actor_id: int | None) -> QuerySet[CalendarFeed]:
    if actor_id is not None:
        return CalendarFeed.objects.filter(user=actor_id)
    return CalendarFeed.objects.filter(email__iexact=email, user__isnull=True)
