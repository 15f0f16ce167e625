"""Files that come in: what they would do, that they do it as a whole or not at all, and only once."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import uuid
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from bookings.admin import words
from bookings.domain.attendance import PersonReport, report_attendance
from bookings.domain.locking import Busy
from bookings.domain.walkins import WalkInPersons, add_walk_in
from bookings.models import AttendanceRecord, Booking, GroupLine, PersonLine, Session
from bookings.roll import held_among, roll_of
from courses.models import WorkshopPage
from tests.factories.attendance import held
from tests.factories.bookings import make_session, make_staff
from tests.factories.courses import make_workshop
from tests.factories.people import make_school, make_user
from vaern.audit.models import AuditEvent
from vaern.design.formats import COPENHAGEN
from vaern.exchange import importing
from vaern.exchange.importers import IMPORTERS
from vaern.exchange.importing import preview_of
from vaern.exchange.jobs import take_in_files
from vaern.exchange.models import ImportBatch
from vaern.exchange.tables import lines_of, template_file
from vaern.goals.measures import measure
from vaern.goals.models import Goal, GoalYear
from vaern.outbox.models import Message
from vaern.people.models import Administration, Organisation, School, User
from vaern.people.schoolfile import UnreadableFile

pytestmark = pytest.mark.usefixtures("site", "clock")
UTC = dt.UTC


@pytest.fixture
def user() -> User:
    return make_user("coordinator")


@pytest.fixture
def client(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(client: Client, kind: str, content: bytes | str, name: str = "fil.csv") -> ImportBatch:
    """Send a file and return it as it was looked through."""
    data = content.encode() if isinstance(content, str) else content
    answer = client.post(reverse(f"exchange_import_{kind}"), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.context["form"].errors
    return ImportBatch.objects.order_by("-pk")[0]


def take_in(client: Client, batch: ImportBatch) -> ImportBatch:
    client.post(reverse("exchange_batch", args=[batch.uuid]))
    batch.refresh_from_db()
    return batch


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    found = preview_of(batch)
    return found.new, found.changed, found.unchanged, len(found.errors)


def wrong(batch: ImportBatch) -> dict[int, str]:
    return {change.number: " ".join(change.details) for change in preview_of(batch).errors}


# -- schools ----------------------------------------------------------------------------------------------

REGISTER = (
    "INSTITUTIONSNUMMER;INSTITUTIONSNAVN;TYPE NR;TYPE NAVN;POSTNUMMER;EJERKODE NAVN;BELIGGENHEDSKOMMUNE\r\n"
    "101001;Ålholm Skole;1012;Folkeskoler;2500;Kommunal;København\r\n"
    "101002;Østre Privatskole;1013;Friskoler;2100;Selvejende;Københavns Kommune\r\n"
    "751001;Aarhus Skole;1012;Folkeskoler;8000;Kommunal;Aarhus\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_the_registers_file_in_its_encodings(client: Client, encoding: str) -> None:
    batch = send(client, "organisations", REGISTER.encode(encoding))
    assert counts(batch) == (2, 0, 0, 0)
    assert preview_of(batch).passed_over == 1
    assert School.objects.filter(institution_number="101001").count() == 0
    assert take_in(client, batch).state == ImportBatch.State.DONE
    assert School.objects.get(institution_number="101001").organisation.name == "Ålholm Skole"
    again = send(client, "organisations", REGISTER.encode(encoding))
    assert counts(again) == (0, 0, 2, 0)


def test_what_changes_is_shown_field_by_field(client: Client) -> None:
    make_school("Gamle navn", number="101001")
    batch = send(client, "organisations", REGISTER)
    [change] = [change for change in preview_of(batch).changes if change.kind == "changed"]
    assert change.number == 2
    assert "Navn: Gamle navn → Ålholm Skole" in change.details
    page = client.get(reverse("exchange_batch", args=[batch.uuid])).content.decode()
    assert "Gamle navn → Ålholm Skole" in page


def test_schools_from_a_spreadsheet_with_bad_rows(client: Client) -> None:
    content = sheet([
        ["institutionsnummer", "navn", "institutionstype_nr"],
        [101001, "Ny Skole", 1012],
        [12, "For kort", 1012],
        [101003, "", 1012],
    ])  # fmt: skip
    batch = send(client, "organisations", content, "skoler.xlsx")
    assert wrong(batch) == {3: "Institutionsnummeret skal have seks cifre.", 4: "Navnet mangler."}
    assert take_in(client, batch).state == ImportBatch.State.SEEN
    assert School.objects.filter(institution_number="101001").count() == 0


def sheet(rows: list[list[Any]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


# -- sessions ---------------------------------------------------------------------------------------------


def test_sessions_are_planned_at_copenhagens_clock_on_both_sides_of_its_changes(client: Client) -> None:
    workshop = make_workshop("Kildekritik")
    rows = ["Kildekritik;27-03-2027;10:00", f"{workshop.slug};28-03-2027;10.00", f"{workshop.pk};30/10/2027;9"]
    rows += ["Kildekritik;2027-10-31;09:00"]
    batch = send(client, "sessions", "workshop;dato;start\n" + "\n".join(rows))
    assert counts(batch) == (4, 0, 0, 0), wrong(batch)
    assert Session.objects.count() == 0
    take_in(client, batch)
    assert list(Session.objects.values_list("starts_at", flat=True)) == [
        dt.datetime(2027, 3, 27, 9, tzinfo=UTC), dt.datetime(2027, 3, 28, 8, tzinfo=UTC),
        dt.datetime(2027, 10, 30, 7, tzinfo=UTC), dt.datetime(2027, 10, 31, 8, tzinfo=UTC),
    ]  # fmt: skip
    assert AuditEvent.objects.filter(action="session.planned").count() == 4
    assert counts(send(client, "sessions", "workshop;dato;start\n" + "\n".join(rows))) == (0, 0, 4, 0)


def test_bad_rows_are_named_by_number_and_nothing_is_written(client: Client) -> None:
    make_workshop("Kildekritik")
    rows = [f"Kildekritik;{day:02d}-01-2027;10:00;28" for day in range(1, 31)]
    rows[3] = "Ukendt;04-01-2027;10:00;28"
    rows[10] = "Kildekritik;28-03-2027;02:30;28"
    rows[20] = "Kildekritik;21-01-2027;10:00;mange"
    batch = send(client, "sessions", "workshop;dato;start;kapacitet\n" + "\n".join(rows))
    assert set(wrong(batch)) == {5, 12, 22}
    assert "findes ikke" in wrong(batch)[12]
    take_in(client, batch)
    assert Session.objects.count() == 0
    rows[3], rows[10], rows[20] = (f"Kildekritik;{day}-01-2027;10:00;28" for day in ("04", "11", "21"))
    for expected in ((30, 0, 0, 0), (0, 0, 30, 0)):
        batch = send(client, "sessions", "workshop;dato;start;kapacitet\n" + "\n".join(rows))
        assert counts(batch) == expected
        take_in(client, batch)
    assert Session.objects.count() == 30


def test_a_provider_without_a_charter_is_a_bad_row(client: Client) -> None:
    make_workshop("Kildekritik", provider=Organisation.objects.create(name="Foreningen", kind="partner"))
    rows = "workshop;dato;start;synlighed\nKildekritik;14-01-2027;10:00;{}"
    assert "Foreningen har ikke et gyldigt charter" in wrong(send(client, "sessions", rows.format("")))[2]
    assert counts(send(client, "sessions", rows.format("link"))) == (1, 0, 0, 0)


def test_a_session_is_changed_by_the_verb_with_its_refusals(client: Client) -> None:
    workshop = make_workshop("Kildekritik")
    start = dt.datetime(2027, 1, 14, 9, tzinfo=UTC)
    session = make_session(workshop=workshop, starts_at=start, capacity=28)
    Session.objects.filter(pk=session.pk).update(seats_taken=0)
    header = "nummer;workshop;dato;start;kapacitet;sted\n"
    batch = send(client, "sessions", f"{header}{session.uuid};Kildekritik;14-01-2027;11:00;30;Biblioteket")
    [change] = preview_of(batch).changes
    assert change.kind == "changed"
    assert "Begynder: 14-01-2027 10:00 → 14-01-2027 11:00" in change.details
    take_in(client, batch)
    session.refresh_from_db()
    assert (session.starts_at, session.capacity, session.place) == (start + dt.timedelta(hours=1), 30, "Biblioteket")
    Session.objects.filter(pk=session.pk).update(status=Session.Status.CANCELLED)
    batch = send(client, "sessions", f"{header}{session.uuid};Kildekritik;14-01-2027;12:00;30;Biblioteket")
    assert set(wrong(batch)) == {2}


# -- past attendance --------------------------------------------------------------------------------------

PAST = "institutionsnummer;klasse;dato;workshop;elever til stede;voksne til stede\n"


def past(school: str, rows: int) -> str:
    first = dt.date(2024, 1, 8)
    lines = [
        f"{school};{n % 10}.{'ABC'[n % 3]};{first + dt.timedelta(days=n // 30):%d-%m-%Y};Kildekritik;{15 + n % 10};1"
        for n in range(rows)
    ]
    return PAST + "\n".join(lines)


def test_the_past_comes_in_once_counts_in_its_year_and_tells_nobody(client: Client, user: User) -> None:
    make_workshop("Kildekritik")
    make_school("Nørre Skole", number="101001")
    make_school("Søndre Skole", number="101002")
    text = PAST + (
        "101001;7.B;14-03-2025;Kildekritik;22;2\n101001;7.C;14-03-2025;Kildekritik;0;1\n"
        "101002;8.A;31-12-2025;Kildekritik;20;1\n"
    )
    batch = send(client, "history", text)
    assert counts(batch) == (3, 0, 0, 0), wrong(batch)
    assert Session.objects.count() == 0
    assert take_in(client, batch).state == ImportBatch.State.DONE
    assert sorted(Session.objects.values_list("status", "seats_taken", "imported__batch")) == [
        ("held", 20, batch.pk), ("held", 23, batch.pk),
    ]  # fmt: skip
    assert (Booking.objects.count(), GroupLine.objects.count(), AttendanceRecord.objects.count()) == (2, 3, 3)
    record = AttendanceRecord.objects.get(line__label="7.B")
    assert (record.pupils_present, record.adults_present, record.recorded_by) == (22, 2, user)
    assert Message.objects.count() == 0
    goal = Goal.objects.get(measure=Goal.Measure.PUPILS_PUBLIC)
    year, _created = GoalYear.objects.get_or_create(goal=goal, year=2025, defaults={"low": 1})
    assert measure(year).value == 42
    event = AuditEvent.objects.get(action="attendance.imported")
    assert (event.actor, event.facts["new"], event.facts["changed"]) == (user, 3, 0)
    again = send(client, "history", text)
    assert counts(again) == (0, 0, 3, 0)
    call_command("work", "--once")  # reminders, thanks and the rest; the overview for coordinators has no booker
    assert set(Message.objects.values_list("kind", flat=True)) <= {"bookings.digest"}


def test_another_number_is_a_correction_that_keeps_the_old_one(client: Client) -> None:
    make_workshop("Kildekritik")
    make_school(number="101001")
    take_in(client, send(client, "history", PAST + "101001;7.B;14-03-2025;Kildekritik;22;2"))
    batch = send(
        client, "history", PAST + "101001;7. b;14-03-2025;Kildekritik;21;2\n101001;7.D;14-03-2025;Kildekritik;9;1"
    )
    assert counts(batch) == (1, 1, 0, 0)
    assert "22 elever, 2 voksne → 21 elever, 2 voksne" in preview_of(batch).changes[0].details[0]
    take_in(client, batch)
    assert AttendanceRecord.objects.filter(line__label="7.B").count() == 2
    assert AttendanceRecord.objects.current().get(line__label="7.B").pupils_present == 21
    session = Session.objects.get()
    assert session.seats_taken == 22 + 9


def test_a_class_that_was_booked_here_is_reported_and_not_doubled(client: Client) -> None:
    school = make_school(number="101001")
    line = held(timezone.now() - dt.timedelta(days=10), school=school, workshop=make_workshop("Kildekritik"))
    day = timezone.localtime(line.session.starts_at).date()
    batch = send(client, "history", PAST + f"101001;7.B;{day:%d-%m-%Y};Kildekritik;20;1")
    assert counts(batch) == (0, 1, 0, 0)
    take_in(client, batch)
    assert GroupLine.objects.count() == 1
    assert AttendanceRecord.objects.get().pupils_present == 20
    line.session.refresh_from_db()
    assert line.session.status == Session.Status.HELD


def test_what_cannot_be_past_is_named(client: Client) -> None:
    make_workshop("Kildekritik")
    make_workshop("For forældre", audience=WorkshopPage.Audience.PARENTS)
    make_school(number="101001")
    rows = [
        "999999;7.B;14-03-2025;Kildekritik;22;2", "101001;7.B;14-03-2030;Kildekritik;22;2",
        "101001;7.B;31-02-2025;Kildekritik;22;2", "101001;7.B;14-03-2025;For forældre;22;2",
        "101001;Hold A;14-03-2025;Kildekritik;22;2", "101001;7.B;14-03-2025;Kildekritik;-2;2",
        "101001;7.B;14-03-2025;Kildekritik;;2", "101001;7.A;14-03-2025;Kildekritik;22;2",
        "101001;7a;14-03-2025;Kildekritik;20;2", "101001;7.C;14-03-2025;Kildekritik;22;2;8;9",
    ]  # fmt: skip
    batch = send(client, "history", PAST + "\n".join(rows))
    assert set(wrong(batch)) == {2, 3, 4, 5, 6, 7, 8, 10, 11}
    assert wrong(batch)[10] == "Den samme klasse står også i række 9."


def test_a_large_file_is_the_workers_and_sent_twice_it_is_taken_in_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 10)
    make_workshop("Kildekritik")
    make_school(number="101001")
    batch = send(client, "history", past("101001", 60))
    for _twice in range(2):
        take_in(client, batch)
    assert batch.state == ImportBatch.State.WAITING
    page = client.get(reverse("exchange_batch", args=[batch.uuid])).content.decode()
    assert 'data-exchange-progress="in-hand"' in page
    assert take_in_files() == 1
    assert take_in_files() == 0
    batch.refresh_from_db()
    assert (batch.state, batch.content, batch.preview) == (ImportBatch.State.DONE, None, {})
    assert AttendanceRecord.objects.count() == 60


def test_what_has_changed_since_it_was_shown_is_shown_again(client: Client) -> None:
    make_workshop("Kildekritik")
    make_school(number="101001")
    text = PAST + "101001;7.B;14-03-2025;Kildekritik;22;2"
    first, second = send(client, "history", text), send(client, "history", text)
    take_in(client, first)
    assert take_in(client, second).state == ImportBatch.State.SEEN
    assert counts(second) == (0, 0, 1, 0)
    assert AttendanceRecord.objects.count() == 1


# -- participants -----------------------------------------------------------------------------------------


def test_participants_are_signed_up_once_and_get_their_confirmation(client: Client) -> None:
    workshop = make_workshop("Oplæg", audience=WorkshopPage.Audience.STAFF)
    make_session(workshop=workshop, starts_at=dt.datetime(2027, 1, 14, 9, tzinfo=UTC), capacity=2)
    code = Administration.objects.order_by("pk")[0].code
    head = "workshop;dato;start;navn;e-mail;forvaltning;arbejdssted\n"
    rows = [f"Oplæg;14-01-2027;10:00;Person {n};P{n}@example.dk;{code};Borgercenter" for n in range(3)]
    full = send(client, "participants", head + "\n".join(rows))
    assert set(wrong(full)) == {4}
    take_in(client, full)
    assert (Booking.objects.count(), Message.objects.count()) == (0, 0)
    batch = send(client, "participants", head + "\n".join(rows[:2]))
    take_in(client, batch)
    assert sorted(PersonLine.objects.values_list("email", flat=True)) == ["p0@example.dk", "p1@example.dk"]
    assert Message.objects.filter(kind="bookings.confirmed").count() == 2
    changed = rows[0].replace("Borgercenter", "Jobcenter")
    batch = send(client, "participants", head + changed + "\n" + rows[1])
    assert counts(batch) == (0, 1, 1, 0)
    take_in(client, batch)
    assert (Booking.objects.count(), Booking.objects.filter(workplace="Jobcenter").count()) == (2, 1)


# -- files that are none ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04broken", b"\x00\x01\x02", b"workshop;dato\n", b"hvad;som;helst\n1;2;3", b"%PDF-1.7\n"],
)
@pytest.mark.parametrize("kind", sorted(IMPORTERS))
def test_what_is_no_such_file_is_refused_in_words(client: Client, kind: str, content: bytes) -> None:
    answer = client.post(reverse(f"exchange_import_{kind}"), {"file": SimpleUploadedFile("fil.csv", content)})
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert ImportBatch.objects.count() == 0


def test_a_file_can_be_too_large(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vaern.exchange.forms.MAX_BYTES", 10)
    answer = client.post(reverse("exchange_import_history"), {"file": SimpleUploadedFile("fil.csv", PAST.encode())})
    assert list(answer.context["form"].errors["file"]) == ["Filen er større end 10 MB. Del den i flere."]
    monkeypatch.setattr("vaern.exchange.importers.history.MOST", 2)
    monkeypatch.setattr("vaern.exchange.forms.MAX_BYTES", 10_000)
    content = past("101001", 3).encode()
    answer = client.post(reverse("exchange_import_history"), {"file": SimpleUploadedFile("fil.csv", content)})
    assert list(answer.context["form"].errors["file"]) == ["Filen har mere end 2 rækker. Del den i flere."]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", sorted(IMPORTERS))
def test_the_template_is_a_file_that_is_understood(client: Client, kind: str, form: str) -> None:
    answer = client.get(reverse(f"exchange_template_{kind}_{form}"))
    assert answer.content == template_file(IMPORTERS[kind].columns, form) or form == "xlsx"
    batch = send(client, kind, answer.content, f"skabelon.{form}")
    assert len(preview_of(batch).changes) == 1


def test_what_was_only_looked_through_is_forgotten_after_a_day(client: Client, clock: Any) -> None:
    make_workshop("Kildekritik")
    make_school(number="101001")
    batch = send(client, "history", past("101001", 1))
    clock.shift(dt.timedelta(days=1, minutes=1))
    assert importing.purge_imports(now=timezone.now()) == 1
    batch.refresh_from_db()
    assert (batch.content, batch.preview, batch.state) == (None, {}, ImportBatch.State.FAILED)


def test_a_confirmed_file_is_not_forgotten_while_the_worker_is_away(client: Client, clock: Any) -> None:
    make_workshop("Kildekritik")
    make_school(number="101001")
    batch = send(client, "history", past("101001", 1))
    clock.shift(dt.timedelta(days=1, minutes=1))
    for state in (ImportBatch.State.WAITING, ImportBatch.State.WORKING):
        ImportBatch.objects.update(state=state, touched_at=timezone.now())
        assert importing.purge_imports(now=timezone.now()) == 0
    ImportBatch.objects.update(state=ImportBatch.State.WAITING)
    assert take_in_files() == 1
    batch.refresh_from_db()
    assert (batch.state, AttendanceRecord.objects.count()) == (ImportBatch.State.DONE, 1)


# -- when the locks are not to be had, or a role is gone ----------------------------------------------------


class Held:
    """Stands for somebody else who holds the sessions' locks while `on`."""

    on = True

    def __init__(self, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
        run = IMPORTERS[kind].run

        def busy(*args: Any, **kwargs: Any) -> Any:
            if self.on and kwargs["write"]:
                raise Busy
            return run(*args, **kwargs)

        monkeypatch.setitem(importing.IMPORTERS, kind, dataclasses.replace(IMPORTERS[kind], run=busy))


def test_a_file_that_meets_a_lock_is_kept_and_can_be_confirmed_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_workshop("Kildekritik")
    batch = send(client, "sessions", "workshop;dato;start\nKildekritik;14-01-2027;10:00")
    held_by_others = Held(monkeypatch, "sessions")
    answer = client.post(reverse("exchange_batch", args=[batch.uuid]), follow=True)
    assert answer.status_code == 200
    assert [str(message).strip() for message in answer.context["messages"]] == [words.busy()]
    batch.refresh_from_db()
    assert (batch.state, batch.problem, counts(batch)) == (ImportBatch.State.SEEN, "", (1, 0, 0, 0))
    assert bytes(batch.content or b"").startswith(b"workshop")
    held_by_others.on = False
    assert take_in(client, batch).state == ImportBatch.State.DONE
    assert Session.objects.count() == 1


def test_the_worker_tries_again_after_a_lock(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 0)
    make_workshop("Kildekritik")
    batch = take_in(client, send(client, "sessions", "workshop;dato;start\nKildekritik;14-01-2027;10:00"))
    held_by_others = Held(monkeypatch, "sessions")
    assert take_in_files() == 0
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.WAITING
    held_by_others.on = False
    assert take_in_files() == 1
    assert Session.objects.count() == 1


def test_the_worker_asks_whether_the_sender_still_may(
    client: Client, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 0)
    make_workshop("Kildekritik")
    batch = take_in(client, send(client, "sessions", "workshop;dato;start\nKildekritik;14-01-2027;10:00"))
    user.groups.clear()
    assert take_in_files() == 0
    batch.refresh_from_db()
    assert (batch.state, Session.objects.count()) == (ImportBatch.State.FAILED, 0)
    assert batch.problem == "Den, der sendte filen, må ikke længere indlæse den slags filer."


# -- as many queries whatever the length --------------------------------------------------------------------


def queries_of(kind: str, content: str, user: User) -> int:
    with CaptureQueriesContext(connection) as captured:
        preview = IMPORTERS[kind].run(content.encode(), actor_id=user.pk, write=False)
    assert preview.unchanged == len(preview.changes) > 0, [change.details for change in preview.changes]
    return len(captured)


def test_sessions_are_looked_up_at_once(user: User) -> None:
    workshop, person = make_workshop("Kildekritik"), make_user("facilitator")
    head = "nummer;workshop;dato;start;undervisere\n"
    found = []
    for number in (1, 10):
        days = [dt.datetime(2027, 1, 10 + day, 9, tzinfo=UTC) for day in range(number)]
        rows = [make_session(workshop=workshop, starts_at=day, facilitators=[person]) for day in days]
        lines = [f"{row.uuid};Kildekritik;{row.starts_at:%d-%m-%Y};10:00;{person.email}" for row in rows]
        found.append(queries_of("sessions", head + "\n".join(lines), user))
    assert found == [found[0]] * 2


def test_participants_are_looked_up_at_once(user: User) -> None:
    workshop = make_workshop("Oplæg", audience=WorkshopPage.Audience.STAFF)
    administration = Administration.objects.order_by("pk")[0]
    head = "workshop;dato;start;navn;e-mail;forvaltning\n"
    found = []
    for number in (1, 10):
        lines = []
        for day in range(number):
            row = make_session(workshop=workshop, starts_at=dt.datetime(2027, number, 10 + day, 10, tzinfo=COPENHAGEN))
            make_staff(row, 1, administration_id=administration.pk)
            who = f"Person 1;person1@example.dk;{administration.code}"
            lines.append(f"Oplæg;{row.starts_at:%d-%m-%Y};10:00;{who}")
        found.append(queries_of("participants", head + "\n".join(lines), user))
    assert found == [found[0]] * 2


# -- what is held -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("came", ["person", "walk-in"])
def test_a_file_and_the_roll_say_alike_whether_a_session_was_held(client: Client, came: str) -> None:
    """No pupil of the class came, and somebody else did: the session stays held, whoever counts."""
    school = make_school(number="101001")
    line = held(timezone.now() - dt.timedelta(days=10), school=school, workshop=make_workshop("Kildekritik"), came=0)
    session = line.session
    if came == "walk-in":
        key = uuid.uuid4()
        add_walk_in(session_id=session.pk, came=WalkInPersons(3), client_key=key, actor_id=None)
    else:
        person = PersonLine.objects.create(booking=line.booking, session=session, name="Åse", active=True)
        said = [PersonReport(person.pk, present=True)]
        report_attendance(session_id=session.pk, reports=said, client_key=uuid.uuid4(), actor_id=None)
    session.refresh_from_db()
    assert (session.status, roll_of(session).has_come()) == (Session.Status.HELD, True)
    day = timezone.localtime(session.starts_at).date()
    take_in(client, send(client, "history", PAST + f"101001;7.B;{day:%d-%m-%Y};Kildekritik;0;2"))
    session.refresh_from_db()
    assert session.status == Session.Status.HELD
    assert held_among([session.pk]) == {session.pk}


def test_a_session_to_which_nobody_came_is_not_held(client: Client) -> None:
    school = make_school(number="101001")
    line = held(timezone.now() - dt.timedelta(days=10), school=school, workshop=make_workshop("Kildekritik"), came=20)
    day = timezone.localtime(line.session.starts_at).date()
    take_in(client, send(client, "history", PAST + f"101001;7.B;{day:%d-%m-%Y};Kildekritik;0;0"))
    line.session.refresh_from_db()
    assert (line.session.status, held_among([line.session_id])) == (Session.Status.PLANNED, set())


def test_a_cancelled_session_can_be_planned_anew(client: Client) -> None:
    start = dt.datetime(2027, 1, 14, 9, tzinfo=UTC)
    make_session(workshop=make_workshop("Kildekritik"), starts_at=start, status=Session.Status.CANCELLED)
    batch = send(client, "sessions", "workshop;dato;start\nKildekritik;14-01-2027;10:00")
    assert counts(batch) == (1, 0, 0, 0)
    take_in(client, batch)
    assert sorted(Session.objects.values_list("starts_at", "status")) == [(start, "cancelled"), (start, "planned")]


# -- spreadsheets that are broken ---------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:Workbook contains no stylesheet")
@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/styles.xml"]
)
@pytest.mark.parametrize("text", [b"", b"<a", b"<worksheet/>", None])
def test_a_broken_spreadsheet_is_refused_in_words_or_read(part: str, text: bytes | None) -> None:
    """Never an error of the server's: the reader says that it cannot read it."""
    source = zipfile.ZipFile(io.BytesIO(sheet([["workshop", "dato"], ["Kildekritik", "14-01-2027"]])))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as broken:
        for name in source.namelist():
            if name != part:
                broken.writestr(name, source.read(name))
            elif text is not None:
                broken.writestr(name, text)
    try:
        list(lines_of(content.getvalue()))
    except UnreadableFile as error:
        assert str(error) == "Excel-filen kan ikke læses. Gem den igen som XLSX eller som CSV."  # noqa: PT017


def test_an_error_of_our_own_is_not_said_to_be_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def ours(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr("vaern.exchange.tables.load_workbook", ours)
    with pytest.raises(AssertionError):
        list(lines_of(sheet([["a"]])))
