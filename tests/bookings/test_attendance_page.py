"""The facilitator's pages: whose sessions, what they show, what they write."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bookings.domain.locking import Busy
from bookings.models import AttendanceRecord, Session
from bookings.views import attendance as views
from tests.factories.bookings import make_booking, make_past_booking, make_session
from tests.factories.forms import attendance_form
from tests.factories.people import make_school, make_user
from tests.factories.texts import page, said
from vaern.people.models import User

pytestmark = pytest.mark.usefixtures("site", "clock")
HOUR = dt.timedelta(hours=1)
LIST = "/fremmoede/"


@pytest.fixture
def facilitator(client: Client) -> User:
    user = make_user("facilitator")
    client.force_login(user)
    return user


@pytest.fixture
def session(facilitator: User) -> Session:
    session = make_session(starts_in=-HOUR, facilitators=[facilitator])
    make_past_booking(session, pupils=24)
    return session


def path(session: Session) -> str:
    return reverse("bookings:attendance", kwargs={"session": session.uuid})


def present() -> list[tuple[int | None, int | None]]:
    return list(AttendanceRecord.objects.order_by("pk").values_list("pupils_present", "adults_present"))


@pytest.mark.parametrize(
    ("role", "listed", "own", "others"),
    [
        ("facilitator", 200, 200, 404),
        ("coordinator", 200, 200, 200),
        ("editor", 403, 403, 403),
        ("approver", 403, 403, 403),
        ("administrator", 403, 403, 403),
        ("administration-coordinator", 403, 403, 403),
        ("partner-signatory", 403, 403, 403),
        ("privacy-officer", 403, 403, 403),
        ("", 403, 403, 403),
    ],
)
def test_who_reports_what(client: Client, role: str, listed: int, own: int, others: int) -> None:
    user = make_user(role)
    client.force_login(user)
    mine, other = (
        make_session(starts_in=-HOUR, facilitators=owners) for owners in ([user], [make_user("facilitator")])
    )
    assert client.get(LIST).status_code == listed
    assert (client.get(path(mine)).status_code, client.get(path(other)).status_code) == (own, others)
    assert client.post(path(other), attendance_form()).status_code == (302 if others == 200 else others)
    assert client.get(f"{LIST}{uuid.uuid4()}/").status_code == (404 if listed == 200 else 403)


def test_others_classes_are_not_listed(client: Client, session: Session) -> None:
    other = make_session(starts_in=-HOUR, facilitators=[make_user("facilitator")])
    make_past_booking(other, label="9.Z")
    html = page(client, LIST)
    assert (path(session) in html, path(other) in html) == (True, False)


@pytest.mark.parametrize("tail", ["", "00000000-0000-4000-8000-000000000000/"])
def test_without_signing_in_one_is_asked_to(client: Client, tail: str) -> None:
    answer = client.get(LIST + tail)
    assert (answer.status_code, answer["Location"]) == (302, f"/log-ind/?next={LIST}{tail}")


def test_the_list_sorts_into_today_missing_coming_and_done(client: Client, facilitator: User, session: Session) -> None:
    coming = make_session(facilitators=[facilitator])
    make_booking(coming)
    missing = make_session(starts_in=-24 * HOUR, facilitators=[facilitator])
    make_past_booking(missing, label="7.D")
    done = make_session(starts_in=-48 * HOUR, facilitators=[facilitator])
    line = make_past_booking(done).lines.get()
    make_session(starts_in=-100 * 24 * HOUR, facilitators=[facilitator])
    client.post(path(done), attendance_form(line=(line, "20", "1")))
    parts = re.split('id="(today|missing|coming|done)"', page(client, LIST))
    shown = {
        name: re.findall(r'href="(/fremmoede/[^"]+)"', part)
        for name, part in zip(parts[1::2], parts[2::2], strict=True)
    }
    assert shown == {
        "today": [path(session)],
        "missing": [path(missing)],
        "coming": [path(coming)],
        "done": [path(done)],
    }


@pytest.mark.parametrize("sessions", [1, 3])
def test_the_list_reads_the_same_for_one_and_for_three(
    client: Client, facilitator: User, sessions: int, django_assert_num_queries: Any
) -> None:
    for number in range(sessions):
        make_past_booking(make_session(starts_in=-HOUR, facilitators=[facilitator]), label=f"7.{number}")
        make_booking(make_session(facilitators=[facilitator]))
    page(client, LIST)
    with django_assert_num_queries(16):
        page(client, LIST)


@pytest.mark.parametrize("classes", [1, 3])
def test_the_form_reads_the_same_for_one_class_and_for_three(
    client: Client, facilitator: User, classes: int, django_assert_num_queries: Any
) -> None:
    session = make_session(starts_in=-HOUR, facilitators=[facilitator], capacity=None)
    school = make_school()
    for letter in "ABC"[:classes]:
        make_past_booking(session, label=f"7.{letter}", school=school)
    page(client, path(session))
    with django_assert_num_queries(13):
        page(client, path(session))


def test_reporting_saves_and_leads_back(client: Client, session: Session, facilitator: User) -> None:
    line = session.lines.get()
    answer = client.post(path(session), attendance_form(line=(line, "22", "2")), follow=True)
    assert answer.redirect_chain == [(path(session), 302)]
    assert said("Attendance is saved. Thank you.") in answer.content.decode()
    assert (present(), AttendanceRecord.objects.get().recorded_by) == ([(22, 2)], facilitator)


def test_the_same_form_again_is_one_record(client: Client, session: Session) -> None:
    data = attendance_form(line=(session.lines.get(), "22", "2"))
    for _ in range(3):
        assert client.post(path(session), data).status_code == 302
    assert present() == [(22, 2)]


def test_more_than_booked_asks_once_and_keeps_the_numbers(client: Client, session: Session) -> None:
    data = attendance_form(line=(session.lines.get(), "25", "2"))
    answer = client.post(path(session), data)
    html = answer.content.decode()
    assert (answer.status_code, present()) == (200, [])
    assert said("Yes, save the numbers") in html
    assert 'value="25"' in html
    assert str(answer.context["key_form"]["key"].value()) == data["key"]
    assert client.post(path(session), data | {"more_is_right": "on"}).status_code == 302
    assert present() == [(25, 2)]


@pytest.mark.parametrize(
    ("said_of", "field"),
    [
        (("22", "", ""), "adults"),
        (("", "2", ""), "pupils"),
        (("-1", "2", ""), "pupils"),
        (("٣", "2", ""), "pupils"),
        (("201", "2", ""), "pupils"),
        (("9" * 5000, "2", ""), "pupils"),
        (("22", "2", "nobody"), "reason"),
        (("", "", "because"), "reason"),
        (("", "", "\x00"), "reason"),
    ],
)
def test_what_cannot_be_saved_is_said_at_its_field(
    client: Client, session: Session, said_of: tuple[str, str, str], field: str
) -> None:
    pupils, adults, reason = said_of
    line = session.lines.get()
    data = attendance_form(line=(line, pupils, adults)) | {f"line-{line.pk}-reason": reason}
    answer = client.post(path(session), data)
    assert (answer.status_code, present()) == (200, [])
    assert f'id="id_line-{line.pk}-{field}_error"' in answer.content.decode()


def test_an_empty_form_reports_nothing(client: Client, session: Session) -> None:
    answer = client.post(path(session), attendance_form(line=(session.lines.get(), "", "")), follow=True)
    assert said("Nothing was changed.") in answer.content.decode()
    assert present() == []


def test_what_was_reported_is_corrected_and_never_emptied(client: Client, session: Session) -> None:
    line = session.lines.get()
    client.post(path(session), attendance_form(line=(line, "22", "2")))
    html = page(client, path(session))
    assert f'name="line-{line.pk}-pupils" value="22"' in html
    answer = client.post(path(session), attendance_form(line=(line, "", "")))
    assert (answer.status_code, present()) == (200, [(22, 2)])
    client.post(path(session), attendance_form(line=(line, "20", "2")))
    assert present() == [(22, 2), (20, 2)]


def test_one_wrong_number_keeps_the_whole_form_back(client: Client, facilitator: User) -> None:
    session = make_session(starts_in=-HOUR, facilitators=[facilitator], capacity=None)
    one, other = (make_past_booking(session, label=f"7.{letter}").lines.get() for letter in "AB")
    answer = client.post(path(session), attendance_form(a=(one, "20", "1"), b=(other, "x", "1")))
    assert (answer.status_code, present()) == (200, [])
    client.post(path(session), attendance_form(a=(one, "20", "1"), b=(other, "21", "1")))
    assert present() == [(20, 1), (21, 1)]


@pytest.mark.parametrize("key", ["", "broken", "\x00"])
def test_a_form_without_a_key_is_sent_again(client: Client, session: Session, key: str) -> None:
    data = attendance_form(line=(session.lines.get(), "22", "2")) | {"key": key}
    answer = client.post(path(session), data)
    assert (answer.status_code, present()) == (200, [])
    assert said("The form was incomplete. Look it through and send it again.") in answer.content.decode()
    fresh = str(answer.context["key_form"]["key"].value())
    assert client.post(path(session), data | {"key": fresh}).status_code == 302
    assert present() == [(22, 2)]


def test_before_the_start_the_classes_show_and_the_form_does_not(client: Client, facilitator: User) -> None:
    session = make_session(facilitators=[facilitator])
    line = make_booking(session).lines.get()
    html = page(client, path(session))
    assert "7.B" in html
    assert f"line-{line.pk}-pupils" not in html
    answer = client.post(path(session), attendance_form(line=(line, "22", "2")))
    assert (answer.status_code, present()) == (200, [])


def test_a_busy_system_keeps_the_numbers(client: Client, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(**_: Any) -> None:
        raise Busy

    monkeypatch.setattr(views, "report_attendance", busy)
    answer = client.post(path(session), attendance_form(line=(session.lines.get(), "22", "2")))
    assert (answer.status_code, 'value="22"' in answer.content.decode()) == (409, True)


def test_other_peoples_pages_cannot_report(session: Session, facilitator: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(facilitator)
    assert client.post(path(session), attendance_form(line=(session.lines.get(), "22", "2"))).status_code == 403
    assert present() == []


def test_looking_changes_nothing_and_is_kept_nowhere(client: Client, session: Session) -> None:
    for method in ("get", "head"):
        answer = getattr(client, method)(path(session))
        assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    assert client.put(path(session)).status_code == 405
    assert client.post(LIST).status_code == 405
    assert present() == []
