"""The roll as a file that goes out and comes back: all of it or nothing, and the same file twice is once."""

from __future__ import annotations

import io
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from bookings import rollfile
from bookings.models import AttendanceRecord, PersonLine, Session
from bookings.roll import roll_of
from bookings.rollfile import UnreadableFile, as_csv, as_xlsx, check, read_table, rows_of
from bookings.views import rollfiles
from tests.bookings.test_roll import HOUR, path, staff_session
from tests.factories.bookings import make_past_booking, make_session
from tests.factories.people import make_user
from vaern.audit.models import AuditEvent
from vaern.pdf.press import PdfUnavailable
from vaern.people.models import User

pytestmark = pytest.mark.usefixtures("site", "clock")
PEOPLE = 30


@pytest.fixture
def facilitator(client: Client) -> User:
    user = make_user("facilitator")
    client.force_login(user)
    return user


@pytest.fixture
def session(facilitator: User) -> Session:
    """A talk with thirty who are booked."""
    session = staff_session(1, facilitators=[facilitator], capacity=None)
    booking = session.bookings.get()
    PersonLine.objects.bulk_create(
        PersonLine(booking=booking, session=session, name=f"Kollega {number:02}") for number in range(PEOPLE - 1)
    )
    return session


def filled(session: Session, **changes: str) -> list[list[Any]]:
    """The template, everybody present; `changes` are by row number, e.g. row_4="maybe"."""
    rows = rows_of(roll_of(session), english=False)
    for number, row in enumerate(rows[1:], start=2):
        row[5] = changes.get(f"row_{number}", "ja")
    return rows


def send(client: Client, session: Session, content: bytes, name: str = "liste.csv") -> str:
    return client.post(path(session, "roll_file"), {"file": SimpleUploadedFile(name, content)}).content.decode()


def confirm(client: Client, session: Session, html: str) -> Any:
    payload = re.findall(r'name="payload" value="([^"]+)"', html)[0]
    return client.post(path(session, "roll_file"), {"payload": payload, "confirm": "1"})


def test_thirty_rows_with_three_wrong_write_nothing_and_name_the_three(client: Client, session: Session) -> None:
    html = send(client, session, as_csv(filled(session, row_4="måske", row_17="2", row_31="ja nej")))
    assert re.findall(r"Række (\d+):", html) == ["4", "17", "31"]
    assert ("payload" in html, AttendanceRecord.objects.count()) == (False, 0)


@pytest.mark.parametrize("kind", [as_csv, as_xlsx])
def test_the_mended_file_twice_is_thirty_records(client: Client, session: Session, kind: Any) -> None:
    content = kind(filled(session))
    html = send(client, session, content)
    assert AttendanceRecord.objects.count() == 0  # a preview writes nothing
    for _again in range(2):
        assert confirm(client, session, html).status_code == 302
    again = send(client, session, content)
    assert ("payload" in again, AttendanceRecord.objects.count()) == (False, PEOPLE)
    events = AuditEvent.objects.filter(action="attendance.reported")
    assert [event.facts for event in events] == [{"classes": 0, "people": 30, "corrections": 0, "source": "file"}]


def test_a_list_that_has_changed_since_the_preview_is_sent_again(client: Client, session: Session) -> None:
    html = send(client, session, as_csv(filled(session)))
    other = send(client, session, as_csv(filled(session, row_2="nej")))
    confirm(client, session, other)
    before = AttendanceRecord.objects.count()
    assert confirm(client, session, html).status_code == 200
    assert AttendanceRecord.objects.count() == before == PEOPLE


def test_a_payload_of_another_session_or_a_forged_one_writes_nothing(
    client: Client, session: Session, facilitator: User
) -> None:
    html = send(client, session, as_csv(filled(session)))
    other = staff_session(1, facilitators=[facilitator])
    assert confirm(client, other, html).status_code == 200
    assert confirm(client, session, 'name="payload" value="forged"').status_code == 200
    assert AttendanceRecord.objects.count() == 0


def test_lines_of_another_session_doubles_and_missing_numbers_are_wrong_rows(session: Session) -> None:
    stranger = staff_session(1).people.get()
    rows = filled(session)[:4]
    rows[1][0] = f"P-{stranger.pk}"
    rows[3][0] = rows[2][0]
    rows.append(["", "Ny", "", "", "", "ja", ""])
    found = check([[str(cell) for cell in row] for row in rows], roll_of(session))
    assert ([problem.number for problem in found.problems], found.reports) == ([2, 4, 5], [])


def test_classes_have_two_numbers_or_a_reason() -> None:
    session = make_session(starts_in=-HOUR, capacity=None)
    for letter in "ABCD":
        make_past_booking(session, label=f"7.{letter}")
    rows = [[str(cell) for cell in row] for row in rows_of(roll_of(session), english=True)]
    for row, (pupils, adults, reason) in zip(
        rows[1:], [("20", "1", ""), ("", "", "Ingen mødte op"), ("20", "", ""), ("x", "1", "")], strict=True
    ):
        row[3], row[4], row[6] = pupils, adults, reason
    assert [problem.number for problem in check(rows, roll_of(session)).problems] == [4, 5]
    right = check(rows[:3], roll_of(session))
    said = [(report.said["pupils_present"], report.said["reason"]) for report in right.reports]
    assert said == [(20, ""), (None, "nobody")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    text = f"Nr.{delimiter}Hvem{delimiter}Til stede (ja/nej)\r\nP-1{delimiter}Åse Ødegård{delimiter}ja\r\n"
    assert read_table(text.encode(encoding))[1] == ["P-1", "Åse Ødegård", "ja"]


def bomb() -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    for _row in range(3000):
        sheet.append(["A" * 8000])
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n",
        b"PK\x03\x04 broken",
        b"x" * (rollfile.LARGEST + 1),
        b"a;b\x00c\n",
        b'a;"b\nc',
        b"hej;med dig\nP-1;ja\n",
    ],
    ids=["empty", "blank", "zip", "large", "nul", "quote", "header"],
)
def test_what_is_no_list_is_said_and_nothing_breaks(client: Client, session: Session, content: bytes) -> None:
    answer = client.post(path(session, "roll_file"), {"file": SimpleUploadedFile("x.csv", content)})
    assert (answer.status_code, 'id="id_file_error"' in answer.content.decode()) == (200, True)
    assert AttendanceRecord.objects.count() == 0


def test_a_workbook_that_grows_when_it_is_unpacked_is_refused() -> None:
    with pytest.raises(UnreadableFile):
        read_table(bomb())


def test_no_name_is_a_formula() -> None:
    session = staff_session(1)
    session.people.update(name='=HYPERLINK("http://example.org")')
    rows = rows_of(roll_of(session), english=False)
    assert rows[1][1] == '\'=HYPERLINK("http://example.org")'
    sheet = load_workbook(io.BytesIO(as_xlsx(rows))).active
    assert sheet is not None
    assert sheet["B2"].data_type == "s"


def test_template_and_paper_are_noted_and_only_for_own_sessions(
    client: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []

    def press(documents: list[str]) -> list[bytes]:
        printed.extend(documents)
        return [b"%PDF-1.7"]

    monkeypatch.setattr(rollfiles, "make_pdfs", press)
    person = session.people.order_by("pk")[0]
    for name, data in (("roll_template", {"csv": "1"}), ("roll_template", {"xlsx": "1"}), ("paper_list", {})):
        assert client.get(path(session, name)).status_code == 405
        answer = client.post(path(session, name), data)
        assert (answer.status_code, "attachment" in answer["Content-Disposition"]) == (200, True)
        assert client.post(path(staff_session(), name), data).status_code == 404
    assert (person.name in printed[0], person.booking.contact_email in printed[0]) == (True, False)
    events = AuditEvent.objects.filter(action="attendance.list_exported").order_by("pk")
    assert [event.facts["format"] for event in events] == ["csv", "xlsx", "pdf"]


def test_without_a_printer_the_page_says_so(client: Client, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(documents: list[str]) -> list[bytes]:
        raise PdfUnavailable("no fonts")

    monkeypatch.setattr(rollfiles, "make_pdfs", broken)
    assert client.post(path(session, "paper_list")).status_code == 503
    assert AuditEvent.objects.filter(action="attendance.list_exported").count() == 0
    assert client.get(path(session, "roll_file")).status_code == 200
    assert client.get(f"/fremmoede/{uuid.uuid4()}/fil/").status_code == 404
