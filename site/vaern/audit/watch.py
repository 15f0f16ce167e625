"""What people do on Wagtail's own screens (pages, snippets, redirects, images) stands in the audit log as well.

A signal and not a verb of ours: those screens are Wagtail's, and each of them writes a line to Wagtail's own log in the
transaction of the change. That line keeps titles and names of people; the event here keeps a type and a key.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from wagtail.models import ModelLogEntry, PageLogEntry

from vaern.audit.domain import record


def connect() -> None:
    """Follow Wagtail's log."""
    for log in (PageLogEntry, ModelLogEntry):
        post_save.connect(logged, sender=log, dispatch_uid=f"vaern.audit.{log.__name__}")


def logged(sender: Any, instance: Any, created: bool = False, raw: bool = False, **_kwargs: Any) -> None:
    """Record what a user did; what jobs and set-up did, and rows that are put back as they were, are left out."""
    if not created or raw or instance.user_id is None:
        return
    model = "page" if sender is PageLogEntry else instance.content_type.model
    key = instance.page_id if sender is PageLogEntry else instance.object_id
    record(
        action=f"{model}.{instance.action.removeprefix('wagtail.').replace('.', '_')}"[:60],
        subject_type=model,
        subject_key=str(key),
        actor_id=instance.user_id,
    )
