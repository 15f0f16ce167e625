"""A session's page: facts, what the matter is, who is on it, who waits, what was written and done, and all actions."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button, HeaderButton

from bookings import providers
from bookings.admin import words
from bookings.admin.views.sessions import SessionInspectView
from bookings.domain.booking import Refused
from bookings.domain.locking import Busy
from bookings.domain.session import change_session
from bookings.facts import bookable, can_wait
from bookings.models import Session
from bookings.permissions import may_report
from bookings.roll import roll_of
from bookings.rules import State
from vaern.design.formats import format_number
from vaern.workspace import flags
from vaern.workspace.forms import HoldersForm
from vaern.workspace.history import events_of, letters_of
from vaern.workspace.models import SavedView
from vaern.workspace.permissions import CHANGE_SESSIONS, MESSAGES, PLAN_SESSIONS, manages
from vaern.workspace.roll import bookings_of, lines_of, walk_ins_of
from vaern.workspace.views.bulk import bulk_link


class SessionPageView(SessionInspectView):
    """All there is to know of a session, and all that can be done with it."""

    template_name = "workspace/admin/session.html"

    def get_object(self, queryset: Any = None) -> Session:
        """Read what the page shows with the session."""
        rows = Session.objects.select_related("workshop__provider", "series").prefetch_related("facilitators")
        return get_object_or_404(rows, pk=self.pk)

    @cached_property
    def changes(self) -> bool:
        """Say whether the user may change this session."""
        open_to_change = self.object.status != Session.Status.CANCELLED
        return bool(open_to_change and self.request.user.has_perm(CHANGE_SESSIONS))

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Return the actions that are used most."""
        session, user = self.object, self.request.user
        buttons: list[tuple[str, str, str]] = []
        if self.changes:
            buttons.append((_("Edit or move"), reverse("staff_sessions:edit", args=[session.pk]), "edit"))
        if manages(user) and session.status == Session.Status.PLANNED and session.starts_at > timezone.now():
            buttons.append((_("Book for somebody"), reverse("workspace_book", args=[session.pk]), "plus"))
        if session.status != Session.Status.CANCELLED and may_report(user):
            buttons.append((_("Attendance"), reverse("bookings:attendance", args=[session.uuid]), "clipboard-list"))
        return [
            HeaderButton(label, url=url, icon_name=icon, priority=number)
            for number, (label, url, icon) in enumerate(buttons)
        ]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Return the rest."""
        session, user = self.object, self.request.user
        buttons: list[tuple[str, str, str]] = []
        if manages(user):
            buttons.append((_("Write to them"), bulk_link(SavedView.List.SESSIONS, "message", session.pk), "mail"))
        if may_report(user):
            buttons.append((_("List to print"), reverse("bookings:paper_list", args=[session.uuid]), "print"))
        if user.has_perm("bookings.view_booking"):
            url = f"{reverse('staff_bookings:index')}?session={session.pk}"
            buttons.append((_("Bookings"), url, "list-ul"))
        if user.has_perm(PLAN_SESSIONS):
            buttons.append((_("Copy"), reverse("staff_sessions:copy", args=[session.pk]), "copy"))
        if session.visibility == Session.Visibility.PUBLIC or session.status == Session.Status.PLANNED:
            buttons.append((_("See the booking page"), reverse("bookings:book", args=[session.uuid]), "view"))
        if self.changes and session.status == Session.Status.PLANNED:
            buttons.append(
                (_("Cancel the session"), reverse("staff_sessions:cancel", args=[session.pk]), "circle-xmark")
            )
        return [
            Button(label, url=url, icon_name=icon, priority=number) for number, (label, url, icon) in enumerate(buttons)
        ]

    def get_page_title(self) -> str:
        """Return the workshop's title."""
        return str(self.object.workshop.title)

    def get_page_subtitle(self) -> str:
        """Return when it is."""
        return words.when(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("staff_sessions:index"), "label": _("Sessions")},
            {"url": "", "label": words.called(self.object)},
        ]

    def get_fields_context(self) -> list[dict[str, Any]]:
        """Return the facts as (label, value)."""
        session, now = self.object, timezone.now()
        facts = [
            (_("Time"), words.when(session)),
            (_("Place"), words.place_of(session)),
            (_("Link for taking part"), session.online_link),
            (_("Facilitators"), words.facilitators_of(session) or _("Nobody yet")),
            (_("Places taken"), _places(session)),
            (_("Status"), session.get_status_display()),
            (_("Reason for cancelling"), session.cancel_reason),
            (_("Registration"), _registration(session, now)),
            (_("Bookers can cancel until"), words.moment(session.cancel_ends_at)),
            (_("Waiting list"), session.get_waiting_rule_display()),
            (_("Approval"), _("A coordinator approves each booking") if session.approval_needed else ""),
            (_("Visibility"), session.get_visibility_display()),
            (_("Series of dates"), str(session.series or "")),
            (_("Provider"), str(session.workshop.provider or "")),
        ]
        return [{"label": label, "value": value} for label, value in facts if value]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add who is on it, who waits, what was written and what was done."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        session, now = self.object, timezone.now()
        bookings, roll = bookings_of(session), roll_of(session)
        events, more_events = events_of(session, bookings)
        reads = self.request.user.has_perm(MESSAGES)
        letters, more_letters = letters_of(session, bookings) if reads else ([], False)
        waiting = sorted(
            (one for one in bookings if one.state == State.WAITLISTED), key=lambda one: (one.queued_at, one.pk)
        )
        return {
            **context,
            "session": session,
            "flags": flags.flags_of([session], now=now)[session.pk],
            "clashes": flags.clashes_of(session) if session.status != Session.Status.CANCELLED else [],
            "ways_out": _ways_out(session, now),
            "roll": lines_of(bookings, roll, begun=session.starts_at <= now),
            "walk_ins": walk_ins_of(roll),
            "waiting": waiting,
            "ended": [one for one in bookings if not one.is_active],
            "letters": letters,
            "more_letters": more_letters,
            "reads_messages": reads,
            "events": events,
            "more_events": more_events,
            "holders": HoldersForm(session=session) if self.changes else None,
            "full": full_share(session),
        }


def full_share(session: Session) -> dict[str, int] | None:
    """Return what a meter of the places shows; None where there is no limit."""
    if not session.capacity:
        return None
    return {"value": session.seats_taken, "max": session.capacity}


def _places(session: Session) -> str:
    text = words.seats_of(session)
    unit = session.get_capacity_unit_display().lower()
    waiting = _("%(count)s waiting") % {"count": format_number(session.waiting)} if session.waiting else ""
    return ", ".join(filter(None, [f"{text} ({unit})", waiting]))


def _registration(session: Session, now: Any) -> str:
    refusal = bookable(session, now=now)
    if refusal is None:
        return _("Open until %(when)s") % {"when": words.moment(session.booking_ends_at)}
    if can_wait(session, now=now):
        return _("Only the waiting list, until %(when)s") % {"when": words.moment(session.booking_ends_at)}
    return words.refused(refusal)


def _ways_out(session: Session, now: Any) -> str:
    """Return what to do about a provider without a charter; nothing when that is not the matter."""
    if not flags.is_coming(session, now) or not providers.lacking([session]):
        return ""
    text = _(
        "%(provider)s has no valid charter on that day. Have the charter signed, move the session to a day on which it "
        "is valid, make it visible only by link, or cancel it."
    )
    return text % {"provider": session.workshop.provider}


@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who holds a session, from its page."""
    if not request.user.has_perm(CHANGE_SESSIONS):
        raise PermissionDenied
    session = get_object_or_404(Session.objects.prefetch_related("facilitators"), pk=pk)
    form = HoldersForm(request.POST, session=session)
    if not form.is_valid():
        messages.error(request, _("Nothing was saved: one of the facilitators is not there any more."))
    else:
        _hold(request, session, list(form.cleaned_data["people"]))
    return redirect("staff_sessions:inspect", session.pk)


def _hold(request: HttpRequest, session: Session, people: list[Any]) -> None:
    try:
        change_session(session_id=session.pk, changes={}, facilitators=people, actor_id=request.user.pk)
    except Refused as refused:
        messages.error(request, words.refused(refused.why))
    except Busy:
        messages.error(request, words.busy())
    else:
        messages.success(
            request, _("The facilitators are saved. Those who are new, and those who are let go, are told.")
        )
        doubled = [other for other, _what in flags.clashes_of(Session.objects.get(pk=session.pk))]
        if doubled:
            text = _("There is another session at the same time: %(session)s.")
            messages.warning(request, text % {"session": words.called(doubled[0])})
