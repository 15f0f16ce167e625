"""Ask for a visit: the class, up to three times, and the contact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.domain.visits import request_visit
from bookings.forms.orders import ClassOrder
from bookings.models import VisitRequest, VisitWish
from courses.models import WorkshopPage
from vaern.design.controls import Problem, problems
from vaern.design.formats import COPENHAGEN, format_clock, format_date
from vaern.schooldays.models import SchoolHoliday
from vaern.schooldays.rules import is_working_day

# Schools teach between these hours; a visit begins within them.
EARLIEST, LATEST = dt.time(7, 30), dt.time(17, 0)
FURTHEST = dt.timedelta(days=400)


class WishForm(forms.Form):
    """A day and a time that suits the school; both or neither."""

    use_required_attribute = False

    marks_optional = False

    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input-width-m"}),
        error_messages={"invalid": gettext_lazy("Write a date, e.g. 2027-02-03.")},
    )
    clock = forms.TimeField(
        label=gettext_lazy("Begins at"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "input-width-s"}),
        error_messages={"invalid": gettext_lazy("Write a time, e.g. 10:15.")},
    )

    def add_error(self, field: str | None, error: Any) -> None:
        """Say of every error which wish it is about: the page has three alike."""
        number = int((self.prefix or "0").rsplit("-", 1)[-1]) + 1
        messages = ValidationError(error).messages
        super().add_error(
            field, [_("Wish %(number)s: %(problem)s") % {"number": number, "problem": said} for said in messages]
        )

    def clean(self) -> dict[str, Any]:
        """A day needs a time and the other way round; it lies ahead, on a school day, in school hours."""
        data = super().clean() or {}
        day, clock = data.get("day"), data.get("clock")
        if day and not clock and "clock" not in self.errors:
            self.add_error("clock", _("Write when it should begin."))
        if clock and not day and "day" not in self.errors:
            self.add_error("day", _("Write the day."))
        if day:
            self._check_day(day)
        if clock and not EARLIEST <= clock <= LATEST:
            self.add_error("clock", _("Choose a time between 7:30 and 17:00."))
        return data

    def _check_day(self, day: dt.date) -> None:
        today = timezone.localdate()
        if day <= today:
            self.add_error("day", _("Choose a day that is still to come."))
        elif day > today + FURTHEST:
            self.add_error("day", _("Choose a day within the next year."))
        elif not is_school_day(day):
            self.add_error("day", _("There is no school on that day. Choose another."))

    def starts_at(self) -> dt.datetime | None:
        """Return the wished moment in Copenhagen, or None for an empty line. Valid forms only."""
        day, clock = self.cleaned_data.get("day"), self.cleaned_data.get("clock")
        return dt.datetime.combine(day, clock, COPENHAGEN) if day and clock else None


def is_school_day(day: dt.date) -> bool:
    """Say whether the city's schools are open on a day. One query."""
    return is_working_day(day) and not SchoolHoliday.objects.within(day, day).exists()


class BaseWishFormSet(forms.BaseFormSet):
    """Up to three different times, at least one."""

    def clean(self) -> None:
        """At least one, and none twice."""
        if not self.forms or any(form.errors for form in self.forms):
            return  # the page of an earlier step has none of these fields
        times = [moment for form in self.forms if (moment := form.starts_at())]
        if not times:
            self.forms[0].add_error("day", _("Write at least one day that suits you."))
        elif len(set(times)) < len(times):
            first = next(index for index, moment in enumerate(times) if moment in times[:index])
            again = [form for form in self.forms if form.starts_at()][first]
            again.add_error("day", _("You have already written this time. Choose another."))

    def times(self) -> list[dt.datetime]:
        """Return the wished moments in the order of the page. Valid form sets only."""
        return [moment for form in self.forms if (moment := form.starts_at())]


WishFormSet = forms.formset_factory(
    WishForm,
    formset=BaseWishFormSet,
    extra=0,
    min_num=VisitWish.MOST,
    max_num=VisitWish.MOST,
    absolute_max=VisitWish.MOST,
)

STEPS = ("class", "times", "contact", "check")
STEP_FIELDS = {
    "class": ("school", "school_name"),
    "contact": ("name", "email", "phone", "responsible_name", "responsible_email"),
}


class VisitOrder(ClassOrder):
    """A request for a visit, filled in step by step; every step carries all the others' answers on."""

    template = "bookings/orders/visit.html"

    def __init__(self, workshop: WorkshopPage, data: QueryDict | None = None, *, unchecked: QueryDict | None = None):
        super().__init__(workshop, data, unchecked=unchecked)
        initial = _wishes(unchecked)
        self.wishes: Any = WishFormSet(data, prefix="wishes", initial=initial if data is None else None)

    def is_valid(self) -> bool:
        """Check all steps."""
        return all([super().is_valid(), self.wishes.is_valid()])

    def first_bad_step(self) -> str | None:
        """Return the first step that something is wrong in, or None. Checks all."""
        self.is_valid()
        return next((step for step in STEPS if self.problems_of(step)), None)

    def problems_of(self, step: str) -> list[Problem]:
        """Return the errors of one step; what is about the whole form stands at the last."""
        if step == "times":
            return problems([self.wishes])
        own = problems([self.form])
        hrefs = {f"#id_{name}" for name in STEP_FIELDS.get(step, ())}
        found = [problem for problem in own if problem.href in hrefs]
        if step == "class" and self.rows is not None:
            found += problems([self.rows])
        if step == "contact":
            found += [problem for problem in own if not problem.href]
        return found

    def ask(self, *, language: str) -> VisitRequest:
        """Ask for the visit. Raises what the verb raises. Valid orders only."""
        return request_visit(
            workshop_id=self.workshop.pk,
            school=self.form.booking_school(),
            groups=self.groups(),
            contact=self.form.contact(),
            wishes=self.wishes.times(),
            language=language,
            idempotency_key=self.form.idempotency_key,
        )

    def facts(self) -> list[dict[str, str]]:
        """Add the wished times after the classes."""
        rows = super().facts()
        place = 1 + len(self.class_facts())
        wishes = [
            {"label": _("Wish %(number)s") % {"number": number}, "value": said_time(moment)}
            for number, moment in enumerate(self.wishes.times(), 1)
        ]
        return [*rows[:place], *wishes, *rows[place:]]


def said_time(moment: dt.datetime) -> str:
    """Return a moment as the reader says it: "onsdag 3. februar 2027 kl. 10.15"."""
    return f"{format_date(moment)} {format_clock(moment)}"


def _wishes(unchecked: QueryDict | None) -> Sequence[dict[str, str]]:
    if unchecked is None:
        return [{}] * VisitWish.MOST
    return [
        {name: unchecked.get(f"wishes-{index}-{name}", "") for name in ("day", "clock")}
        for index in range(VisitWish.MOST)
    ]
