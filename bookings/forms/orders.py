"""A whole booking as one thing: the contact's form, the classes or colleagues, and the verb that books them.

Each audience has an order of its own; page, summary and series treat them alike.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from django.forms import BaseFormSet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.domain.booking import Refused, book_class, book_parents, book_staff
from bookings.domain.parties import Party, Person
from bookings.domain.series import class_party, parents_party, staff_party
from bookings.forms.classes import MAX_GROUPS, ClassForm, GroupFormSet
from bookings.forms.contact import ContactForm
from bookings.forms.people import MAX_TEAM, ParentsForm, PersonFormSet, StaffForm
from bookings.models import Booking, Session
from bookings.rules import NO_LIMITS, GroupLimits, Refusal
from bookings.texts import sentence
from courses.models import WorkshopPage
from vaern.design.controls import Problem, problems

Audience = WorkshopPage.Audience


class Order:
    """What all audiences share. `rows` are the classes or the colleagues, None where there are none."""

    template: ClassVar[str]
    form_class: ClassVar[type[ContactForm]]
    form: Any
    rows: BaseFormSet | None = None
    rows_prefix: ClassVar[str] = ""
    most_rows: ClassVar[int] = 0
    fewest_rows: ClassVar[int] = 0
    row_fields: ClassVar[tuple[str, ...]] = ()
    # The fields that stand on the page before the rows, for the order of the error summary.
    first_fields: ClassVar[tuple[str, ...]] = ()
    # The member of staff who books for somebody; nobody when bookers do it themselves.
    actor_id: int | None = None

    def __init__(self, workshop: WorkshopPage, data: QueryDict | None = None, *, unchecked: QueryDict | None = None):
        """`data` is what was sent and shall be checked; `unchecked` fills the form in without a word about it."""
        self.workshop = workshop
        self.form = self.form_class(data, initial=_initial(unchecked))
        self.make_rows(data, unchecked)

    def make_rows(self, data: QueryDict | None, unchecked: QueryDict | None) -> None:
        """Make the classes or colleagues; nothing where there are none."""

    def is_valid(self) -> bool:
        """Check all, so that all errors are shown at once."""
        return all([self.form.is_valid(), self.rows is None or self.rows.is_valid()])

    @property
    def has_errors(self) -> bool:
        """Say whether anything is wrong with what was sent."""
        return bool(
            self.form.errors or (self.rows is not None and self.rows.is_bound and self.rows.total_error_count())
        )

    @property
    def problems(self) -> list[Problem]:
        """Return the errors in the order of the page: the rows stand after `first_fields`."""
        own = problems([self.form])
        hrefs = {"", *(f"#id_{name}" for name in self.first_fields)}
        first = [problem for problem in own if problem.href in hrefs]
        rows = [] if self.rows is None else problems([self.rows])
        return [*first, *rows, *(problem for problem in own if problem not in first)]

    @property
    def next_row(self) -> str:
        """Return the fragment that a further row will have, so that the page opens there."""
        number = len(self.rows) + 1 if self.rows is not None else 1
        return f"#{'class' if self.rows_prefix == 'groups' else 'colleague'}-{number}"

    @property
    def is_long(self) -> bool:
        """Say whether it is so much that the booker should look it through before sending."""
        return self.rows is not None and len(self.rows) > 1

    def book(self, session: Session, *, language: str) -> Booking:
        """Book it. Raises what the verb raises. Valid orders only."""
        raise NotImplementedError

    def party(self) -> Party:
        """Return who is booked, for a series. Valid orders only."""
        raise NotImplementedError

    def facts(self) -> list[dict[str, str]]:
        """Return what was written, as rows of a summary. Valid orders only."""
        contact = self.form.contact()
        rows = [
            _fact(_("Name"), contact.name),
            _fact(_("E-mail"), contact.email),
            _fact(_("Phone number"), contact.phone),
        ]
        if contact.responsible_name:
            rows.append(_fact(_("In charge on the day"), f"{contact.responsible_name}, {contact.responsible_email}"))
        return [row for row in rows if row["value"]]

    def explain(self, refused: Refused) -> None:
        """Put a verb's refusal where the booker can mend it."""
        self.form.add_error(None, self.said(refused))

    def said(self, refused: Refused) -> str:
        """Return the refusal as a sentence."""
        return sentence(refused.why, free=refused.free, label=refused.label, limits=self.limits)

    @property
    def limits(self) -> GroupLimits:
        """Return the sizes of a class that the workshop takes."""
        return NO_LIMITS

    def verb_facts(self, session: Session, language: str) -> dict[str, Any]:
        """Return what every booking verb is told."""
        return {
            "session_id": session.pk,
            "contact": self.form.contact(),
            "language": language,
            # One key books one session: the same key sent to another session is another booking.
            "idempotency_key": uuid.uuid5(session.uuid, self.form.idempotency_key.hex),
            "actor_id": self.actor_id,
            **self.form.waiting,
        }


class ClassOrder(Order):
    """One class or several of a school."""

    template = "bookings/orders/class.html"
    form_class = ClassForm
    rows_prefix = "groups"
    most_rows, fewest_rows = MAX_GROUPS, 1
    row_fields = ("label", "grade", "pupils", "adults", "needs")
    first_fields = ("school", "school_name")
    # The refusals that are about one field of a class, so that the error stands where it can be mended.
    FIELDS: ClassVar = {
        Refusal.TOO_FEW_SEATS: "pupils",
        Refusal.GROUP_TOO_LARGE: "pupils",
        Refusal.GROUP_TOO_SMALL: "pupils",
        Refusal.ALREADY_BOOKED: "label",
    }

    def make_rows(self, data: QueryDict | None, unchecked: QueryDict | None) -> None:
        """Make the classes, with the workshop's grades."""
        grades = {"grade_from": self.workshop.grade_from, "grade_to": self.workshop.grade_to}
        initial = _rows(unchecked, self) if data is None else None
        self.rows = GroupFormSet(data, prefix=self.rows_prefix, form_kwargs=grades, initial=initial)

    def book(self, session: Session, *, language: str) -> Booking:
        """Book the classes."""
        school = self.form.booking_school()
        return book_class(school=school, groups=self.groups(), **self.verb_facts(session, language))

    def party(self) -> Party:
        """Return the classes of the school."""
        return class_party(school=self.form.booking_school(), groups=self.groups())

    def groups(self) -> list[Any]:
        """Return the classes. Valid orders only."""
        return [row.group() for row in self.rows or ()]

    def facts(self) -> list[dict[str, str]]:
        """Add the school and each class."""
        return [_fact(_("School"), self.form.booking_school().name), *self.class_facts(), *super().facts()]

    def class_facts(self) -> list[dict[str, str]]:
        """Return a row for each class."""
        return [_fact(_("Class"), f"{group.label}: {_heads(group.pupils, group.adults)}") for group in self.groups()]

    @property
    def limits(self) -> GroupLimits:
        """Return the sizes of a class that the workshop takes."""
        return GroupLimits(smallest=self.workshop.group_min, largest=self.workshop.group_max)

    def explain(self, refused: Refused) -> None:
        """Put what is about one class at that class."""
        name = self.FIELDS.get(refused.why)
        if name is None:
            super().explain(refused)
            return
        for row in self.rows or ():
            if self._concerns(refused, row):
                row.add_error(name, self.said(refused))
                if refused.why is Refusal.TOO_FEW_SEATS:
                    return

    def _concerns(self, refused: Refused, row: Any) -> bool:
        pupils, limits = row.cleaned_data["pupils"], self.limits
        if refused.why is Refusal.ALREADY_BOOKED:
            return bool(row.cleaned_data["label"] == refused.label)
        if refused.why is Refusal.GROUP_TOO_LARGE:
            return limits.largest is not None and pupils > limits.largest
        if refused.why is Refusal.GROUP_TOO_SMALL:
            return limits.smallest is not None and pupils < limits.smallest
        return True


class ParentsOrder(Order):
    """A parent or another adult, and perhaps a second one."""

    template = "bookings/orders/parents.html"
    form_class = ParentsForm

    def book(self, session: Session, *, language: str) -> Booking:
        """Book the one or two adults."""
        return book_parents(second_adult=self.form.second_adult(), **self.verb_facts(session, language))

    def party(self) -> Party:
        """Return the one or two adults."""
        return parents_party(contact=self.form.contact(), second_adult=self.form.second_adult())

    def facts(self) -> list[dict[str, str]]:
        """Add the second adult."""
        second = self.form.second_adult()
        return [*super().facts(), *([_fact(_("Second adult"), second.name)] if second else [])]

    def explain(self, refused: Refused) -> None:
        """Put an address that is booked already at its field."""
        if refused.why is Refusal.ALREADY_BOOKED:
            self.form.add_error(_address_field(self.form, refused.label), self.said(refused))
        else:
            super().explain(refused)


class StaffOrder(Order):
    """A colleague, or a leader with a team."""

    template = "bookings/orders/staff.html"
    form_class = StaffForm
    rows_prefix = "team"
    most_rows = MAX_TEAM
    row_fields = ("name", "email")
    first_fields = ("name", "email", "phone", "administration", "workplace", "role")

    def make_rows(self, data: QueryDict | None, unchecked: QueryDict | None) -> None:
        """Make the colleagues; none to begin with."""
        initial = _rows(unchecked, self) if data is None else None
        self.rows = PersonFormSet(data, prefix=self.rows_prefix, initial=initial)

    def is_valid(self) -> bool:
        """Check also that somebody takes part, and that nobody stands twice."""
        valid = super().is_valid()
        if valid and not self.people():
            self.form.add_error("attends", _("Say who takes part: yourself, or your colleagues."))
            return False
        return valid

    @property
    def is_long(self) -> bool:
        """Look through a booking of more than oneself."""
        return len(self.people()) > 1

    def book(self, session: Session, *, language: str) -> Booking:
        """Book the colleague or the team."""
        data = self.form.cleaned_data
        return book_staff(
            administration_id=data["administration"].pk,
            workplace=data["workplace"],
            role=data["role"],
            team=self.people(),
            **self.verb_facts(session, language),
        )

    def party(self) -> Party:
        """Return the colleague or the team."""
        data = self.form.cleaned_data
        return staff_party(
            people=self.people(),
            administration_id=data["administration"].pk,
            workplace=data["workplace"],
            role=data["role"],
        )

    def people(self) -> list[Person]:
        """Return everybody who takes part. Valid orders only."""
        data, contact = self.form.cleaned_data, self.form.contact()
        own = [Person(contact.name, contact.email)] if data["attends"] else []
        return [*own, *(row.person() for row in self.rows or ()), *[Person()] * (data["unnamed"] or 0)]

    def facts(self) -> list[dict[str, str]]:
        """Add where they work, and who takes part."""
        data, people = self.form.cleaned_data, self.people()
        named = ", ".join(person.name for person in people if person.name)
        unnamed = sum(not person.name for person in people)
        more = (
            ngettext("%(count)s more place", "%(count)s more places", unnamed) % {"count": unnamed} if unnamed else ""
        )
        return [
            *super().facts(),
            _fact(_("Administration"), str(data["administration"])),
            _fact(_("Workplace"), data["workplace"]),
            _fact(_("Role"), data["role"]),
            _fact(_("Who takes part"), "; ".join(filter(None, [named, more]))),
            _fact(_("Places in all"), str(len(people))),
        ]

    def explain(self, refused: Refused) -> None:
        """Put an address that is booked already at its field."""
        if refused.why is not Refusal.ALREADY_BOOKED:
            super().explain(refused)
            return
        row = next((row for row in self.rows or () if row.cleaned_data["email"] == refused.label), None)
        (row or self.form).add_error("email", self.said(refused))


ORDERS: dict[str, type[Order]] = {
    Audience.CLASS: ClassOrder,
    Audience.PARENTS: ParentsOrder,
    Audience.ADULTS: ParentsOrder,
    Audience.STAFF: StaffOrder,
}


AnyOrder = TypeVar("AnyOrder", bound=Order)


def with_other_rows(kind: type[AnyOrder], workshop: WorkshopPage, data: QueryDict) -> AnyOrder:
    """Return the order with one row more or less and every answer kept, checked for nothing: the booker is not done."""
    changed = data.copy()
    number = _number_of(data, kind) + (1 if "add_row" in data else -1)
    changed[f"{kind.rows_prefix}-TOTAL_FORMS"] = str(max(kind.fewest_rows, min(kind.most_rows, number)))
    return kind(workshop, unchecked=changed)


def _number_of(data: QueryDict, kind: type[Order]) -> int:
    """Return the number of rows that the page had; a number that no page of ours has had is the fewest."""
    written = data.get(f"{kind.rows_prefix}-TOTAL_FORMS", "")
    plain = written.isascii() and written.isdigit() and len(written) < 3
    return int(written) if plain else kind.fewest_rows


def _initial(unchecked: QueryDict | None) -> dict[str, Any]:
    if unchecked is None:
        return {"key": uuid.uuid4()}
    return {**unchecked.dict(), "attends": "attends" in unchecked}


def _rows(unchecked: QueryDict | None, order: Order) -> Sequence[dict[str, Any]]:
    """Return what the rows of a page begin with: as they were filled in, or the fewest empty ones."""
    if unchecked is None:
        return [{}] * order.fewest_rows
    number = max(order.fewest_rows, min(order.most_rows, _number_of(unchecked, type(order))))
    return [
        {
            name: unchecked.getlist(f"{order.rows_prefix}-{index}-{name}")
            if name == "needs"
            else unchecked.get(f"{order.rows_prefix}-{index}-{name}", "")
            for name in order.row_fields
        }
        for index in range(number)
    ]


def _fact(label: str, value: str) -> dict[str, str]:
    return {"label": label, "value": value}


def _heads(pupils: int, adults: int) -> str:
    """Return "24 pupils, 2 adults" in the reader's language."""
    return ", ".join(
        (
            ngettext("%(count)s pupil", "%(count)s pupils", pupils) % {"count": pupils},
            ngettext("%(count)s adult", "%(count)s adults", adults) % {"count": adults},
        )
    )


def _address_field(form: Any, address: str) -> str:
    return "second_email" if form.cleaned_data.get("second_email") == address else "email"
