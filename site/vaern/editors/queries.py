"""Wide reads over pages of every type."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from wagtail.models import Page, get_page_models
from wagtail.permissions import policy_registry

from vaern.pages.models import BasePage


def own_page_models() -> list[type[BasePage]]:
    """Return our page types."""
    return [model for model in get_page_models() if issubclass(model, BasePage)]


def with_review() -> Any:
    """Return the pages of our types with `review_day` and `responsible_user`, in one query."""
    names = [model._meta.model_name for model in own_page_models() if model._meta.pk.name == "page_ptr"]
    return Page.objects.filter(content_type__model__in=names).annotate(
        review_day=Coalesce(*(F(f"{name}__review_on") for name in names)),
        responsible_user=Coalesce(*(F(f"{name}__responsible_id") for name in names)),
    )


def may_edit_pages(user: Any) -> bool:
    """Say whether the user edits pages somewhere."""
    return bool(policy_registry.get_by_type(Page).user_has_any_permission(user, ["add", "change", "publish"]))
