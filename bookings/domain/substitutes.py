"""A link to one session's roll, for somebody who steps in and has no account (domain.md §7)."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.utils import timezone

from bookings.links import hash_of
from bookings.models import Session, SubstituteLink
from vaern.audit.domain import record

# Long enough to report on Monday what was held on Friday, and to answer the last reminder.
LASTS = dt.timedelta(days=7)


def link_ends_at(session: Session) -> dt.datetime:
    """Return until when the links of a session work; a session that is moved takes its links along."""
    return session.ends_at + LASTS


@transaction.atomic
def make_link(*, session: Session, actor_id: int) -> str:
    """Return the token of a new link to this session's roll. It is told once: only its hash is stored."""
    token = secrets.token_urlsafe(32)
    link = SubstituteLink.objects.create(
        session=session, token_hash=hash_of(token), created_by_id=actor_id, created_at=timezone.now()
    )
    _note("attendance.link_made", session, link, actor_id)
    return token


@transaction.atomic
def revoke_links(*, session: Session, actor_id: int) -> int:
    """End all links of a session, and return how many that were."""
    links = list(SubstituteLink.objects.select_for_update().filter(session=session, revoked_at__isnull=True))
    for link in links:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        _note("attendance.link_ended", session, link, actor_id)
    return len(links)


def session_for(token: str, *, now: dt.datetime) -> tuple[Session, SubstituteLink] | None:
    """Return the session that a token opens, and its link; None: unknown, wrong, ended and expired look alike."""
    link = (
        SubstituteLink.objects.select_related("session__workshop")
        .filter(token_hash=hash_of(token), revoked_at__isnull=True, session__ends_at__gte=now - LASTS)
        .first()
    )
    return (link.session, link) if link else None


def open_links(session: Session) -> list[SubstituteLink]:
    """Return the links of a session that have not been ended."""
    return list(session.substitute_links.filter(revoked_at__isnull=True).select_related("created_by"))


def _note(action: str, session: Session, link: SubstituteLink, actor_id: int) -> None:
    record(action=action, subject_type="session", subject_key=str(session.uuid), actor_id=actor_id, link=str(link.uuid))
