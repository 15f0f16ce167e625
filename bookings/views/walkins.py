"""Put a class or persons that came without a booking on the roll."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.domain.attendance import refused_now
from bookings.domain.booking import Refused
from bookings.domain.locking import Busy
from bookings.domain.walkins import add_walk_in
from bookings.forms.walkins import WalkInClassForm, WalkInPersonsForm
from bookings.models import Session
from bookings.roll import roll_of
from bookings.texts import saved, sentence
from bookings.views.attendance import Door, door_of, own_session
from courses.models import WorkshopPage
from vaern.design.controls import problems
from vaern.pages.navigation import breadcrumbs


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Put somebody who came without a booking on an own session's roll."""
    row = own_session(request, session)
    return answer_walk_in(request, row, door_of(request, row))


def answer_walk_in(request: HttpRequest, session: Session, door: Door) -> HttpResponse:
    """Show the form, or put what was sent on the roll and lead back to it. What was typed stays."""
    data = request.POST if request.method == "POST" else None
    initial = {"key": uuid.uuid4()}
    audience = session.workshop.audience
    form: WalkInClassForm | WalkInPersonsForm = (
        WalkInClassForm(data, initial=initial)
        if audience == WorkshopPage.Audience.CLASS
        else WalkInPersonsForm(data, initial=initial, audience=audience)
    )
    status, error = 200, ""
    if data is not None and form.is_valid():
        try:
            written = add_walk_in(
                session_id=session.pk,
                came=form.came(),
                client_key=form.cleaned_data["key"],
                actor_id=door.actor_id,
                link_id=door.link_id,
            )
        except Refused as refused:
            error = " ".join((_("Nothing was saved."), sentence(refused.why, label=refused.label)))
        except Busy:
            status = 409
            error = _("The system is busy right now. Your numbers are kept: press the button again in a moment.")
        else:
            text = saved(roll_of(session), [written]) if written else _("This was saved already.")
            messages.success(request, text)
            return redirect(door.url)
    elif data is not None and "key" in form.errors:
        again = data.copy()
        again["key"] = str(uuid.uuid4())
        form.data = again
        error = _("The form was incomplete. Look it through and send it again.")
    refusal = refused_now(session)
    context = {
        "session": session,
        "workshop": session.workshop,
        "form": form,
        "door": door,
        "refusal": sentence(refusal) if refusal else "",
        "error": error,
        "problems": [problem for problem in problems([form]) if problem.href],
        "has_errors": bool(error) or bool(form.errors),
        "breadcrumbs": breadcrumbs((session.workshop.title, door.url), (_("Came without a booking"), "")),
    }
    return render(request, "bookings/walk_in.html", context, status=status)
