"""What a browser sends: the booking form and the attendance form, filled in as a careful teacher would."""

from __future__ import annotations

import datetime as dt
import uuid

import time_machine
from django.urls import reverse
from django.utils import timezone

from bookings.models import GroupLine, Session
from vaern.limits.forms import stamp
from vaern.people.models import Organisation


def served(ago: dt.timedelta = dt.timedelta(minutes=3)) -> str:
    """The stamp of a form that was opened a while ago (vaern.limits.forms)."""
    with time_machine.travel(timezone.now() - ago, tick=False):
        return stamp()


def book_url(session: Session) -> str:
    """The address of a session's booking form, in the language that is active."""
    return reverse("bookings:book", kwargs={"session": session.uuid})


def booking_form(school: Organisation | None = None, *, classes: int = 1, **changes: str) -> dict[str, str]:
    """A booking of `classes` classes of 10 pupils; `changes` replace fields, with `groups_0_pupils` for a class's."""
    data = {
        "key": str(uuid.uuid4()),
        "served": served(),
        "website": "",
        "school": school.school.institution_number if school else "unlisted",
        "school_name": "",
        "name": "Åse Ødegård",
        "email": "aase@example.dk",
        "phone": "12 34 56 78",
        "responsible_name": "",
        "responsible_email": "",
        "groups-TOTAL_FORMS": str(classes),
        "groups-INITIAL_FORMS": str(classes),
        "checked": "1",
    }
    for index in range(classes):
        data[f"groups-{index}-label"] = f"7.{'ABCDEFGH'[index]}"
        data[f"groups-{index}-grade"] = "7"
        data[f"groups-{index}-pupils"] = "10"
        data[f"groups-{index}-adults"] = "1"
    for name, value in changes.items():
        data[name.replace("groups_", "groups-").replace("-0_", "-0-").replace("-1_", "-1-")] = value
    return data


def attendance_form(key: uuid.UUID | None = None, **lines: tuple[GroupLine, str, str] | str) -> dict[str, str]:
    """An attendance report: each further argument is (line, pupils, adults)."""
    data = {"key": str(key or uuid.uuid4())}
    for name, value in lines.items():
        if isinstance(value, str):
            data[name] = value
            continue
        line, pupils, adults = value
        data |= {f"line-{line.pk}-pupils": pupils, f"line-{line.pk}-adults": adults, f"line-{line.pk}-reason": ""}
    return data
