"""Lists that are taken out: who gets which rows, that each is recorded, and that large ones are the worker's."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bookings.models import Session
from courses.models import WorkshopPage
from tests.factories.attendance import held
from tests.factories.bookings import make_booking, make_session, make_staff
from tests.factories.courses import make_workshop
from tests.factories.people import make_school, make_user
from vaern.audit.models import AuditEvent
from vaern.exchange import exporting
from vaern.exchange.datasets import DATASETS
from vaern.exchange.jobs import make_exports, purge_exchange
from vaern.exchange.models import ExportFile, ExportPart
from vaern.people.models import Administration, User

pytestmark = pytest.mark.usefixtures("site", "clock")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def take(user: User, dataset: str, form: str = "csv", **fields: str) -> Any:
    return client_of(user).post(reverse(f"exchange_export_{dataset}"), {"form": form, **fields})


def rows_of(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_bookings_with_what_a_coordinator_sees() -> None:
    school = make_school("Nørre Skole", number="101001")
    booking = make_booking(make_session(place="=HYPERLINK()"), school=school)
    [row] = rows_of(take(make_user("coordinator"), "bookings"))
    assert (row["Referencenummer"], row["Skole"], row["Institutionsnummer"], row["Klasser"], row["Elever"]) == (
        booking.reference, "Nørre Skole", "101001", "7.B", "24",
    )  # fmt: skip
    assert row["Sted"] == "'=HYPERLINK()"
    assert row["E-mail"] == "aase@example.dk"


def test_nothing_reported_is_empty_and_never_nought() -> None:
    start = timezone.now() - dt.timedelta(days=2)
    held(start, label="7.A")
    held(start, came=0, label="7.B")
    rows = {row["Klasse"]: row for row in rows_of(take(make_user("coordinator"), "attendance"))}
    assert {label: row["Elever til stede"] for label, row in rows.items()} == {"7.A": "", "7.B": "0"}


def test_times_are_copenhagens_and_the_period_is_of_its_days() -> None:
    workshop = make_workshop()
    for moment in ("2026-12-31T23:30:00+00:00", "2026-12-31T22:30:00+00:00"):
        make_session(workshop=workshop, starts_at=dt.datetime.fromisoformat(moment))
    rows = rows_of(take(make_user("coordinator"), "sessions", first="01.01.2027"))
    assert [row["Begynder"] for row in rows] == ["2027-01-01 00:30"]
    rows = rows_of(take(make_user("coordinator"), "sessions", last="31.12.2026"))
    assert [row["Begynder"] for row in rows] == ["2026-12-31 23:30"]


def test_an_administrations_coordinator_gets_the_own_people_only() -> None:
    mine, others = Administration.objects.order_by("pk")[:2]
    session = make_session(workshop=make_workshop(audience=WorkshopPage.Audience.STAFF), capacity=None)
    make_staff(session, 1, administration_id=mine.pk)
    make_staff(session, 2, administration_id=others.pk)
    user = make_user("administration-coordinator", administration=mine)
    assert [row["E-mail"] for row in rows_of(take(user, "signups"))] == ["person1@example.dk"]
    # Whatever is asked for in the body or the address.
    asked = take(user, "signups", administration=str(others.pk))
    assert [row["E-mail"] for row in rows_of(asked)] == ["person1@example.dk"]
    assert rows_of(take(make_user("administration-coordinator"), "signups")) == []
    assert len(rows_of(take(make_user("coordinator"), "signups"))) == 2


def test_an_export_is_recorded_with_its_filter_and_number_and_without_its_rows() -> None:
    make_booking(make_session())
    user = make_user("coordinator")
    take(user, "bookings", first="01.01.2026")
    event = AuditEvent.objects.get(action="export.made")
    assert (event.actor, event.subject_key, event.facts) == (
        user, "bookings", {"form": "csv", "rows": 1, "first": "2026-01-01"},
    )  # fmt: skip


def test_the_privacy_officer_takes_the_log_out_and_that_is_in_the_log() -> None:
    make_booking(make_session())
    user = make_user("privacy-officer")
    take(user, "audit")
    rows = rows_of(take(user, "audit"))
    assert [row["Kode"] for row in rows] == ["booking.confirmed", "export.made"]


def test_the_privacy_officer_reads_and_filters_the_log_and_changes_nothing() -> None:
    booking = make_booking(make_session())
    actor = make_user("coordinator", first_name="Kari", last_name="Koordinator")
    AuditEvent.objects.create(action="session.planned", subject_type="session", subject_key="s", actor=actor)
    client = client_of(make_user("privacy-officer"))
    url = reverse("audit_log:index")
    page = client.get(url).content.decode()
    assert "Booking: bekræftet" in page
    assert "Kari Koordinator" in page
    for query, shown, hidden in (
        ({"kind": "session"}, "Kari Koordinator", "Booking: bekræftet"),
        ({"actor": str(actor.pk)}, "Kari Koordinator", "Booking: bekræftet"),
        ({"q": str(booking.uuid)}, "Booking: bekræftet", "Kari Koordinator</td>"),
        ({"at_from": "2027-01-01"}, "", "Booking: bekræftet"),
    ):
        table = client.get(reverse("audit_log:index_results"), query).content.decode()
        assert shown in table, query
        assert hidden not in table, query
    assert client.post(url, {}).status_code == 405


@pytest.mark.parametrize("events", [1, 3, 100])
def test_the_log_reads_the_same_for_one_and_for_a_hundred(events: int) -> None:
    actor = make_user("coordinator")
    for number in range(events):
        AuditEvent.objects.create(action="x.done", subject_type="x", subject_key=str(number), actor=actor)
    client = client_of(make_user("privacy-officer"))
    client.get(reverse("audit_log:index"))
    with CaptureQueriesContext(
        connection,
    ) as found:
        client.get(reverse("audit_log:index"))
    assert len(found) == LOG_QUERIES


LOG_QUERIES = 11


def test_a_calendar_of_the_sessions() -> None:
    make_session()
    answer = take(make_user("coordinator"), "sessions", form="ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.content.count(b"BEGIN:VEVENT") == 1
    assert take(make_user("coordinator"), "bookings", form="ics").status_code == 200  # the form, with its error
    assert AuditEvent.objects.filter(action="export.made").count() == 1


# -- large files ------------------------------------------------------------------------------------------


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vaern.exchange.views.AT_ONCE", 2)
    monkeypatch.setattr(exporting, "PART_BYTES", 100)
    monkeypatch.setattr("vaern.exchange.datasets.CHUNK", 2)


@pytest.mark.usefixtures("large")
def test_a_large_file_is_made_by_the_worker_and_fetched_by_who_ordered_it() -> None:
    for _number in range(5):
        make_session()
    user = make_user("coordinator")
    answer = take(user, "sessions")
    order = ExportFile.objects.get()
    assert answer["Location"] == reverse("exchange_file", args=[order.uuid])
    client = client_of(user)
    page = client.get(answer["Location"]).content.decode()
    assert 'data-exchange-progress="in-hand"' in page
    assert '<progress class="w-w-full w-max-w-lg" max="100" value="0"' in page
    assert client.get(reverse("exchange_fetch", args=[order.uuid])).status_code == 404
    call_command("work", "--once")
    page = client.get(answer["Location"]).content.decode()
    assert 'data-exchange-progress="ended"' in page
    fetched = client.get(reverse("exchange_fetch", args=[order.uuid]))
    text = b"".join(fetched.streaming_content).decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))) == 5
    assert ExportPart.objects.count() > 1
    assert AuditEvent.objects.get(action="export.made").facts["rows"] == 5
    other = client_of(make_user("coordinator"))
    for name in ("exchange_file", "exchange_fetch"):
        assert other.get(reverse(name, args=[order.uuid])).status_code == 404


@pytest.mark.usefixtures("large")
def test_who_has_lost_the_role_gets_no_file() -> None:
    for _number in range(3):
        make_session()
    user = make_user("coordinator")
    take(user, "sessions")
    order = ExportFile.objects.get()
    make_exports()
    user.groups.clear()
    assert client_of(user).get(reverse("exchange_fetch", args=[order.uuid])).status_code != 200
    ExportFile.objects.update(state=ExportFile.State.WAITING)
    make_exports()
    order.refresh_from_db()
    assert (order.state, order.parts.count()) == (ExportFile.State.FAILED, 0)


@pytest.mark.usefixtures("large")
def test_a_worker_that_is_gone_is_taken_over_from_and_old_files_go(clock: Any) -> None:
    for _number in range(3):
        make_session()
    take(make_user("coordinator"), "sessions")
    ExportFile.objects.update(state=ExportFile.State.WORKING)
    assert make_exports() == 0
    clock.shift(exporting.LOST + dt.timedelta(seconds=1))
    assert make_exports() == 1
    assert purge_exchange() == 0
    clock.shift(dt.timedelta(days=1))
    assert purge_exchange() == 1
    assert (ExportFile.objects.count(), ExportPart.objects.count()) == (0, 0)


def test_every_list_can_be_written_in_every_form() -> None:
    held(timezone.now() - dt.timedelta(days=2), came=20)
    admin = User.objects.create_superuser("alt@example.dk")
    for dataset in DATASETS.values():
        for form, _name in dataset.forms:
            answer = take(admin, dataset.key, form=form)
            assert answer.status_code == 200
            assert "attachment" in answer["Content-Disposition"], (dataset.key, form)
    for dataset in DATASETS.values():
        [first] = [next(iter(dataset.rows(dataset.query(admin, exporting.Period()))), None)]
        if first is not None:
            assert len(first) == len(dataset.headings), dataset.key
    assert Session.objects.count() == 1
