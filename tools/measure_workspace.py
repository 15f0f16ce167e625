#!/usr/bin/env python3
"""How the coordinator's lists grow: with 200 sessions and 2,000 bookings, and with ten times as many, in milliseconds.

Run it on a throw-away PostgreSQL, and let nothing else run:
    .venv/bin/python tools/pg_temp.py -- .venv/bin/python tools/measure_workspace.py
It sets a database up as the tests do, measures the views in process, prints a table, and ends with an error when a list
breaks its promise: its first page within 300 ms and 20 queries, and no more queries with more rows.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
import time
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ["DJANGO_SETTINGS_MODULE"] = "vaern.settings.test"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, get_runner, setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

FEW, MANY = 200, 2000
BOOKINGS_EACH = 10
ROUNDS, MOST_QUERIES, MOST_MS = 7, 20, 300
LISTS = {
    "sessions": "/admin/sessions/",
    "sessions, searched": "/admin/sessions/?q=workshop",
    "sessions, unreported": "/admin/sessions/?need=unreported",
    "sessions, few booked": "/admin/sessions/?need=below_minimum",
    "bookings": "/admin/bookings/",
    "bookings, last page": "/admin/bookings/?p=9999",
    "bookings, searched": "/admin/bookings/?q=skole+12",
    "bookings, filtered": "/admin/bookings/?state=confirmed&audience=class",
    "organisations": "/admin/organisations/",
    "organisations, unused": "/admin/organisations/?booked=no",
    "visits": "/admin/visits/",
}
SCREENS = {
    "home": "/admin/",
    "today": "/admin/today/",
    "calendar, month": "/admin/calendar/",
    "calendar, facilitators": "/admin/calendar/?view=people",
}


def measure(client: Client, path: str) -> tuple[float, int]:
    """Return the best time in ms (other programs only add), and the queries."""
    assert client.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    queries = len(captured)
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        client.get(path)
        times.append((time.perf_counter() - started) * 1000)
    return min(times), queries


def fill(number: int, schools: list[Any], people: list[Any], workshops: list[Any], seed: int) -> None:
    """Write so many sessions from a year back to a year ahead, each with ten bookings of one class."""
    from bookings.models import Booking, GroupLine, Session

    rng = random.Random(seed)  # noqa: S311 - invented
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    sessions = [
        Session(
            workshop=rng.choice(workshops),
            starts_at=(starts := now + dt.timedelta(hours=rng.randint(-8000, 8000))),
            ends_at=starts + dt.timedelta(minutes=90),
            capacity=300,
            seats_taken=10 * BOOKINGS_EACH,
            place=f"Sal {rng.randint(1, 40)}",
        )
        for _one in range(number)
    ]
    Session.objects.bulk_create(sessions)
    through = Session.facilitators.through
    through.objects.bulk_create(through(session=session, user=rng.choice(people)) for session in sessions)
    bookings = [
        Booking(
            reference=uuid.uuid4().hex[:12],
            session=session,
            audience="class",
            state="confirmed",
            seats=10,
            contact_name="Kim",
            contact_email="kim@example.dk",
            school=school,
            school_name=school.name,
            idempotency_key=uuid.uuid4(),
            token_hash=uuid.uuid4().hex,
            created_at=now - dt.timedelta(minutes=rng.randint(0, 400_000)),
            confirmed_at=now,
        )
        for session in sessions
        for school in rng.sample(schools, BOOKINGS_EACH)
    ]
    Booking.objects.bulk_create(bookings, batch_size=2000)
    GroupLine.objects.bulk_create(
        (
            GroupLine(
                booking=booking,
                session=booking.session,
                school_key=str(booking.school_id),
                label="7.B",
                label_key="7.b",
                grade=7,
                pupils=10,
                adults=1,
            )
            for booking in bookings
        ),
        batch_size=2000,
    )


def main() -> int:
    """Measure, print, and say whether the promises hold."""
    setup_test_environment()
    runner: Any = get_runner(settings)(verbosity=0, interactive=False)
    old = runner.setup_databases()
    try:
        return _measured()
    finally:
        runner.teardown_databases(old)


def _measured() -> int:
    from tests.factories.courses import make_workshop
    from tests.factories.people import make_school, make_user

    call_command("setup_site", verbosity=0)
    workshops = [make_workshop(group_min=15) for _one in range(20)]
    schools = [make_school(f"Skole {number}") for number in range(120)]
    people = [make_user("facilitator") for _one in range(12)]
    client = Client()
    client.force_login(make_user("coordinator"), backend="django.contrib.auth.backends.ModelBackend")
    results: dict[str, list[tuple[float, int]]] = {name: [] for name in {**LISTS, **SCREENS}}
    for number in (FEW, MANY - FEW):
        fill(number, schools, people, workshops, number)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        for name, path in {**LISTS, **SCREENS}.items():
            results[name].append(measure(client, path))
    print(f"{connection.vendor}; best of {ROUNDS}, in process\n")
    print(f"{'':24}{f'{FEW} sessions':>16}{f'{MANY} sessions':>16}{'queries':>9}")
    broken = []
    for name, ((few, fewer), (many, queries)) in results.items():
        print(f"{name:24}{few:>13.0f} ms{many:>13.0f} ms{queries:>9}")
        if name in LISTS and (many > MOST_MS or queries > MOST_QUERIES or queries > fewer):
            broken.append(f"{name}: {many:.0f} ms, {fewer} and then {queries} queries")
    print("\n".join(["", *broken] if broken else ["", "All promises hold."]))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
