"""Links to one session's roll: made and ended by its facilitators and coordinators, used by a substitute."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bookings.domain.substitutes import link_ends_at, make_link, revoke_links, session_for
from bookings.models import Session
from bookings.views.attendance import Door, answer_roll, own_session
from bookings.views.own import private
from bookings.views.walkins import answer_walk_in
from vaern.pages.navigation import breadcrumbs


@never_cache
@login_required
@require_POST
def links(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Make a link, which is shown this once; or with `end`, end all links of the session."""
    row = own_session(request, session)
    back = reverse("bookings:attendance", kwargs={"session": row.uuid})
    if "end" in request.POST:
        revoke_links(session=row, actor_id=request.user.pk or 0)
        messages.success(request, _("The links have ended. Nobody can use them any more."))
        return redirect(back)
    token = make_link(session=row, actor_id=request.user.pk or 0)
    context = {
        "url": settings.VAERN_BASE_URL + reverse("bookings:substitute", kwargs={"token": token}),
        "session": row,
        "workshop": row.workshop,
        "ends": link_ends_at(row),
        "back": back,
        "breadcrumbs": breadcrumbs((_("My sessions"), reverse("bookings:sessions")), (_("Link for a substitute"), "")),
    }
    return render(request, "bookings/substitute_link.html", context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def roll(request: HttpRequest, token: str) -> HttpResponse:
    """Show the one session's roll to whoever has its link, and record who came."""
    row, door = _opened(token)
    return answer_roll(request, row, door)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request: HttpRequest, token: str) -> HttpResponse:
    """Put somebody who came without a booking on that session's roll."""
    row, door = _opened(token)
    return answer_walk_in(request, row, door)


def _opened(token: str) -> tuple[Session, Door]:
    """Return the session of a link; unknown, wrong, ended and expired links look alike."""
    found = session_for(token, now=timezone.now())
    if found is None:
        raise Http404
    session, link = found
    where = {"token": token}
    url = reverse("bookings:substitute", kwargs=where)
    return session, Door(url, reverse("bookings:substitute_walk_in", kwargs=where), link_id=link.pk)
