"""The text for everybody, and those who have signed and said yes to being named."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from charter.models import CharterText
from charter.prose import blocks
from charter.queries import current_text, public_partners
from vaern.pages.navigation import breadcrumbs


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show the text in force and the public list."""
    text = current_text()
    context = {
        **(shown_text(text) if text else {"text": None}),
        "partners": public_partners(timezone.localdate()),
        "versions": CharterText.objects.published(),
        "breadcrumbs": breadcrumbs((_("Charter"), "")),
    }
    return render(request, "charter/front.html", context)


@require_safe
def version(request: HttpRequest, number: str) -> HttpResponse:
    """Show a text that was published, in force or not."""
    text = next((text for text in CharterText.objects.published() if text.number == number), None)
    if text is None:
        raise Http404
    current = current_text()
    context = {
        **shown_text(text),
        "is_current": current is not None and current.pk == text.pk,
        "breadcrumbs": breadcrumbs((_("Charter"), _front_url()), (_("Version %(number)s") % {"number": number}, "")),
    }
    return render(request, "charter/version.html", context)


def shown_text(text: CharterText) -> dict[str, Any]:
    """Return a text for a template in the reader's language, with the Danish one that is binding."""
    in_english = get_language() == "en"
    return {
        "text": text,
        "blocks": blocks(text.body_en if in_english else text.body_da),
        "danish_blocks": blocks(text.body_da) if in_english else [],
    }


def _front_url() -> str:
    return reverse("charter:front")
