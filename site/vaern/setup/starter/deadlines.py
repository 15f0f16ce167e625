"""The school holidays and the rule for deadlines that a municipality begins with; all is to be confirmed."""

from __future__ import annotations

from bookings.models import DeadlineRule
from vaern.schooldays.models import SchoolHoliday
from vaern.setup.starter.content import read

TO_CONFIRM = "skal bekræftes"
SOURCE = "kirkebjergskole.aula.dk, ferieplan 2026/27 – skal bekræftes"


def load_deadlines() -> None:
    """Write the school years that nobody has entered, and the rule for all workshops if there is none."""
    entered = set(SchoolHoliday.objects.values_list("school_year", flat=True))
    SchoolHoliday.objects.bulk_create(
        SchoolHoliday(**row, source=SOURCE)
        for row in read("school_holidays")["holiday"]
        if row["school_year"] not in entered
    )
    if not DeadlineRule.objects.filter(workshop=None).exists():
        DeadlineRule.objects.create(note=TO_CONFIRM)
