"""The path above Wagtail's snippet screens in the reader's language.

Wagtail reads its two labels when the site starts, in whatever language is active then. ``breadcrumbs`` takes that
property's place with labels that are read when they are shown. Written against Wagtail 8.0.
"""

from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet


def breadcrumbs(self: SnippetViewSet) -> list[dict[str, Any]]:
    """Return the home page of the admin and the list of snippets."""
    home = {"url": reverse_lazy("wagtailadmin_home"), "label": _("Home")}
    if self.get_menu_item_is_registered():
        return [home]
    return [home, {"url": reverse_lazy("wagtailsnippets:index"), "label": _("Snippets")}]


def install() -> None:
    """Let every snippet's screens use `breadcrumbs`."""
    SnippetViewSet.breadcrumbs_items = property(breadcrumbs)
