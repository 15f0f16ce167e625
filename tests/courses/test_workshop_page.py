"""One workshop's page and its dates."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from bookings.models import Session
from courses.models import Subject, WorkshopPage
from courses.templatetags.courses import card_facts, duration, for_whom, group_size, workshop_facts
from tests.conftest import NOW
from tests.factories.bookings import make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.forms import book_url
from tests.factories.texts import page, said
from vaern.pages.grades import Band, bands
from vaern.people.models import Organisation

pytestmark = pytest.mark.usefixtures("site", "clock")
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 0, [Band.LOWER]),
        (3, 4, [Band.LOWER, Band.MIDDLE]),
        (4, 6, [Band.MIDDLE]),
        (6, 7, [Band.MIDDLE, Band.UPPER]),
        (7, 10, [Band.UPPER]),
        (0, 10, [Band.LOWER, Band.MIDDLE, Band.UPPER]),
    ],
)
def test_bands_are_derived_from_grades(low: int, high: int, expected: list[Band]) -> None:
    assert bands(low, high) == expected


def test_every_grade_is_in_one_band() -> None:
    assert sorted(grade for band in Band for grade in band.grades) == list(range(11))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"grade_from": 7, "grade_to": 7}, "Grade 7 · Lower secondary"),
        ({"grade_from": 3, "grade_to": 4}, "Grades 3–4 · Lower primary / Middle"),
        ({"audience": "parents", "grade_from": None, "grade_to": None}, "Parents"),
        ({"grade_from": None, "grade_to": None}, "School classes"),
    ],
)
def test_for_whom(english: None, fields: dict[str, Any], expected: str) -> None:
    assert for_whom(WorkshopPage(**fields)) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (10, 28, "10–28 pupils"),
        (None, 28, "At most 28 pupils"),
        (10, None, "At least 10 pupils"),
        (None, None, ""),
    ],
)
def test_size_of_the_group(english: None, low: int | None, high: int | None, expected: str) -> None:
    assert group_size(WorkshopPage(group_min=low, group_max=high)) == expected


@pytest.mark.parametrize(
    ("lessons", "expected"), [(None, "90 minutes"), (1, "1 lesson (90 minutes)"), (2, "2 lessons (90 minutes)")]
)
def test_duration(english: None, lessons: int | None, expected: str) -> None:
    assert duration(WorkshopPage(lessons=lessons)) == expected


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"grade_from": 7, "grade_to": None}, "grade_to"),
        ({"grade_from": None, "grade_to": 7}, "grade_to"),
        ({"grade_from": 8, "grade_to": 7}, "grade_to"),
        ({"grade_from": 7, "grade_to": 11}, "grade_to"),
        ({"group_min": 20, "group_max": 19}, "group_max"),
        ({"way_of_booking": "external"}, "external_url"),
        ({"languages": ["fr"]}, "languages"),
        ({"languages": "da"}, "languages"),
    ],
)
def test_what_an_editor_cannot_save(fields: dict[str, Any], field: str) -> None:
    workshop = make_workshop()
    workshop.full_clean()
    for name, value in fields.items():
        setattr(workshop, name, value)
    with pytest.raises(ValidationError) as found:
        workshop.full_clean()
    assert list(found.value.message_dict) == [field]


@pytest.mark.parametrize(
    "fields",
    [{"grade_from": 8, "grade_to": 7}, {"grade_to": 11}, {"group_min": 2, "group_max": 1}],
)  # fmt: skip
def test_what_the_database_refuses(fields: dict[str, Any]) -> None:
    workshop = make_workshop()
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkshopPage.objects.filter(pk=workshop.pk).update(**fields)


def test_the_page_shows_what_a_teacher_chooses_by(client: Client) -> None:
    subject = Subject.objects.create(key="dansk", name_da="Dansk", name_en="Danish")
    provider = Organisation.objects.create(name="Foreningen Dialog", kind="partner")
    workshop = make_workshop(
        "Kilder", description="Første\n\nAndet <b>", prepare="Læs", activity="Vi ser", provider=provider
    )
    workshop.subjects.add(subject)
    workshop.save()
    html = page(client, workshop.url)
    for text in (
        "<h1>Kilder</h1>",
        "Andet &lt;b&gt;",
        "Læs",
        "Vi ser",
        "Dansk",
        "Foreningen Dialog",
        said("Free of charge"),
    ):
        assert text in html
    assert html.count("<h1") == 1
    assert len(workshop_facts(workshop)) == 9
    assert [fact["icon"] for fact in card_facts(workshop)] == ["groups", "time", "location"]


def test_dates_come_soonest_first_and_only_the_public_coming_ones(client: Client) -> None:
    workshop = make_workshop()
    later, soon = make_session(workshop=workshop, starts_in=9 * DAY), make_session(workshop=workshop, starts_in=2 * DAY)
    hidden = [
        make_session(workshop=workshop, visibility="link"),
        make_session(workshop=workshop, starts_in=-DAY),
        make_session(workshop=workshop, starts_in=dt.timedelta(0)),
        make_session(workshop=workshop, status="cancelled"),
        make_session(),
    ]
    html = page(client, workshop.url)
    assert re.findall(r'href="(/bestil/[^"]*)"', html) == [book_url(soon), book_url(later)]
    assert [book_url(session) in html for session in hidden] == [False] * 5


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "Room for 28 pupils"),
        ({"capacity": 1}, "Room for 1 pupil"),
        ({"capacity": 2, "capacity_unit": "groups"}, "Room for 2 classes"),
        ({"capacity": None}, "Places free"),
        ({"capacity": 0}, "Fully booked"),
        ({"approval_needed": True}, "By agreement"),
        ({"opens_at": dt.datetime(2026, 12, 1, tzinfo=dt.UTC)}, "Opens 1"),
        ({"closes_at": dt.datetime(2026, 11, 20, tzinfo=dt.UTC)}, "Booking has closed"),
    ],
)
def test_a_date_tells_its_room_or_why_it_cannot_be_booked(client: Client, fields: dict[str, Any], text: str) -> None:
    session = make_session(**fields)
    html = page(client, session.workshop.url)
    words = {"Opens 1": "1", "Room for 28 pupils": "28", "Room for 1 pupil": "1", "Room for 2 classes": "2"}
    room = re.search(r'class="v-date__room">(.*?)</p>', html, re.S)
    assert room
    said_text = re.sub("<[^>]*>", "", room.group(1)).strip()
    assert re.search(rf"\b{words[text]}\b", said_text) if text in words else said_text == said(text)
    assert (book_url(session) in html) == (text.startswith(("Room", "Places", "By agreement")))


@pytest.mark.parametrize("way", ["external", "request", "both", "sessions"])
def test_dates_only_where_dates_are_booked_here(client: Client, way: str) -> None:
    workshop = make_workshop(way_of_booking=way, external_url="https://example.dk/bestil" if way == "external" else "")
    session = make_session(workshop=workshop)
    html = page(client, workshop.url)
    assert (book_url(session) in html) == (way in {"both", "sessions"})
    assert ("https://example.dk/bestil" in html) == (way == "external")


def test_the_room_shrinks_with_a_booking(client: Client) -> None:
    session = make_session(capacity=60)
    make_booking(session, pupils=24)
    html = page(client, session.workshop.url)
    assert "36" in re.sub("<[^>]*>", "", html.split('class="v-date__room">')[1].split("</p>")[0])


@pytest.mark.parametrize("sessions", [1, 3, 100])
def test_the_page_reads_the_same_for_one_date_and_for_a_hundred(
    client: Client, sessions: int, django_assert_num_queries: Any
) -> None:
    workshop = make_workshop()
    for number in range(sessions):
        make_session(workshop=workshop, starts_in=(1 + number) * DAY)
    assert Session.objects.count() == sessions
    with django_assert_num_queries(10):  # the first page after a restart learns where the site's pages begin
        page(client, workshop.url)
    with django_assert_num_queries(8):
        page(client, workshop.url)


def test_the_next_free_date_stands_at_the_top(client: Client) -> None:
    workshop = make_workshop()
    make_session(workshop=workshop, starts_in=2 * DAY, capacity=0)
    assert said("Next free date:") not in page(client, workshop.url)
    make_session(workshop=workshop, starts_in=9 * DAY)
    head = page(client, workshop.url).split('class="v-page-head"')[1].split("</div>")[0]
    assert "2. december 2026" in head


def test_a_cancelled_date_is_shown_as_cancelled(client: Client) -> None:
    session = make_session(status="cancelled")
    html = page(client, session.workshop.url)
    assert html.count(said("Cancelled")) == 1
    assert book_url(session) not in html


def test_many_dates_are_shown_a_month_at_a_time(client: Client) -> None:
    workshop = make_workshop()
    for number in range(14):
        make_session(workshop=workshop, starts_at=NOW + (5 + 5 * number) * DAY)
    first = page(client, workshop.url)
    months = re.findall(r'href="\?month=([0-9-]+)#datoer"[^>]*>([^<]*)<', first)
    assert months == [
        ("2026-11", "November 2026 (1)"),
        ("2026-12", "December 2026 (6)"),
        ("2027-01", "Januar 2027 (6)"),
        ("2027-02", "Februar 2027 (1)"),
    ]
    assert first.count('class="v-date"') == 12
    assert page(client, workshop.url, month="2027-01").count('class="v-date"') == 6
    for nonsense in ("2027-99", "x", "9" * 5000):
        assert page(client, workshop.url, month=nonsense).count('class="v-date"') == 12
    Session.objects.filter(starts_at__gt=NOW + 60 * DAY).delete()
    assert "?month=" not in page(client, workshop.url)


def data(html: str) -> dict[str, Any]:
    (written,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    found: dict[str, Any] = json.loads(written)
    return found


def test_structured_data_tells_of_each_date_and_whether_it_can_be_had(client: Client) -> None:
    workshop = make_workshop("Kilder </script><b>&", description="Om kilder")
    free = make_session(workshop=workshop, starts_in=2 * DAY, place="Rådhuset")
    make_session(workshop=workshop, starts_in=3 * DAY, capacity=0)
    make_session(workshop=workshop, starts_in=4 * DAY, opens_at=NOW + DAY)
    make_session(workshop=workshop, starts_in=5 * DAY, status="cancelled")
    online = make_session(workshop=workshop, starts_in=6 * DAY, online_link="https://example.org/secret")
    make_session(workshop=workshop, visibility="link")
    html = page(client, workshop.url)
    assert "</script><b>" not in html
    assert "example.org/secret" not in html
    course = data(html)
    assert (course["@type"], course["name"], course["isAccessibleForFree"]) == ("Course", workshop.title, True)
    dates = course["hasCourseInstance"]
    assert [date["eventStatus"].rsplit("/", 1)[1] for date in dates] == [
        *["EventScheduled"] * 3,
        "EventCancelled",
        "EventScheduled",
    ]
    assert [date.get("offers", {}).get("availability", "none").rsplit("/", 1)[-1] for date in dates] == [
        "InStock", "SoldOut", "PreSale", "none", "InStock",
    ]  # fmt: skip
    assert [date["courseMode"] for date in dates] == [*["Onsite"] * 4, "Online"]
    assert dates[0]["@id"] == f"urn:uuid:{free.uuid}"
    assert dates[0]["startDate"] == "2026-11-25T09:00:00+01:00"
    assert dates[0]["location"] == {"@type": "Place", "name": "Rådhuset", "address": "Rådhuset"}
    assert dates[0]["offers"]["url"] == f"http://testserver{book_url(free)}"
    assert dates[4]["location"] == {"@type": "VirtualLocation", "url": f"http://testserver{workshop.url}"}
    assert online.online_link


@pytest.fixture
def english() -> Any:
    with translation.override("en"):
        yield
