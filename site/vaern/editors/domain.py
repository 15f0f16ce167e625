"""Verbs: confirm that a page is still right, and tell those whose pages are due."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.models import Page, Revision

from vaern.audit.domain import record
from vaern.editors.models import ReviewNotice
from vaern.editors.queries import with_review
from vaern.editors.rules import SOON, Told, notice_now
from vaern.outbox.domain import enqueue
from vaern.pages.models import BasePage, a_year_after
from vaern.people.models import User


def may_confirm(*, page: Any, user: Any) -> bool:
    """Say whether this person may confirm the page: its responsible, or who may edit it."""
    return bool(user.is_active and (page.responsible_id == user.pk or page.permissions_for_user(user).can_edit()))


@transaction.atomic
def confirm_review(*, page_id: int, actor: Any, today: dt.date) -> BasePage:
    """Record that the page has been read and is right: the next review is a year ahead.

    The date is written to the page and to the drafts that would overwrite it; nothing else of them is published.
    Raises PermissionDenied, and Page.DoesNotExist when it is no page of ours.
    """
    page = Page.objects.select_for_update().get(pk=page_id).specific
    if not isinstance(page, BasePage):
        raise Page.DoesNotExist
    if not may_confirm(page=page, user=actor):
        raise PermissionDenied
    page.review_on = a_year_after(today)
    type(page).objects.filter(pk=page.pk).update(review_on=page.review_on)
    drafts = page.revisions.filter(pk=page.latest_revision_id) | page.revisions.filter(
        approved_go_live_at__isnull=False
    )
    for revision in drafts:
        _write_date(revision, page.review_on)
    record(
        action="page.reviewed",
        subject_type="page",
        subject_key=str(page.pk),
        actor_id=actor.pk,
        review_on=page.review_on.isoformat(),
    )
    return page


def _write_date(revision: Revision, day: dt.date) -> None:
    revision.content["review_on"] = day.isoformat()
    revision.save(update_fields=["content"])


@transaction.atomic
def send_review_notices(*, today: dt.date) -> int:
    """Write one message to each person who is responsible for pages that are due; return how many messages."""
    told = {
        notice.page_id: Told(notice.kind, notice.review_on, notice.recipient_id, notice.sent_on)
        for notice in ReviewNotice.objects.select_for_update()
    }
    due = with_review().live().filter(review_day__lte=today + SOON, responsible_user__isnull=False)
    people = {
        user.pk: user
        for user in User.objects.filter(pk__in={page.responsible_user for page in due}, is_active=True).exclude(
            email=""
        )
    }
    pages: dict[int, list[tuple[Page, str]]] = defaultdict(list)
    for page in due.order_by("review_day", "pk"):
        recipient = page.responsible_user if page.responsible_user in people else None
        kind = notice_now(review_on=page.review_day, recipient_id=recipient, told=told.get(page.pk), today=today)
        if kind:
            pages[page.responsible_user].append((page, kind))
    for user_id, listed in pages.items():
        _tell(people[user_id], listed, today)
    return len(pages)


def _tell(user: User, listed: list[tuple[Page, str]], today: dt.date) -> None:
    enqueue(
        kind="editors.review",
        recipient=user.email,
        language=language_of(user),
        context={"pages": [page.pk for page, _kind in listed]},
    )
    for page, kind in listed:
        ReviewNotice.objects.update_or_create(
            page=page,
            defaults={"kind": kind, "review_on": page.review_day, "recipient": user, "sent_on": today},
        )


def language_of(user: Any) -> str:
    """Return the language a person has chosen for the admin, or Danish."""
    profile = getattr(user, "wagtail_userprofile", None)
    chosen = profile.preferred_language if profile else ""
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
