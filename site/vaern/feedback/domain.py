"""Verbs: take an answer, mark it, forget old ones."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from vaern.audit.domain import record
from vaern.feedback.models import Feedback

KEPT = dt.timedelta(days=365)


def give(*, page: Page, useful: bool, text: str = "") -> Feedback:
    """Keep an answer. The form has refused CPR numbers, and the view has counted the network."""
    return Feedback.objects.create(page=page, useful=useful, text=text.strip(), received_at=timezone.now())


@transaction.atomic
def mark(*, feedback_id: int, state: str, actor_id: int) -> Feedback:
    """Mark an answer as new, handled or spam. Raises ValueError for another state, Feedback.DoesNotExist."""
    if state not in Feedback.State.values:
        raise ValueError(state)
    feedback = Feedback.objects.select_for_update().get(pk=feedback_id)
    if feedback.state != state:
        feedback.state = state
        feedback.save(update_fields=["state"])
        record(
            action="feedback.marked",
            subject_type="feedback",
            subject_key=str(feedback.pk),
            actor_id=actor_id,
            state=state,
        )
    return feedback


def forget_old(*, now: dt.datetime) -> int:
    """Delete answers of more than twelve months ago, and return how many."""
    deleted, _rows = Feedback.objects.filter(received_at__lt=now - KEPT).delete()
    return deleted
