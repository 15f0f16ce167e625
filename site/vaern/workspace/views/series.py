"""Several dates by a rule: what it gives is shown with holidays and conflicts, and then planned."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from bookings.admin import words
from bookings.domain.locking import Busy
from bookings.models import Session
from bookings.providers import NoCharter
from vaern.design.formats import COPENHAGEN
from vaern.workspace.domain.series import plan_series
from vaern.workspace.flags import around, closed_days, in_common, slot_of
from vaern.workspace.forms import SeriesForm
from vaern.workspace.permissions import PLAN_SESSIONS
from vaern.workspace.rules import MOST_DATES, Slot, clashes, dates_by_rule, place_key
from vaern.workspace.views.base import WorkspaceView


@dataclass(frozen=True)
class Proposed:
    """One date that the rule gives."""

    day: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    closed: str
    meets: list[tuple[Session, str]]
    chosen: bool
    past: bool


class SeriesView(WorkspaceView):
    """The rule, then its dates with a box at each; those on closed days are not ticked."""

    template_name = "workspace/admin/series.html"
    page_title = gettext_lazy("Several dates")
    header_icon = "list-ol"
    trail: ClassVar = [("staff_sessions:index", gettext_lazy("Sessions"))]

    def allowed(self, user: Any) -> bool:
        """Let in those who plan sessions."""
        return bool(user.has_perm(PLAN_SESSIONS))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what the rule gives, or plan what is ticked."""
        form = SeriesForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        saving = "save" in request.POST
        days = set(request.POST.getlist("day")) if saving else None
        dates = proposed(form, days)
        if not dates:
            form.add_error(None, _("The rule gives no date. Look at the days and at how often."))
            return self._show(form)
        if not saving:
            return self._show(form, dates)
        return self._plan(form, dates)

    def _plan(self, form: SeriesForm, dates: list[Proposed]) -> HttpResponse:
        chosen = [one for one in dates if one.chosen and not one.past]
        if not chosen:
            form.add_error(None, _("Tick at least one date."))
            return self._show(form, dates)
        try:
            planned = plan_series(
                spans=[(one.starts_at, one.ends_at) for one in chosen],
                values=form.values(),
                facilitators=list(form.cleaned_data["facilitators"]),
                together=form.cleaned_data["together"],
                form_key=form.cleaned_data["key"],
                actor_id=self.request.user.pk,
            )
        except NoCharter as error:
            form.add_error("visibility", words.no_charter(error))
            return self._show(form, dates)
        except Busy:
            form.add_error(None, words.busy())
            return self._show(form, dates)
        if planned is None:
            messages.warning(self.request, _("These dates have been planned already, and are not planned again."))
        else:
            count = len(planned)
            text = ngettext("%(count)s session is planned.", "%(count)s sessions are planned.", count)
            messages.success(self.request, text % {"count": count})
        return redirect(self._to_list(form, chosen))

    def _to_list(self, form: SeriesForm, chosen: list[Proposed]) -> str:
        first, last = chosen[0].day, chosen[-1].day
        workshop = form.cleaned_data["workshop"].pk
        query = f"workshop={workshop}&starts_at_from={first}&starts_at_to={last}"
        return f"{reverse('staff_sessions:index')}?{query}"

    def _show(self, form: SeriesForm, dates: list[Proposed] | None = None) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, dates=dates))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form, and the dates when there are some."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        form = kwargs.get("form") or SeriesForm()
        dates = kwargs.get("dates") or []
        return {
            **context,
            "form": form,
            "media": form.media,
            "dates": dates,
            "ticked": sum(one.chosen for one in dates),
            "left_out": sum(bool(one.closed) for one in dates),
            "cut": len(dates) == MOST_DATES,
            "most": MOST_DATES,
        }


def proposed(form: SeriesForm, ticked: set[str] | None) -> list[Proposed]:
    """Return the dates that a valid form's rule gives. `ticked`: ISO days that were chosen; None for all that are open
    and still to come. Four queries, however many dates."""
    data = form.cleaned_data
    weekdays = {int(number) for number in data["weekdays"]}
    days = dates_by_rule(data["first_day"], data["last_day"], weekdays=weekdays, every=data["every"])
    closed = closed_days(days)
    people = frozenset(person.pk for person in data["facilitators"])
    place = place_key(data["place"], "")
    # Dates that are not there yet have no id: their numbers go below zero.
    slots = [Slot(-number, *span_of(form, day), people, place) for number, day in enumerate(days, 1)]
    others = {session.pk: session for session in around(slots)}
    found = clashes([*slots, *map(slot_of, others.values())])
    now = dt.datetime.now(tz=COPENHAGEN)
    return [
        Proposed(
            day,
            slot.starts_at,
            slot.ends_at,
            closed.get(day, ""),
            [
                (others[clash.other], in_common(clash, others[clash.other]))
                for clash in found.get(slot.pk, [])
                if clash.other in others
            ],
            past=slot.starts_at <= now,
            chosen=(not closed.get(day) and slot.starts_at > now) if ticked is None else day.isoformat() in ticked,
        )
        for day, slot in zip(days, slots, strict=True)
    ]


def span_of(form: SeriesForm, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return from when to when a session is on a day, by Copenhagen's clock."""
    data = form.cleaned_data
    starts_at = dt.datetime.combine(day, data["starts"], tzinfo=COPENHAGEN)
    if data["ends"]:
        return starts_at, dt.datetime.combine(day, data["ends"], tzinfo=COPENHAGEN)
    return starts_at, starts_at + dt.timedelta(minutes=data["workshop"].duration_minutes)
