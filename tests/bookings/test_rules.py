"""The pure decisions, as tables (domain.md §3, §4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bookings.domain.seats import seats_for
from bookings.rules import (
    ACTIVE,
    SEAT_HOLDING,
    Group,
    GroupLimits,
    Refusal,
    SessionFacts,
    State,
    availability,
    cancellation,
    fold,
    label_key,
    reporting,
)
from bookings.texts import sentence, short

NOW = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
TICK = dt.timedelta(microseconds=1)
HOUR = dt.timedelta(hours=1)


def facts(**changes: Any) -> SessionFacts:
    values: dict[str, Any] = {
        "cancelled": False,
        "starts_at": NOW + 48 * HOUR,
        "opens_at": None,
        "closes_at": NOW + 24 * HOUR,
        "cancel_until": NOW + 12 * HOUR,
        "free": 10,
    }
    return SessionFacts(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"cancelled": True}, Refusal.SESSION_CANCELLED),
        ({"takes_sessions": False}, Refusal.NOT_BOOKED_HERE),
        ({"starts_at": NOW + TICK}, None),
        ({"starts_at": NOW}, Refusal.STARTED),
        ({"starts_at": NOW - TICK}, Refusal.STARTED),
        ({"opens_at": NOW - TICK}, None),
        ({"opens_at": NOW}, None),
        ({"opens_at": NOW + TICK}, Refusal.NOT_OPEN_YET),
        ({"closes_at": NOW + TICK}, None),
        ({"closes_at": NOW}, Refusal.CLOSED),
        ({"closes_at": NOW - TICK}, Refusal.CLOSED),
        ({"approval_needed": True}, None),
        ({"free": 0}, Refusal.FULL),
        ({"free": None}, None),
        # Of several reasons the one that nobody can change comes first.
        ({"cancelled": True, "starts_at": NOW, "free": 0}, Refusal.SESSION_CANCELLED),
        ({"takes_sessions": False, "starts_at": NOW}, Refusal.NOT_BOOKED_HERE),
        ({"starts_at": NOW, "closes_at": NOW, "free": 0}, Refusal.STARTED),
        ({"opens_at": NOW + HOUR, "closes_at": NOW}, Refusal.NOT_OPEN_YET),
        ({"closes_at": NOW, "approval_needed": True}, Refusal.CLOSED),
        ({"approval_needed": True, "free": 0}, Refusal.FULL),
    ],
)
def test_whether_a_date_can_be_booked(changes: dict[str, Any], expected: Refusal | None) -> None:
    assert availability(facts(**changes), now=NOW) is expected


@pytest.mark.parametrize(
    ("free", "seats", "expected"),
    [
        (None, 1, None),
        (None, 10**9, None),
        (24, 24, None),
        (24, 23, None),
        (24, 25, Refusal.TOO_FEW_SEATS),
        (1, 1, None),
        (1, 2, Refusal.TOO_FEW_SEATS),
        (0, 1, Refusal.FULL),
        (0, 24, Refusal.FULL),
    ],
)
def test_room_for_the_seats_wanted(free: int | None, seats: int, expected: Refusal | None) -> None:
    assert availability(facts(free=free), now=NOW, seats=seats) is expected


@pytest.mark.parametrize(
    ("limits", "pupils", "expected"),
    [
        (GroupLimits(), [1, 200], None),
        (GroupLimits(10, 28), [10, 28], None),
        (GroupLimits(10, 28), [9], Refusal.GROUP_TOO_SMALL),
        (GroupLimits(10, 28), [29], Refusal.GROUP_TOO_LARGE),
        (GroupLimits(10, 28), [20, 9], Refusal.GROUP_TOO_SMALL),
        (GroupLimits(10, 28), [9, 29], Refusal.GROUP_TOO_LARGE),
        (GroupLimits(smallest=10), [1000], None),
        (GroupLimits(largest=28), [1], None),
    ],
)
def test_size_of_each_group(limits: GroupLimits, pupils: list[int], expected: Refusal | None) -> None:
    groups = tuple(Group(number) for number in pupils)
    assert availability(facts(free=None), now=NOW, groups=groups, limits=limits) is expected


@pytest.mark.parametrize(("unit", "seats"), [("people", 40), ("groups", 2)])
def test_seats_are_pupils_or_classes(unit: str, seats: int) -> None:
    assert seats_for([Group(28), Group(12)], unit=unit) == seats


@pytest.mark.parametrize(
    ("now", "by_staff", "expected"),
    [
        (NOW + 12 * HOUR - TICK, False, None),
        (NOW + 12 * HOUR, False, Refusal.TOO_LATE_TO_CANCEL),
        (NOW + 99 * HOUR, False, Refusal.TOO_LATE_TO_CANCEL),
        (NOW + 12 * HOUR, True, None),
        (NOW + 99 * HOUR, True, None),
    ],
)
def test_the_booker_cancels_until_the_deadline_and_staff_always(
    now: dt.datetime, by_staff: bool, expected: Refusal | None
) -> None:
    assert cancellation(facts(), state=State.CONFIRMED, now=now, by_staff=by_staff) is expected


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("by_staff", [True, False])
def test_only_active_bookings_are_cancelled(state: State, by_staff: bool) -> None:
    expected = None if state in ACTIVE else Refusal.ENDED
    assert cancellation(facts(), state=state, now=NOW, by_staff=by_staff) is expected


def test_the_states_are_divided_as_the_law_says() -> None:
    assert {State.REQUESTED, State.WAITLISTED, State.OFFERED, State.CONFIRMED} == ACTIVE
    assert {State.OFFERED, State.CONFIRMED} == SEAT_HOLDING
    assert set(State) - ACTIVE == {State.CANCELLED, State.EXPIRED, State.REJECTED}


@pytest.mark.parametrize(
    ("starts_at", "cancelled", "expected"),
    [
        (NOW - TICK, False, None),
        (NOW, False, None),
        (NOW + TICK, False, Refusal.NOT_STARTED),
        (NOW, True, Refusal.SESSION_CANCELLED),
        (NOW + TICK, True, Refusal.SESSION_CANCELLED),
    ],
)
def test_attendance_is_reported_from_the_start_on(
    starts_at: dt.datetime, cancelled: bool, expected: Refusal | None
) -> None:
    assert reporting(starts_at=starts_at, cancelled=cancelled, now=NOW) is expected


@pytest.mark.parametrize(
    "written", ["7.B", "7B", "7b", "7. b", " 7 B ", "7-b", "7.-b", "７．Ｂ", "7.\u00a0B", "7\u2003b"]
)
def test_one_class_however_it_is_written(written: str) -> None:
    assert label_key(written) == "7b"


@pytest.mark.parametrize(
    ("one", "other"), [("7.B", "7.A"), ("7.B", "17.B"), ("1.X", "1.Y"), ("7.Å", "7.A"), ("7.b1", "7.b2")]
)
def test_two_classes_stay_two(one: str, other: str) -> None:
    assert label_key(one) != label_key(other)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Åse   Skole ", "åse skole"),
        ("A\u030ase Skole", "åse skole"),
        ("ÅSE\tSKOLE", "åse skole"),
        ("Groß", "gross"),
        ("", ""),
    ],
)
def test_folding_of_names(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_refusal_has_words(refusal: Refusal) -> None:
    assert short(refusal)
    text = sentence(refusal, free=3, label="7.B", limits=GroupLimits(10, 28))
    assert text.endswith(".")
    assert "%" not in text
    assert "None" not in text
