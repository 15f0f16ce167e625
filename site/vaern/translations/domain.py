"""What editors do with a translation."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from vaern.audit.domain import record
from vaern.translations.models import StillRight
from vaern.translations.queries import source_of


@transaction.atomic
def say_still_right(*, page: Page, actor: Any) -> bool:
    """Remember that a translation fits its Danish page as that is published now; False when there is none."""
    source = source_of(page)
    if source is None or source.last_published_at is None:
        return False
    StillRight.objects.update_or_create(
        page_id=page.pk,
        defaults={
            "source_published_at": source.last_published_at,
            "said_by": actor,
            "said_at": timezone.now(),
        },
    )
    record(action="translation.still_right", subject_type="page", subject_key=str(page.pk), actor_id=actor.pk)
    return True
