"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses.

The screens are put into the menu by `vaern.workspace`, whose lists stand in the place of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page
from wagtail.permissions import register_permission_policy

from bookings.admin.viewsets import BookingPolicy
from bookings.models import Booking, DeadlineRule, Session, SessionSeries, VisitRequest
from vaern.cms.staff import KeepingPolicy

register_permission_policy(Session, KeepingPolicy(Session))
register_permission_policy(Booking, BookingPolicy(Booking))
register_permission_policy(VisitRequest, BookingPolicy(VisitRequest))
register_permission_policy(DeadlineRule, KeepingPolicy(DeadlineRule))


@hooks.register("before_delete_page")
def keep_booked_workshops(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Say why a workshop with dates, or a page above one, stays: what was held counts in a goal."""
    return _kept(request, [page])


@hooks.register("before_bulk_action")
def keep_booked_workshops_together(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """The same for several pages at once."""
    pages = [page for page in objects if isinstance(page, Page)]
    return _kept(request, pages) if action_type == "delete" else None


def _kept(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
    for page in pages:
        below = {"workshop__path__startswith": page.path}
        if any(model.objects.filter(**below).exists() for model in (Session, SessionSeries, VisitRequest)):
            text = _("“%(title)s” cannot be deleted, because there are dates of it. Unpublish it instead.")
            messages.error(request, text % {"title": page.title})
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
