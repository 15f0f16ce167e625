"""Who books: classes of a school, a parent (and perhaps a second adult), or people of an administration.

A party knows what makes it up, so that one engine books them all: how many seats it takes, which lines are written, and
what would be a second booking of the same (domain.md §3, I3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models.functions import Lower

from bookings.domain.errors import Refused
from bookings.domain.seats import seats_for
from bookings.messages import Lines
from bookings.models import Booking, GroupLine, PersonLine, Session
from bookings.rules import Group, Refusal, fold, label_key
from courses.models import WorkshopPage
from vaern.people.models import Organisation


@dataclass(frozen=True)
class ClassGroup:
    """One class as the booker gave it."""

    label: str
    grade: int
    pupils: int
    adults: int
    needs: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Contact:
    """Who books, and who is in charge on the day when that is somebody else."""

    name: str
    email: str
    phone: str = ""
    responsible_name: str = ""
    responsible_email: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody who takes part. A seat can be kept for one whose name is not known yet."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class BookingSchool:
    """A school of the register, or the name of one that is not in it."""

    organisation: Organisation | None = None
    unlisted_name: str = ""

    @property
    def name(self) -> str:
        """Return the school's name as it is called now."""
        return self.organisation.name if self.organisation else self.unlisted_name

    @property
    def key(self) -> str:
        """Return what makes it the same school: its institution number, or its folded name."""
        return self.organisation.school.institution_number if self.organisation else "name:" + fold(self.unlisted_name)

    @property
    def institution_type(self) -> str:
        """Return the register's type today, or nothing for an unlisted school, which then counts in no goal."""
        return self.organisation.school.institution_type if self.organisation else ""


class Party(Protocol):
    """What the engine asks of whoever books."""

    @property
    def audiences(self) -> frozenset[str]:
        """Return whom a workshop must be for."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """Return the classes in numbers, for the workshop's limits."""

    @property
    def facts(self) -> dict[str, Any]:
        """Return the booking's columns that are this party's own."""

    def seats(self, unit: str) -> int:
        """Return the seats it takes in the session's unit."""

    def refuse_doubles(self, session: Session, *, but: Booking | None = None) -> None:
        """Raise Refused when one of them is booked on the session already, in another booking than `but` (I3)."""

    def lines(self, booking: Booking, session: Session) -> Lines:
        """Return the booking's lines, which the caller writes with it."""

    def is_that_of(self, booking: Booking) -> bool:
        """Say whether the booking was made for just this party."""


@dataclass(frozen=True)
class Classes:
    """One or several classes of a school."""

    school: BookingSchool
    classes: Sequence[ClassGroup]

    audiences = frozenset({WorkshopPage.Audience.CLASS})

    @property
    def groups(self) -> tuple[Group, ...]:
        """Return the classes in numbers."""
        return tuple(Group(each.pupils) for each in self.classes)

    @property
    def facts(self) -> dict[str, Any]:
        """Return the school, by its name of today."""
        return {
            "school": self.school.organisation,
            "school_name": self.school.name,
            "school_unlisted": self.school.organisation is None,
        }

    def seats(self, unit: str) -> int:
        """Return one seat a class or one a pupil; adults take none."""
        return seats_for(self.groups, unit=unit)

    def refuse_doubles(self, session: Session, *, but: Booking | None = None) -> None:
        """Refuse a class that is booked already, or stands twice in the form."""
        keys = [label_key(each.label) for each in self.classes]
        booked = session.lines.filter(active=True, school_key=self.school.key, label_key__in=keys)
        seen = set(booked.values_list("label_key", flat=True))
        for each, key in zip(self.classes, keys, strict=True):
            if key in seen:
                raise Refused(Refusal.ALREADY_BOOKED, label=each.label)
            seen.add(key)

    def lines(self, booking: Booking, session: Session) -> Lines:
        """Return a group line for each class, with the school's type as it is today."""
        return [
            GroupLine(
                booking=booking,
                session=session,
                school_key=self.school.key,
                institution_type=self.school.institution_type,
                label=each.label,
                label_key=label_key(each.label),
                grade=each.grade,
                pupils=each.pupils,
                adults=each.adults,
                needs=each.needs,
            )
            for each in self.classes
        ]

    def is_that_of(self, booking: Booking) -> bool:
        """Compare school, labels and numbers."""
        lines = booking.lines.values_list("school_key", "label_key", "grade", "pupils", "adults")
        classes = [
            (self.school.key, label_key(each.label), each.grade, each.pupils, each.adults) for each in self.classes
        ]
        return sorted(lines) == sorted(classes)


@dataclass(frozen=True)
class People:
    """Persons: a parent and perhaps a second adult, or the staff of one administration."""

    people: Sequence[Person]
    audiences: frozenset[str]
    administration_id: int | None = None
    workplace: str = ""
    role: str = ""

    groups = ()

    @property
    def facts(self) -> dict[str, Any]:
        """Return administration, workplace and role; empty for parents."""
        return {"administration_id": self.administration_id, "workplace": self.workplace, "role": self.role}

    def seats(self, unit: str) -> int:
        """Return one seat a person; where a seat is a group, they are one."""
        return 1 if unit == Session.Unit.GROUPS else len(self.people)

    def refuse_doubles(self, session: Session, *, but: Booking | None = None) -> None:
        """Refuse an address that has an active booking of the session, in any letter case, or stands twice."""
        wanted = [person.email.lower() for person in self.people if person.email]
        if len(wanted) != len(set(wanted)):
            double = next(email for email in wanted if wanted.count(email) > 1)
            raise Refused(Refusal.ALREADY_BOOKED, label=double)
        refuse_booked_addresses(session, wanted, but=but)

    def lines(self, booking: Booking, session: Session) -> Lines:
        """Return a line for each person."""
        return [
            PersonLine(booking=booking, session=session, name=person.name, email=person.email.lower())
            for person in self.people
        ]

    def is_that_of(self, booking: Booking) -> bool:
        """Compare persons and administration."""
        lines = sorted(booking.people.values_list("name", "email"))
        people = sorted((person.name, person.email.lower()) for person in self.people)
        return lines == people and booking.administration_id == self.administration_id


def refuse_booked_addresses(session: Session, addresses: Iterable[str], *, but: Booking | None = None) -> None:
    """Raise Refused for the first of `addresses` (in small letters) that takes part in the session already (I3)."""
    others = session.people.filter(active=True).annotate(address=Lower("email")).filter(address__in=list(addresses))
    if but is not None:
        others = others.exclude(booking=but)
    taken = others.values_list("address", flat=True).first()
    if taken:
        raise Refused(Refusal.ALREADY_BOOKED, label=taken)
