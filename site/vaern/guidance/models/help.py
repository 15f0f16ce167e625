"""What all pages have in common that somebody reads because of a worry (domain.md §8)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from vaern.guidance.models.contacts import Contact
from vaern.pages.models import BasePage


class HelpPage(BasePage):
    """A page without forms, with the numbers for acute danger first, and a title that does not tell what was read."""

    class Meta:
        abstract = True

    @property
    def tab_title(self) -> str:
        """Return what the browser shows in its tab and its history."""
        return _("Help and contact")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the numbers for acute danger."""
        context = super().get_context(request, *args, **kwargs)
        context["acute_contacts"] = list(Contact.objects.acute())
        context["tab_title"] = self.tab_title
        return context

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page; the next site is not told where its reader came from, and a shared computer keeps nothing."""
        response: HttpResponse = super().serve(request, *args, **kwargs)
        # Signing out is a form, and a browser sends it without its origin under no-referrer: staff would be refused.
        response["Referrer-Policy"] = "same-origin" if request.user.is_authenticated else "no-referrer"
        response["Cache-Control"] = "no-store"
        # Our own memory may keep it: the page is the same for everybody, and tells of no reader.
        response.same_for_all = True  # type: ignore[attr-defined]
        return response
