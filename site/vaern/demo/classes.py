"""Invented school classes: real schools of the register, invented labels and sizes."""

from __future__ import annotations

import random
from dataclasses import dataclass

from bookings.domain.booking import BookingSchool, ClassGroup, Contact
from courses.models import WorkshopPage
from vaern.demo.content import Teacher, teachers
from vaern.people.models import Organisation

PUBLIC, PRIVATE, SPECIAL = "1012", "1013", "1015"
SIZES = {PUBLIC: (19, 27), PRIVATE: (16, 24), SPECIAL: (10, 13)}
LETTERS = {PUBLIC: "ABC", PRIVATE: "AB", SPECIAL: "A"}
ROOM_NEEDS = ("large_screen", "step_free", "quiet_room", "hearing_loop")


@dataclass(frozen=True)
class Classes:
    """The schools by type, and the teachers who book for them."""

    schools: dict[str, list[Organisation]]
    teachers: list[Teacher]

    @classmethod
    def of_register(cls) -> Classes:
        """Return the schools that are in the database, public, private and special."""
        found = Organisation.objects.schools().order_by("school__institution_number")
        return cls(
            {kind: [org for org in found if org.school.institution_type == kind] for kind in SIZES},
            teachers(),
        )

    def pick(self, kind: str, rng: random.Random) -> BookingSchool:
        """Return a school of the type; the first ones in the list take part oftener, as in life."""
        schools = self.schools[kind]
        return BookingSchool(organisation=schools[int(len(schools) * rng.random() ** 1.4)])

    def group(self, school: BookingSchool, kind: str, workshop: WorkshopPage, rng: random.Random) -> ClassGroup:
        """Return a class that the workshop is for; the same class has the same size each time."""
        grade = rng.randint(workshop.grade_from or 0, workshop.grade_to or 0)
        label = f"{grade}.{rng.choice(LETTERS[kind])}"
        size = random.Random(f"{school.key} {label}").randint(*SIZES[kind])  # noqa: S311 - invented, not secret
        return ClassGroup(
            label=label,
            grade=grade,
            pupils=max(workshop.group_min or 1, min(size, workshop.group_max or size)),
            adults=rng.choice((1, 1, 2, 2, 3)),
            needs=[rng.choice(ROOM_NEEDS)] if rng.random() < 0.15 else [],
        )

    def contact(self, school: BookingSchool, rng: random.Random) -> Contact:
        """Return who books: a school has its two teachers, and now and then the other is in charge on the day."""
        first = int(school.key) % len(self.teachers)
        booker, other = self.teachers[first], self.teachers[(first + 7) % len(self.teachers)]
        if rng.random() < 0.5:
            booker, other = other, booker
        two = rng.random() < 0.2
        return Contact(
            name=booker.name,
            email=booker.email,
            responsible_name=other.name if two else "",
            responsible_email=other.email if two else "",
        )
