"""Book a class, and the booker's own page behind a secret link."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bookings.calendar import CANCEL, PUBLISH, calendar_file
from bookings.domain.booking import Refused, SentBefore, book_class, cancel
from bookings.domain.locking import Busy
from bookings.facts import bookable, cancellable, group_limits
from bookings.forms import MAX_GROUPS, BookingForm, GroupFormSet
from bookings.links import booking_for, link_to
from bookings.mails import calendar_description, calendar_summary
from bookings.messages import snapshot
from bookings.models import Booking, Session
from bookings.rules import Refusal
from bookings.texts import sentence
from courses.models import WorkshopPage
from courses.queries import translated
from vaern.design.controls import Problem, problems
from vaern.limits.domain import admit
from vaern.limits.doors import Door, Limit
from vaern.limits.networks import network_of
from vaern.limits.texts import sentence as too_many
from vaern.limits.views import marked
from vaern.outbox.relay import organizer_address
from vaern.pages.navigation import breadcrumbs

BUSY = gettext_lazy("Many are booking right now. Your answers are kept: press the button again in a moment.")

# All schools of the city may share one network. Open while nobody can count: a booking is worth more than a limit.
BOOKING = Door("booking", network=Limit(60), address=Limit(10), open_when_broken=True)

# The refusals that are about one field of a class, so that the error stands where it can be mended.
GROUP_REFUSALS = {
    Refusal.TOO_FEW_SEATS: "pupils",
    Refusal.GROUP_TOO_LARGE: "pupils",
    Refusal.GROUP_TOO_SMALL: "pupils",
    Refusal.ALREADY_BOOKED: "label",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Show the booking form of a session, and book: on success the answer leads to the booker's own page."""
    row = get_object_or_404(Session.objects.select_related("workshop"), uuid=session)
    if request.method != "POST":
        refusal = bookable(row, now=timezone.now())
        if refusal:
            text = sentence(refusal, free=row.free, limits=group_limits(row))
            return _booking_page(request, row, refusal=text)
        return _booking_page(request, row, form=BookingForm(initial={"key": uuid.uuid4()}), groups=_groups(row))
    if "add_group" in request.POST or "remove_group" in request.POST:
        return _with_other_number_of_groups(request, row)
    return _try_to_book(request, row)


def _try_to_book(request: HttpRequest, row: Session) -> HttpResponse:
    form, groups = BookingForm(request.POST), _groups(row, request.POST)
    # Both are checked, so that all errors are shown at once.
    if not all([form.is_valid(), groups.is_valid()]):
        return _booking_page(request, row, form=_rekeyed(form), groups=groups)
    denied = admit(BOOKING, network=network_of(request), address=form.contact().email, weight=form.weight)
    if denied:
        form.add_error(None, too_many(denied))
        return marked(_booking_page(request, row, form=form, groups=groups), denied)
    status = 200
    try:
        booking = book_class(
            session_id=row.pk,
            school=form.booking_school(),
            groups=[group.group() for group in groups],
            contact=form.contact(),
            language=get_language() or "da",
            # One key books one session: the same key sent to another session is another booking.
            idempotency_key=uuid.uuid5(row.uuid, form.idempotency_key.hex),
        )
    except Refused as refused:
        _explain(refused, row, form, groups)
    except SentBefore as sent:
        form = _with_new_key(form)
        text = _(
            "This form has already made the booking %(reference)s. The link in the confirmation leads to it. "
            "Press the button again only if you want one more."
        )
        form.add_error(None, text % {"reference": sent.booking.reference})
    except Busy:
        form.add_error(None, BUSY)
        status = 409
    else:
        return redirect(link_to(booking))
    return _booking_page(request, row, form=form, groups=groups, status=status)


def _groups(session: Session, data: Any = None, *, initial: Sequence[dict[str, Any]] = ({},)) -> Any:
    """Return the form set of classes, with the workshop's grades: as sent, or as `initial` fills it in."""
    grades = {"grade_from": session.workshop.grade_from, "grade_to": session.workshop.grade_to}
    return GroupFormSet(data, prefix="groups", form_kwargs=grades, initial=None if data is not None else initial)


def _rekeyed(form: BookingForm) -> BookingForm:
    """Give the form a fresh key where it came with none or a broken one, so that the next try can succeed."""
    if "key" in form.errors:
        form = _with_new_key(form)
        form.add_error(None, _("The form was incomplete. Look it through and send it again."))
    return form


def _with_new_key(form: BookingForm) -> BookingForm:
    """Return the form as it was filled in, checked again under a key of its own."""
    return BookingForm({**form.data.dict(), "key": str(uuid.uuid4())})  # type: ignore[attr-defined]


def _with_other_number_of_groups(request: HttpRequest, session: Session) -> HttpResponse:
    """Show the form with one class more or less and all answers kept; works without JavaScript.

    Filled in but not checked: the booker is not done.
    """
    data = request.POST
    written = data.get("groups-TOTAL_FORMS", "")
    shown = int(written) if written.isascii() and written.isdigit() and len(written) < 3 else 1
    number = max(1, min(MAX_GROUPS, shown + (1 if "add_group" in data else -1)))
    classes = [
        {
            **{name: data.get(f"groups-{index}-{name}", "") for name in ("label", "grade", "pupils", "adults")},
            "needs": data.getlist(f"groups-{index}-needs"),
        }
        for index in range(number)
    ]
    return _booking_page(
        request, session, form=BookingForm(initial=data.dict()), groups=_groups(session, initial=classes)
    )


def _explain(refused: Refused, session: Session, form: BookingForm, groups: Any) -> None:
    """Put the verb's refusal where the booker can mend it."""
    text = sentence(refused.why, free=refused.free, label=refused.label, limits=group_limits(session))
    name = GROUP_REFUSALS.get(refused.why)
    if name is None:
        form.add_error(None, text)
        return
    limits = group_limits(session)
    for group in groups:
        pupils = group.cleaned_data["pupils"]
        concerns = {
            Refusal.ALREADY_BOOKED: group.cleaned_data["label"] == refused.label,
            Refusal.GROUP_TOO_LARGE: limits.largest is not None and pupils > limits.largest,
            Refusal.GROUP_TOO_SMALL: limits.smallest is not None and pupils < limits.smallest,
        }.get(refused.why, True)
        if concerns:
            group.add_error(name, text)
            if refused.why is Refusal.TOO_FEW_SEATS:
                return


def _problems(form: BookingForm, groups: Any) -> list[Problem]:
    """Return the errors in the order of the page: the classes stand between the school and the contact."""
    own = problems([form])
    first = [problem for problem in own if problem.href in {"", "#id_school", "#id_school_name"}]
    return [*first, *problems([groups]), *(problem for problem in own if problem not in first)]


def _booking_page(
    request: HttpRequest,
    session: Session,
    *,
    form: BookingForm | None = None,
    groups: Any = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    workshop = _in_readers_language(session)
    title = _("Book the workshop")
    context = {
        "session": session,
        "workshop": workshop,
        "form": form,
        "groups": groups,
        "refusal": refusal,
        "max_groups": MAX_GROUPS,
        "next_number": str(len(groups) + 1) if groups is not None else "",
        "problems": _problems(form, groups) if form and groups.is_bound else [],
        "has_errors": bool(
            (form and form.errors) or (groups is not None and groups.is_bound and groups.total_error_count())
        ),
        "breadcrumbs": breadcrumbs((workshop.title, workshop.get_url(request) or ""), (title, "")),
    }
    return render(request, "bookings/book.html", context, status=status)


def _in_readers_language(session: Session) -> WorkshopPage:
    """Return the session's workshop as the reader's language has it; dates hang on the Danish page."""
    found: WorkshopPage = translated(session.workshop, get_language() or settings.LANGUAGE_CODE)
    return found


def _own_booking(token: str) -> Booking:
    """Return the booking behind a link; unknown, wrong and expired look alike (domain.md §7)."""
    booking = booking_for(token)
    if booking is None:
        raise Http404
    return booking


def _private(response: HttpResponse) -> HttpResponse:
    """Keep a page behind a secret link out of caches, search engines and other sites' Referer headers.

    Not "no-referrer": a browser would then send the cancel form with "Origin: null", which the CSRF check refuses.
    """
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@never_cache
@require_safe
def own(request: HttpRequest, token: str) -> HttpResponse:
    """Show the booker's own page: what is booked, the calendar file, and how to cancel."""
    return _private(_own_page(request, _own_booking(token), token))


def _own_page(
    request: HttpRequest, booking: Booking, token: str, *, error: str = "", status: int = 200
) -> HttpResponse:
    session = booking.session
    refusal = cancellable(booking, session, now=timezone.now())
    context = {
        "booking": booking,
        "session": session,
        "workshop": _in_readers_language(session),
        "lines": booking.lines.all(),
        "token": token,
        "error": error,
        "may_cancel": refusal is None,
        "cancel_refusal": sentence(refusal) if refusal else "",
        "breadcrumbs": breadcrumbs((_("Your booking"), "")),
    }
    return render(request, "bookings/own.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_own(request: HttpRequest, token: str) -> HttpResponse:
    """Ask before cancelling (GET changes nothing), and cancel on POST."""
    booking = _own_booking(token)
    if request.method != "POST":
        if cancellable(booking, booking.session, now=timezone.now()):
            return redirect("bookings:own", token=token)
        context = {
            "booking": booking,
            "session": booking.session,
            "workshop": _in_readers_language(booking.session),
            "lines": booking.lines.all(),
            "token": token,
            "breadcrumbs": breadcrumbs((_("Your booking"), link_to(booking)), (_("Cancel the booking"), "")),
        }
        return _private(render(request, "bookings/cancel.html", context))
    try:
        cancel(booking_id=booking.pk)
    except Refused as refused:
        return _private(_own_page(request, _own_booking(token), token, error=sentence(refused.why)))
    except Busy:
        return _private(_own_page(request, _own_booking(token), token, error=str(BUSY), status=409))
    return redirect("bookings:own", token=token)


@never_cache
@require_safe
def own_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Return the booking as a calendar file to download; METHOD is the same in the file and in the type."""
    booking = _own_booking(token)
    facts = snapshot(booking, booking.session)
    method = PUBLISH if booking.is_active else CANCEL
    content = calendar_file(
        facts,
        method=method,
        summary=calendar_summary(facts),
        description=calendar_description(facts),
        organizer=organizer_address(),
        attendee=booking.contact_email,
        now=timezone.now(),
    )
    response = HttpResponse(content, content_type=f"text/calendar; method={method}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="vaern-{booking.reference}.ics"'
    return _private(response)
