"""Things done to several chosen rows at once, each on a page of its own that says what will happen before it does.

What is one decision (approving, a message) is done to all or none; what is many (cancelling, facilitators) is done to
each row by itself, and the answer names those that could not be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from bookings.admin import words
from bookings.domain.approval import approve
from bookings.domain.booking import Refused, cancel
from bookings.domain.locking import Busy
from bookings.domain.session import cancel_session
from bookings.domain.visits import decline_visit
from bookings.models import Booking, Session, VisitRequest
from bookings.rules import SEAT_HOLDING, Refusal
from vaern.cms.staff import LocalTimeMixin
from vaern.outbox.registry import Mail
from vaern.people.models import Organisation
from vaern.workspace import mails
from vaern.workspace.domain.notes import MOST_RECIPIENTS, Letter, TooManyRecipients, letters, send_note
from vaern.workspace.domain.staffing import assign
from vaern.workspace.domain.views import kept_query
from vaern.workspace.forms import ApproveForm, AssignForm, NoteForm, ReasonForm
from vaern.workspace.models import SavedView
from vaern.workspace.permissions import CHANGE_SESSIONS, manages

Lists = SavedView.List
MOST_ROWS = 200

INDEXES = {
    Lists.SESSIONS: "staff_sessions:index",
    Lists.BOOKINGS: "staff_bookings:index",
    Lists.VISITS: "staff_visits:index",
    Lists.ORGANISATIONS: "staff_organisations:index",
}


@dataclass
class Report:
    """How it went: the rows that were done, and those that were not, with why."""

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def rows_of(of_list: str, ids: Sequence[str]) -> list[Any]:
    """Return the chosen rows of a list in its order, with what their names are made of. Raises Http404 for what is no
    list of ids."""
    if not all(one.isascii() and one.isdigit() and len(one) < 19 for one in ids):
        raise Http404
    sources: dict[str, QuerySet[Any]] = {
        Lists.SESSIONS: Session.objects.select_related("workshop")
        .prefetch_related("facilitators")
        .order_by("starts_at", "pk"),
        Lists.BOOKINGS: Booking.objects.select_related("session__workshop")
        .prefetch_related("lines", "people")
        .order_by("created_at", "pk"),
        Lists.VISITS: VisitRequest.objects.select_related("workshop")
        .prefetch_related("groups", "wishes")
        .order_by("created_at", "pk"),
        Lists.ORGANISATIONS: Organisation.objects.order_by("name", "pk"),
    }
    return list(sources[of_list].filter(pk__in=ids[:MOST_ROWS]))


def name_of(row: Any) -> str:
    """Return what a row is called."""
    if isinstance(row, Session):
        return words.called(row)
    if isinstance(row, Booking):
        who = row.school_name or row.contact_name
        return f"{row.reference}: {who}, {words.called(row.session)}"
    if isinstance(row, VisitRequest):
        return f"{row.reference}: {row.school_name}, {row.workshop.title}"
    return str(row)


class BulkView(LocalTimeMixin, WagtailAdminTemplateMixin, FormView):
    """One action on the chosen rows. GET shows what will happen, POST does it."""

    template_name = "workspace/admin/bulk.html"
    index_url_name = ""
    of_list: str = ""
    button: str | Promise = ""
    serious = False

    @classmethod
    def allowed(cls, user: Any) -> bool:
        """Say whether the user may do it."""
        return manages(user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read the chosen rows; with none chosen lead back to the list."""
        if not self.allowed(request.user):
            raise PermissionDenied
        ids = (request.POST if request.method == "POST" else request.GET).getlist("id")
        self.rows = rows_of(self.of_list, ids)
        if not self.rows:
            messages.warning(request, _("Nothing was chosen. Tick the boxes of the rows first."))
            return redirect(self.back())
        return super().dispatch(request, *args, **kwargs)

    def run(self, form: Any) -> Report:
        """Do it and return how it went."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it; when all went well lead back to the list, otherwise show how it went."""
        try:
            report = self.run(form)
        except Refused as refused:
            form.add_error(None, said(refused))
            return self.form_invalid(form)
        except Busy:
            form.add_error(None, words.busy())
            return self.form_invalid(form)
        if not report.refused:
            messages.success(self.request, self.summary(report))
            return redirect(self.back())
        return self.render_to_response(self.get_context_data(form=form, report=report))

    def summary(self, report: Report) -> str:
        """Return what was done, in one sentence."""
        count = len(report.done)
        return ngettext("Done: %(count)s row.", "Done: %(count)s rows.", count) % {"count": count}

    def each(self, verb: Callable[[Any], Any]) -> Report:
        """Call the verb for each row by itself, in ascending order of their ids."""
        report = Report()
        for row in sorted(self.rows, key=lambda one: one.pk):
            try:
                verb(row)
            except Refused as refused:
                report.refused.append((name_of(row), words.refused(refused.why, label=refused.label)))
            except Busy:
                report.refused.append((name_of(row), words.busy()))
            else:
                report.done.append(name_of(row))
        return report

    def back(self) -> str:
        """Return the address of the list, narrowed as it was."""
        query = self.back_query()
        return f"{reverse(INDEXES[Lists(self.of_list)])}{'?' + query if query else ''}"

    def back_query(self) -> str:
        """Return what the list was narrowed by."""
        return kept_query(self.request.GET.get("back") or self.request.POST.get("back") or "")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [
            *self.breadcrumbs_items,
            {"url": self.back(), "label": Lists(self.of_list).label},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the chosen rows, and what the button says."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        count = len(self.rows)
        return {
            **context,
            "rows": [(row.pk, name_of(row)) for row in self.rows],
            "chosen": ngettext("%(count)s row is chosen:", "%(count)s rows are chosen:", count) % {"count": count},
            "button": self.button,
            "serious": self.serious,
            "back": self.back(),
            "back_query": self.back_query(),
            "intro": self.intro(),
        }

    def intro(self) -> str:
        """Return what will happen, in a sentence or two."""
        return ""


def said(refused: Refused) -> str:
    """Return why nothing was done to any of the rows."""
    why = words.refused(refused.why)
    if refused.why in {Refusal.FULL, Refusal.TOO_FEW_SEATS, Refusal.OTHERS_WAIT}:
        why = _("There is not room for it. Choose fewer, or put those without room on the waiting list.")
    none = _("Nothing has been done to any of the rows.")
    return " ".join(filter(None, [f"{refused.label}:" if refused.label else "", why, none]))


class ApproveView(BulkView):
    """Approves requests, all or none."""

    page_title = gettext_lazy("Approve bookings")
    button = gettext_lazy("Approve the chosen")
    form_class = ApproveForm

    def intro(self) -> str:
        """Say that it is all or none."""
        return _("All are approved or none, the oldest first. Those who booked get a message.")

    def run(self, form: ApproveForm) -> Report:
        """Approve them."""
        ids = [row.pk for row in self.rows]
        approve(booking_ids=ids, wait=form.cleaned_data["wait"], actor_id=self.request.user.pk)
        return Report(done=[name_of(row) for row in self.rows])

    def summary(self, report: Report) -> str:
        """Return how many were approved."""
        count = len(report.done)
        text = ngettext("%(count)s request is approved.", "%(count)s requests are approved.", count)
        told = _("Those who booked get a message.")
        return f"{text % {'count': count}} {told}"


class CancelBookingsView(BulkView):
    """Cancels bookings, each by itself."""

    page_title = gettext_lazy("Cancel bookings")
    button = gettext_lazy("Yes, cancel the chosen bookings")
    form_class = ReasonForm
    serious = True

    def intro(self) -> str:
        """Say what happens."""
        return _("Each booking is cancelled by itself, its places are free, and its contact gets a message.")

    def run(self, form: ReasonForm) -> Report:
        """Cancel them."""
        reason, actor_id = form.cleaned_data["reason"], self.request.user.pk
        return self.each(lambda row: cancel(booking_id=row.pk, reason=reason, by_staff=True, actor_id=actor_id))


class CancelSessionsView(BulkView):
    """Cancels sessions with all their bookings, each by itself."""

    page_title = gettext_lazy("Cancel sessions")
    button = gettext_lazy("Yes, cancel the chosen sessions")
    form_class = ReasonForm
    serious = True

    @classmethod
    def allowed(cls, user: Any) -> bool:
        """Let in those who change sessions."""
        return bool(user.has_perm(CHANGE_SESSIONS))

    def intro(self) -> str:
        """Say how many bookings end by it."""
        count = Booking.objects.active().filter(session__in=self.rows).count()
        text = ngettext(
            "%(count)s booking ends by it, and its contact gets a message.",
            "%(count)s bookings end by it, and their contacts get a message.",
            count,
        )
        return text % {"count": count}

    def run(self, form: ReasonForm) -> Report:
        """Cancel them."""
        reason, actor_id = form.cleaned_data["reason"], self.request.user.pk
        return self.each(lambda row: cancel_session(session_id=row.pk, reason=reason, actor_id=actor_id))


class AssignView(BulkView):
    """Gives sessions facilitators, each by itself."""

    page_title = gettext_lazy("Choose facilitators")
    button = gettext_lazy("Save")
    form_class = AssignForm

    @classmethod
    def allowed(cls, user: Any) -> bool:
        """Let in those who change sessions."""
        return bool(user.has_perm(CHANGE_SESSIONS))

    def intro(self) -> str:
        """Say what happens when somebody is busy."""
        return _("Whoever holds another session at the same time is marked in the list and in the calendar.")

    def run(self, form: AssignForm) -> Report:
        """Assign them."""
        data, actor_id = form.cleaned_data, self.request.user.pk
        people = list(data["people"])
        return self.each(
            lambda row: assign(session_id=row.pk, people=people, replace=data["replace"], actor_id=actor_id)
        )


class DeclineVisitsView(BulkView):
    """Says no to requests for visits, each by itself."""

    page_title = gettext_lazy("Decline requests for visits")
    button = gettext_lazy("Yes, decline the chosen")
    form_class = ReasonForm
    serious = True

    def intro(self) -> str:
        """Say what happens."""
        return _("Each school is told why we cannot come.")

    def run(self, form: ReasonForm) -> Report:
        """Decline them."""
        reason, actor_id = form.cleaned_data["reason"], self.request.user.pk
        return self.each(lambda row: decline_visit(request_id=row.pk, reason=reason, actor_id=actor_id))


class NoteView(BulkView):
    """Writes to those who have booked: the text, then how it looks and to how many, then it is sent."""

    page_title = gettext_lazy("Write to those who have booked")
    button = gettext_lazy("See the message before it is sent")
    form_class = NoteForm
    template_name = "workspace/admin/note.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask whether those who wait are told as well, where that is a question."""
        asks = self.of_list in {Lists.SESSIONS, Lists.ORGANISATIONS}
        return {**super().get_form_kwargs(), "asks_waiting": asks}

    def about(self, *, waiting: bool) -> list[Booking | VisitRequest]:
        """Return the bookings or requests that the message is about."""
        if self.of_list in {Lists.BOOKINGS, Lists.VISITS}:
            return self.rows
        found = Booking.objects.active().select_related("session__workshop").prefetch_related("lines", "people")
        if not waiting:
            found = found.filter(state__in=SEAT_HOLDING)
        if self.of_list == Lists.SESSIONS:
            found = found.filter(session__in=self.rows)
        else:
            found = found.filter(school__in=self.rows, session__starts_at__gt=timezone.now())
        return list(found.order_by("created_at", "pk"))

    def form_valid(self, form: Any) -> HttpResponse:
        """Show it, or send it when it has been seen."""
        data = form.cleaned_data
        about = self.about(waiting=data.get("waiting", False))
        written = letters(about, subject=data["subject"], text=data["text"])
        if not written:
            form.add_error(None, _("Nobody would get the message: there are no bookings that it could go to."))
        elif len(written) > MOST_RECIPIENTS:
            form.add_error(None, too_many(len(written)))
        elif "send" in self.request.POST:
            return self._send(form, about)
        else:
            shown = {"preview": rendered(written[0]), "first": written[0], "count": len(written)}
            return self.render_to_response(self.get_context_data(form=form, **shown))
        return self.form_invalid(form)

    def _send(self, form: Any, about: list[Booking | VisitRequest]) -> HttpResponse:
        data = form.cleaned_data
        try:
            count = send_note(
                about=about,
                subject=data["subject"],
                text=data["text"],
                form_key=data["key"],
                actor_id=self.request.user.pk,
            )
        except TooManyRecipients:
            form.add_error(None, too_many(MOST_RECIPIENTS + 1))
            return self.form_invalid(form)
        except Busy:
            form.add_error(None, words.busy())
            return self.form_invalid(form)
        if count is None:
            messages.warning(self.request, _("This message has been sent already, and is not sent again."))
        else:
            text = ngettext(
                "The message is on its way to %(count)s person.",
                "The message is on its way to %(count)s people.",
                count,
            )
            messages.success(self.request, text % {"count": count})
        return redirect(self.back())


def too_many(count: int) -> str:
    """Return why a message cannot go to so many."""
    text = _("%(count)s people would get the message, and %(most)s is the most. Choose fewer rows.")
    return text % {"count": count, "most": MOST_RECIPIENTS}


def rendered(letter: Letter) -> Mail:
    """Return a message as its recipient gets it."""
    with translation.override(letter.language):
        return mails.by_hand(letter.context)


@dataclass(frozen=True)
class Action:
    """A bulk action of a list."""

    key: str
    label: str | Promise
    view: type[BulkView]
    serious: bool = False


MESSAGE = Action("message", gettext_lazy("Write to them"), NoteView)
ACTIONS: dict[str, tuple[Action, ...]] = {
    Lists.SESSIONS: (
        Action("assign", gettext_lazy("Facilitators"), AssignView),
        MESSAGE,
        Action("cancel", gettext_lazy("Call off"), CancelSessionsView, serious=True),
    ),
    Lists.BOOKINGS: (
        Action("approve", gettext_lazy("Approve"), ApproveView),
        MESSAGE,
        Action("cancel", gettext_lazy("Call off"), CancelBookingsView, serious=True),
    ),
    Lists.VISITS: (
        MESSAGE,
        Action("decline", gettext_lazy("Decline"), DeclineVisitsView, serious=True),
    ),
    Lists.ORGANISATIONS: (MESSAGE,),
}


def actions_of(of_list: str, user: Any) -> list[Action]:
    """Return the actions that the user may take on a list."""
    return [action for action in ACTIONS[of_list] if action.view.allowed(user)]


def bulk(request: HttpRequest, of_list: str, action: str) -> HttpResponseBase:
    """Open the page of a list's action. 404 for one that there is not."""
    found = next((one for one in ACTIONS.get(of_list, ()) if one.key == action), None)
    if found is None:
        raise Http404
    return found.view.as_view(of_list=of_list)(request)


def bulk_link(of_list: str, action: str, *ids: int) -> str:
    """Return the address of an action on these rows."""
    return f"{reverse('workspace_bulk', args=[of_list, action])}?{urlencode([('id', one) for one in ids])}"
