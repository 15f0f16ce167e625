"""The roll of a session: who came. Made for a phone in a classroom, with or without an account."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.domain.attendance import (
    MorePresentThanPlanned,
    Overtaken,
    PersonReport,
    Report,
    refused_now,
    report_attendance,
)
from bookings.domain.booking import Refused
from bookings.domain.locking import Busy
from bookings.domain.substitutes import link_ends_at, open_links
from bookings.forms import AttendanceKeyForm, LineAttendanceForm
from bookings.forms.attendance import NameSearchForm, PersonAttendanceForm, RollForm, walk_in_form
from bookings.models import AttendanceRecord, GroupLine, Session
from bookings.permissions import may_report, sessions_to_report
from bookings.roll import Roll, Subject, roll_of
from bookings.rules import fold
from bookings.texts import came, saved, sentence
from courses.models import WorkshopPage
from materials.queries import materials_of_workshop
from vaern.design.controls import problems
from vaern.pages.navigation import breadcrumbs

# From so many persons on, the list can be searched.
SEARCH_FROM = 10


@dataclass(frozen=True)
class Door:
    """By which way somebody has come to a roll: as a user, or with a substitute's link; and the ways on from there."""

    url: str
    walk_in_url: str
    actor_id: int | None = None
    link_id: int | None = None

    @property
    def is_own(self) -> bool:
        """Say whether it is somebody with an account, who may do more than report."""
        return self.link_id is None


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Show the roll of an own session, and record who came."""
    row = own_session(request, session)
    return answer_roll(request, row, door_of(request, row))


def own_session(request: HttpRequest, session: uuid.UUID) -> Session:
    """Return a session that the user may report; another's looks like one that does not exist."""
    if not may_report(request.user):
        raise PermissionDenied
    return get_object_or_404(sessions_to_report(request.user).select_related("workshop"), uuid=session)


def door_of(request: HttpRequest, session: Session) -> Door:
    """Return the way of a signed-in user to a session's roll."""
    where = {"session": session.uuid}
    return Door(
        reverse("bookings:attendance", kwargs=where),
        reverse("bookings:walk_in", kwargs=where),
        actor_id=request.user.pk,
    )


def answer_roll(request: HttpRequest, session: Session, door: Door) -> HttpResponse:
    """Show the roll, or record what was sent. What was typed stays whatever goes wrong."""
    page = _Page(session, request.POST if request.method == "POST" else None, query=request.GET.get("q", ""))
    if request.method == "POST" and page.is_valid():
        if not page.save(door):
            return page.answer(request, door)
        if page.written:
            messages.success(request, " ".join((_("Attendance is saved. Thank you."), saved(page.roll, page.written))))
        else:
            messages.info(request, " ".join((_("Nothing was changed."), saved(page.roll, page.known))).strip())
        return redirect(door.url)
    return page.answer(request, door)


class _Page:
    """The roll as it is shown, or as it was sent."""

    def __init__(self, session: Session, data: QueryDict | None, *, query: str) -> None:
        self.session, self.data = session, data
        self.query = query.strip()[:80]
        self.all_present = data is not None and "all_present" in data
        self.key_form = AttendanceKeyForm(data) if data is not None else AttendanceKeyForm(initial=_fresh_key())
        self.status, self.error, self.more = 200, "", list[str]()
        self.written: list[AttendanceRecord] = []
        self._read(data)

    def _read(self, data: QueryDict | None) -> None:
        self.roll: Roll = roll_of(self.session)
        history = self.roll.history
        self.lines = [
            LineAttendanceForm(data, line=line, history=history.get(("line", line.pk), [])) for line in self.roll.lines
        ]
        self.people = [
            PersonAttendanceForm(data, subject=person, history=history.get(("person", person.pk), []))
            for person in self.roll.people
            if fold(self.query) in fold(f"{person.name} {person.booking.workplace}")
        ]
        self.walk_ins = [
            walk_in_form(_if_sent(data, f"walk-in-{walk_in.pk}"), walk_in, history.get(("walk_in", walk_in.pk), []))
            for walk_in in self.roll.walk_ins
        ]
        self.reason = self._common_reason()
        if data is None:
            self.key_form.initial["reason"] = self.reason

    @property
    def forms(self) -> list[RollForm]:
        return [*self.lines, *self.people, *self.walk_ins]

    @property
    def known(self) -> list[AttendanceRecord]:
        """Return what is known of everything on the page."""
        return [records[-1] for records in self.roll.history.values()]

    def _common_reason(self) -> str:
        """Return why it did not take place, when that is what is known of every person."""
        reasons = {form.record.reason if form.record else "" for form in self.people}
        return reasons.pop() if len(reasons) == 1 else ""

    def is_valid(self) -> bool:
        """Check every part; a page without its key is drawn anew with what was typed."""
        valid = [form.is_valid() for form in self.forms if form.is_bound]
        if not self.key_form.is_valid() and "key" in self.key_form.errors:
            self.key_form = AttendanceKeyForm(initial=_fresh_key())
            self.error = _("The form was incomplete. Look it through and send it again.")
            return False
        if self.key_form.errors or not all(valid):
            return False
        return self._reason_agrees()

    @property
    def _sent_reason(self) -> str:
        """Return the reason that was chosen for all persons. A page of some of them has no such field: as it was."""
        reason: str = self.reason if self.query else self.key_form.cleaned_data["reason"]
        return reason

    def _reason_agrees(self) -> bool:
        reason = self._sent_reason
        chosen = any(form.cleaned_data["presence"] for form in self.people)
        if reason and reason != self.reason and (chosen or self.all_present):
            self.key_form.add_error("reason", _("Choose either who was there or a reason, not both."))
            return False
        if self.reason and not reason and not chosen and not self.all_present and self.people:
            self.key_form.add_error("reason", _("This has been reported. Choose who was there, or a reason."))
            return False
        return True

    def reports(self) -> list[Report]:
        """Return what the page says that was not known. Valid pages only."""
        reason = self._sent_reason
        if reason and reason != self.reason:
            persons: Sequence[Report | None] = [
                PersonReport(form.row.pk, reason=reason, seen_id=form.seen_id) for form in self.people
            ]
        else:
            persons = [form.report(all_present=self.all_present) for form in self.people]
        others = [form.report() for form in [*self.lines, *self.walk_ins] if form.is_bound]
        return [report for report in [*others, *persons] if report]

    def save(self, door: Door) -> bool:
        """Record what was sent and say whether that went well; if not, the page says what is to be done."""
        try:
            self.written = report_attendance(
                session_id=self.session.pk,
                reports=self.reports(),
                client_key=self.key_form.cleaned_data["key"],
                actor_id=door.actor_id,
                more_is_right=self.key_form.cleaned_data["more_is_right"],
                link_id=door.link_id,
            )
        except Overtaken as overtaken:
            self._show_anew(overtaken.subjects)
        except MorePresentThanPlanned as found:
            self.more = found.labels
            sent = self.key_form.data.copy()  # type: ignore[attr-defined]
            sent["more_is_right"] = "on"
            self.key_form = AttendanceKeyForm(sent)
        except Refused as refused:
            self.error = " ".join((_("Nothing was saved."), sentence(refused.why)))
        except GroupLine.DoesNotExist:
            # A booking was cancelled after the forms were built: those that are left keep their numbers.
            self._read(self.data)
            self.error = _("The classes of this session have changed. Look the form through and save again.")
        except Busy:
            self.status = 409
            self.error = _("The system is busy right now. Your numbers are kept: press the button again in a moment.")
        else:
            return True
        return False

    def _show_anew(self, subjects: list[Subject]) -> None:
        """Show what was sent, with an error where somebody else has changed it; sent again, that corrects it."""
        again = self.data.copy() if self.data is not None else QueryDict(mutable=True)
        self._read(None)
        for form in self.forms:
            if form.kind == "walk-in" and not _if_sent(self.data, str(form.prefix)):
                continue
            again[form.add_prefix("seen")] = str(form.record.pk) if form.record else ""
        self._read(again)
        text = _("Somebody else has changed this to %(pupils)s. Look at it and save again.")
        for form in self.forms:
            if form.is_bound and form.is_valid() and form.record and form.record.subject in subjects:
                form.add_error(form.first_field, text % {"pupils": known_as(form.record)})

    def answer(self, request: HttpRequest, door: Door) -> HttpResponse:
        """Return the page."""
        session, workshop = self.session, self.session.workshop
        refusal = refused_now(session)
        bound = [form for form in [*self.forms, self.key_form] if form.is_bound]
        parts = len(self.roll.lines) + len(self.roll.people)
        context = {
            "session": session,
            "workshop": workshop,
            "door": door,
            "line_forms": self.lines,
            "people_forms": self.people,
            "walk_in_forms": self.walk_ins,
            "place": session.place_for(form.line.booking.school_name for form in self.lines),
            "key_form": self.key_form,
            "refusal": sentence(refusal) if refusal else "",
            "error": self.error,
            "more": self.more,
            "query": self.query,
            "search_form": NameSearchForm(initial={"q": self.query}),
            "searchable": len(self.roll.people) >= SEARCH_FROM,
            "for_persons": workshop.audience != WorkshopPage.Audience.CLASS,
            "parts": parts,
            "reported": parts - len(self.roll.unreported),
            "latest": self.roll.latest,
            "problems": list(problems(bound)),
            "has_errors": bool(self.error) or any(form.errors for form in bound),
            "materials": materials_of_workshop(workshop, request.LANGUAGE_CODE),
            "links": open_links(session) if door.is_own else [],
            "links_end": link_ends_at(session),
            "breadcrumbs": breadcrumbs((_("My sessions"), reverse("bookings:sessions")), (workshop.title, ""))
            if door.is_own
            else breadcrumbs((workshop.title, "")),
        }
        return render(request, "bookings/attendance.html", context, status=self.status)


def known_as(record: AttendanceRecord) -> str:
    """Return in a word what somebody else has reported: the pupils of a class, what else says itself."""
    if record.took_place and record.pupils_present is not None:
        return str(record.pupils_present)
    return record.get_reason_display() or came(record)


def _fresh_key() -> dict[str, Any]:
    return {"key": uuid.uuid4()}


def _if_sent(data: QueryDict | None, prefix: str) -> QueryDict | None:
    """Return the data when it holds this part: a walk-in that came after the page was opened is not in it."""
    return data if data is not None and any(name.startswith(f"{prefix}-") for name in data) else None
