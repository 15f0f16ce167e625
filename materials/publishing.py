"""The door from Wagtail: whichever way a material is published, by hand, in bulk or at a set time, it makes a version.

Wagtail has no verb of ours to call, so this is the one place that listens to its signal; the verb does the work.
"""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import page_published

from materials.domain.versions import publish_version
from materials.models import MaterialPage


@receiver(page_published, sender=MaterialPage, dispatch_uid="materials.publish_version")
def make_version(instance: MaterialPage, revision: Any = None, **_facts: Any) -> None:
    """Freeze what has been published."""
    publish_version(
        material_id=instance.pk, now=timezone.now(), actor_id=revision.user_id if revision is not None else None
    )
