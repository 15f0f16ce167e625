"""Saving and dropping views of lists."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from vaern.workspace.domain.views import TooMany, drop_view, kept_query, save_view
from vaern.workspace.forms import ViewForm
from vaern.workspace.models import SavedView
from vaern.workspace.views.bulk import INDEXES

SEES = {
    SavedView.List.SESSIONS: "bookings.view_session",
    SavedView.List.BOOKINGS: "bookings.view_booking",
    SavedView.List.VISITS: "bookings.view_visitrequest",
    SavedView.List.ORGANISATIONS: "people.view_organisation",
}


@require_POST
def save(request: HttpRequest, of_list: str) -> HttpResponse:
    """Keep what is shown under a name, for the user alone."""
    if of_list not in SavedView.List.values:
        raise Http404
    key = SavedView.List(of_list)
    if not request.user.has_perm(SEES[key]):
        raise PermissionDenied
    form = ViewForm(request.POST)
    query = kept_query(request.POST.get("query", ""))
    if not form.is_valid():
        messages.error(request, _("The view is not saved: give it a name of up to 40 letters."))
        return redirect(_to(key, query))
    try:
        view = save_view(user_id=request.user.pk, of_list=of_list, name=form.cleaned_data["name"], query=query)  # type: ignore[arg-type]
    except TooMany:
        text = _("The view is not saved: %(most)s is the most. Remove one first.")
        messages.error(request, text % {"most": SavedView.MOST})
    except ValueError:
        messages.error(request, _("The view is not saved: it has too many filters."))
    else:
        messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return redirect(_to(key, query))


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one of the user's own views; somebody else's is not there."""
    if not any(request.user.has_perm(permission) for permission in SEES.values()):
        raise PermissionDenied
    view = get_object_or_404(SavedView, pk=pk, user=request.user.pk)
    drop_view(user_id=request.user.pk, view_id=pk)  # type: ignore[arg-type]
    messages.success(request, _("The view “%(name)s” is removed.") % {"name": view.name})
    return redirect(_to(SavedView.List(view.list), ""))


def _to(key: SavedView.List, query: str) -> str:
    return f"{reverse(INDEXES[key])}{'?' + query if query else ''}"
