"""The index follows the pages.

A signal and not a verb of ours: pages are saved by Wagtail's own screens, imports and jobs, and an index that one of
them could forget would be worth little. It holds nothing that is not derived from the page.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save

from vaern.pages.models import BasePage
from vaern.search.domain import index_page


def connect() -> None:
    """Index every page when it is saved."""
    post_save.connect(page_saved, dispatch_uid="vaern.search")


def page_saved(sender: Any, instance: Any, raw: bool = False, **_kwargs: Any) -> None:
    """Index the page, except while rows are put back as they were."""
    if isinstance(instance, BasePage) and not raw:
        # Read anew: an editor's draft is saved as a revision, and the object in hand then holds words nobody published.
        saved = type(instance)._default_manager.select_related("locale").filter(pk=instance.pk).first()
        if saved is not None:
            index_page(saved)
