"""How many statements a booking takes, counted as they are sent: in transactions of their own, begin and commit too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.domain.booking import Person
from bookings.links import link_to
from bookings.models import Booking
from tests.bookings.oracle import assert_all_invariants
from tests.factories.bookings import make_booking, make_parents, make_session, make_staff
from tests.factories.courses import make_workshop
from tests.factories.forms import book_url, booking_form
from tests.factories.people import make_school

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("site", "clock"),
]

ON_POSTGRES = connection.vendor == "postgresql"
WRITTEN = re.compile(r"\s*(?:INSERT INTO|UPDATE) \"?(\w+)")


@pytest.fixture
def kept_pages(settings: Any) -> Iterator[None]:
    settings.VAERN_PAGE_CACHE = True
    caches["pages"].clear()
    yield
    caches["pages"].clear()


def statements(call: Callable[[], object]) -> list[str]:
    """Return what was sent to the database: the table that is written, or the first word."""
    with CaptureQueriesContext(connection) as captured:
        call()
    sent = [query["sql"] for query in captured.captured_queries]
    return [match[1] if (match := WRITTEN.match(sql)) else sql.split()[0] for sql in sent]


def one_booking(lines: str) -> list[str]:
    """Return what one booking sends: the lock, and all that is written in one statement, where a database can."""
    if ON_POSTGRES:
        return ["BEGIN", "SELECT", "WITH", "COMMIT"]
    written = ["pagecache_change", "bookings_booking", lines, "audit_auditevent", "outbox_message", "bookings_session"]
    return ["BEGIN", "SELECT", *written, "COMMIT"]


def test_a_class_is_booked_in_four_statements() -> None:
    session, school = make_session(), make_school()
    make_booking(session, school=school, pupils=2)
    sent = statements(lambda: make_booking(session, school=school, pupils=2, label="7.C"))
    assert sent == one_booking("bookings_groupline")
    assert_all_invariants()


def test_so_are_two_parents() -> None:
    session = make_session(workshop=make_workshop(audience="parents"))
    second = Person("Bo", "bo@example.dk")
    make_parents(session, 1)
    sent = statements(lambda: make_parents(session, 2, second=second))
    assert sent == one_booking("bookings_personline")
    assert_all_invariants()


@pytest.mark.parametrize("team", [1, 3, 12])
def test_and_a_team_however_large(team: int) -> None:
    session = make_session(workshop=make_workshop(audience="staff"))
    make_staff(session, 1)
    sent = statements(lambda: make_staff(session, 2, team=team))
    assert [row for row in sent if row != "SELECT"] == [
        row for row in one_booking("bookings_personline") if row != "SELECT"
    ]
    assert_all_invariants()


@pytest.mark.usefixtures("kept_pages")
def test_the_whole_way_of_a_teacher(client: Client) -> None:
    """Workshop page, form, sending it, receipt: as the first who sees the page since something changed, and after her.

    PostgreSQL: 25 and 17. SQLite cannot write several tables in one statement: 30 and 22.
    """
    session, school = make_session(capacity=None), make_school()
    page, url = session.workshop.url, book_url(session)
    client.get(page)  # what is read once for all visitors
    client.get(url)
    client.cookies.clear()

    def sent(label: str) -> list[int]:
        form = booking_form(school, **{"groups-0-label": label})
        counted = [
            len(statements(lambda: client.get(page))),
            len(statements(lambda: client.get(url))),
            len(statements(lambda: client.post(url, form))),
        ]
        receipt = link_to(Booking.objects.latest("pk"))
        return [*counted, len(statements(lambda: client.get(receipt)))]

    post = 7 if ON_POSTGRES else 12
    make_booking(session, school=school, pupils=2)  # a change: the page is made anew
    assert sent("7.C") == [9, 5, post, 4]
    client.cookies.clear()
    client.get(page)  # another reader
    client.cookies.clear()
    assert sent("7.D") == [1, 5, post, 4]
