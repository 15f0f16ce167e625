"""Feeds and exports: what stands in them, what never does, and that asking again is cheap."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from icalendar import Calendar
from wagtail.models import Page

from bookings.domain.session import change_session
from bookings.opendata import ical
from bookings.opendata.catalogue import HEADER
from bookings.opendata.dates import OpenDate
from courses.models import CataloguePage, Subject
from tests.conftest import NOW
from tests.factories.bookings import make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.many import make_many_sessions, make_many_workshops
from tests.factories.texts import page, said
from vaern.design.cells import harmless
from vaern.pagecache.models import Change
from vaern.people.models import Organisation

pytestmark = pytest.mark.usefixtures("site", "clock")
DAY = dt.timedelta(days=1)
ICS, ATOM, JSON, CSV = "/data/datoer.ics", "/data/datoer.atom", "/data/workshops.json", "/data/workshops.csv"
NS = {"a": "http://www.w3.org/2005/Atom"}


def events(client: Client, path: str = ICS, **query: str) -> list[Any]:
    calendar = Calendar.from_ical(client.get(path, query).content)
    return list(calendar.walk("VEVENT"))


def entries(client: Client, path: str = ATOM, **query: str) -> list[ET.Element]:
    return ET.fromstring(client.get(path, query).content).findall("a:entry", NS)  # noqa: S314 - our own


def exported(client: Client, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(JSON, query).json()["workshops"]
    return found


def rows(client: Client, **query: str) -> list[dict[str, str]]:
    text = client.get(CSV, query).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_only_dates_that_can_be_booked_are_in_the_feeds(client: Client) -> None:
    workshop = make_workshop("Kilder; rygter, \\ og\nmere", intro="Æbler " * 30)
    session = make_session(workshop=workshop, place="Rådhuset, sal 1", online_link="")
    for fields in (
        {"visibility": "link"},
        {"status": "cancelled"},
        {"capacity": 0},
        {"starts_in": -DAY},
        {"opens_at": NOW + DAY},
        {"closes_at": NOW},
    ):
        make_session(workshop=workshop, **fields)
    make_session(workshop=make_workshop(live=False))
    (event,) = events(client)
    assert event["uid"] == f"{session.uuid}@127.0.0.1" or str(session.uuid) in event["uid"]
    assert event["dtstart"].dt == session.starts_at
    assert event["dtend"].dt == session.ends_at
    assert event["summary"] == "Kilder; rygter, \\ og\nmere"
    assert event["location"] == "Rådhuset, sal 1"
    assert event["description"].startswith("Æbler Æbler")
    assert event["url"] == f"http://testserver{workshop.url}#datoer"
    (entry,) = entries(client)
    assert entry.findtext("a:id", namespaces=NS) == f"urn:uuid:{session.uuid}"
    (record,) = [record for record in exported(client) if record["open_dates"]]
    assert record["open_dates"] == 1
    assert dt.datetime.fromisoformat(record["next_open_date"]) == session.starts_at


def test_a_date_by_agreement_can_be_asked_for_and_is_in_the_feeds(client: Client) -> None:
    session = make_session(approval_needed=True)
    (event,) = events(client)
    assert event["dtstart"].dt == session.starts_at
    assert [record["open_dates"] for record in exported(client)] == [1]


def test_a_taking_part_link_stays_with_those_who_booked(client: Client) -> None:
    make_session(online_link="https://example.org/secret-room")
    for path in (ICS, ATOM, JSON, CSV):
        assert "secret-room" not in client.get(path).content.decode()
    assert len(events(client)) == 1


def test_the_uid_stays_and_the_sequence_rises_when_a_date_moves(client: Client) -> None:
    session = make_session()
    (before,) = events(client)
    change_session(session_id=session.pk, changes={"place": "Et andet sted"}, actor_id=None)
    (after,) = events(client)
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)


def test_feeds_take_the_catalogues_filters_and_language(client: Client) -> None:
    english = make_workshop("Source criticism", language="en", grade_from=7, grade_to=9)
    danish = make_workshop("Kildekritik", grade_from=7, grade_to=9)
    Page.objects.filter(pk=english.pk).update(translation_key=danish.translation_key)
    make_session(workshop=danish)
    make_session(workshop=make_workshop("Leg", grade_from=0, grade_to=3))
    assert [event["summary"] for event in events(client, grade="8")] == ["Kildekritik"]
    assert [event["summary"] for event in events(client, "/en" + ICS, grade="8")] == ["Source criticism"]
    assert len(events(client, grade="8", **{"from": "2027-01-01"})) == 0
    assert len(events(client, grade="nonsense", q="x" * 99)) == 2
    assert [record["title"] for record in exported(client, grade="8")] == [
        {"da": "Kildekritik", "en": "Source criticism"}
    ]
    (record,) = exported(client, grade="1")
    assert (record["title"]["en"], record["url"]["en"]) == (None, None)


@pytest.mark.parametrize("path", [ICS, ATOM, JSON, CSV])
def test_asking_again_is_answered_shortly_until_something_changes(client: Client, path: str) -> None:
    workshop = make_workshop()
    session = make_session(workshop=workshop)
    first = client.get(path)
    again = {"If-None-Match": first.headers["ETag"]}
    assert first.headers["Last-Modified"]
    unchanged = client.get(path, headers=again)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.head(path).headers["ETag"] == first.headers["ETag"]
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get(path, headers=since).status_code == 304
    make_booking(session, pupils=28)
    assert client.get(path, headers=again).status_code == 200


def test_time_alone_changes_a_feed(client: Client, clock: Any) -> None:
    make_session(closes_at=NOW + DAY)
    Change.objects.update(at=NOW - DAY)  # the database's own clock stands at another day
    first = client.get(ICS)
    clock.move_to(NOW + 2 * DAY)
    headers = {"If-None-Match": first.headers["ETag"]}
    later = client.get(ICS, headers=headers)
    assert (later.status_code, later.content.count(b"BEGIN:VEVENT")) == (200, 0)
    old = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get(ICS, headers=old).status_code == 200


@pytest.mark.parametrize("path", [ICS, ATOM, JSON, CSV, "/data/"])
def test_only_reading(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert client.get(path).status_code == 200
    assert "sessionid" not in client.cookies
    assert client.get(f"{path}?q=%00").status_code == 400
    assert client.get(f"{path}?grade[]=7&from=9999-12-31&q=%ff").status_code == 200


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+45", "'+45"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
        ("\u00a0＝1", "'\u00a0＝1"),
        ("\u200b@A1", "'\u200b@A1"),
        ("－1", "'－1"),
        ("\x07=1", "'=1"),
        ("7.B", "7.B"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(text: str, cell: str) -> None:
    assert harmless(text) == cell


def test_the_table_is_one_a_danish_excel_opens(client: Client) -> None:
    provider = Organisation.objects.create(name="=HYPERLINK(1)", kind="partner")
    workshop = make_workshop('@Kilder; "æøå"', intro="-linje\nto", provider=provider, languages=["da", "en"])
    for key in ("dansk", "historie"):
        workshop.subjects.add(Subject.objects.create(key=key, name_da=key, name_en=key))
    workshop.save()
    answer = client.get(CSV)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbfid;url_da;")
    (row,) = rows(client)
    assert tuple(row) == HEADER
    assert row["title_da"] == '\'@Kilder; "æøå"'
    assert row["intro_da"] == "'-linje\nto"
    assert row["provider"] == "'=HYPERLINK(1)"
    assert (row["subjects"], row["languages"], row["teacher_present"]) == ("dansk historie", "da en", "1")


def test_the_export_says_what_it_is(client: Client) -> None:
    make_workshop("Kilder")
    told = client.get(JSON).json()
    assert told["format_version"] == 1
    assert told["generated_at"] == NOW.astimezone(dt.UTC).isoformat(timespec="seconds")
    assert told["licence"] == {
        "name": "Creative Commons Attribution 4.0 (CC BY 4.0)",
        "url": "https://creativecommons.org/licenses/by/4.0/",
        "confirmed": False,
    }
    (record,) = told["workshops"]
    assert list(record) == [
        "id", "url", "title", "intro", "description", "audience", "grade_from", "grade_to", "subjects", "themes",
        "place", "languages", "duration_minutes", "lessons", "group_min", "group_max", "teacher_present", "provider",
        "price_dkk", "way_of_booking", "booking_url", "open_dates", "next_open_date", "updated_at",
    ]  # fmt: skip
    CataloguePage.objects.update(data_licence="CC0", data_licence_confirmed=True)
    assert client.get(JSON).json()["licence"]["confirmed"] is True
    assert json.loads(client.get("/en" + JSON).content)["count"] == 1


@pytest.mark.parametrize("path", ["/data/", "/en/data/"])
def test_the_page_about_the_data(client: Client, path: str) -> None:
    html = page(client, path)
    language = "en" if "/en/" in path else "da"
    for text in ("Use our data", "to be confirmed by the municipality", "The terms"):
        assert said(text, language) in html
    prefix = path.removesuffix("/data/")
    for address in (ICS, ATOM, JSON, CSV):
        assert f"http://testserver{prefix}{address}" in html
    CataloguePage.objects.update(data_licence_confirmed=True)
    assert said("to be confirmed by the municipality", language) not in page(client, path)


def test_a_line_is_folded_between_letters() -> None:
    date = OpenDate(
        uuid="u", title="Æ" * 200, summary="\x07x\r\ny", url="https://x/", starts_at=NOW, ends_at=NOW + DAY, place="",
        sequence=0, announced_at=NOW,
    )  # type: ignore[arg-type]  # fmt: skip
    content = ical.feed([date], name="N", host="h", language="da", stamp=NOW)
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    content.decode()
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert (event["summary"], event["description"]) == ("Æ" * 200, "x\ny\nhttps://x/")


@pytest.mark.parametrize("number", [1, 100])
@pytest.mark.parametrize(("path", "queries"), [(ICS, 7), (ATOM, 8), (JSON, 10), (CSV, 9), ("/data/", 3)])
def test_feeds_read_the_same_for_one_and_for_a_hundred(
    client: Client, number: int, path: str, queries: int, django_assert_num_queries: Any
) -> None:
    make_many_sessions(make_many_workshops(number), 12 * number)
    client.get(path)
    with django_assert_num_queries(queries):
        client.get(path)
