"""The booking page as a teacher walks through it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation

from bookings.domain.locking import Busy
from bookings.models import Booking, Session
from bookings.rules import Refusal
from bookings.texts import sentence
from bookings.views import booking as views
from tests.factories.bookings import make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.forms import book_url, booking_form
from tests.factories.people import make_school
from tests.factories.texts import escaped, page, said

pytestmark = pytest.mark.usefixtures("site", "clock")


def value_of(html: str, name: str) -> str | None:
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    value = re.search(r'value="([^"]*)"', tag.group()) if tag else None
    return value.group(1) if value else None


def chosen(html: str, name: str) -> list[str]:
    select = re.search(rf'<select[^>]*name="{name}".*?</select>', html, re.S)
    assert select
    return re.findall(r'value="([^"]*)"[^>]*selected', select.group())


def test_the_form_has_no_defaults_for_numbers_and_one_class(client: Client) -> None:
    html = page(client, book_url(make_session()))
    assert html.count('<fieldset class="v-fieldset"') == 1
    for name in ("pupils", "adults", "label"):
        assert value_of(html, f"groups-0-{name}") is None
    assert 'name="robots" content="noindex"' in html


def test_every_form_has_a_key_of_its_own(client: Client) -> None:
    url = book_url(make_session())
    keys = {value_of(page(client, url), "key") for _ in range(3)}
    assert len(keys) == 3
    assert None not in keys


def test_head_answers_without_a_body_and_other_methods_are_refused(client: Client) -> None:
    url = book_url(make_session())
    head = client.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert [client.generic(method, url).status_code for method in ("PUT", "DELETE", "PATCH")] == [405] * 3


def test_the_page_is_kept_nowhere(client: Client) -> None:
    assert "no-store" in client.get(book_url(make_session()))["Cache-Control"]


def test_booking_leads_to_the_bookers_own_page(client: Client) -> None:
    session = make_session()
    answer = client.post(book_url(session), booking_form(make_school("Nørre Skole")), follow=True)
    booking = Booking.objects.get()
    html = answer.content.decode()
    assert answer.redirect_chain == [(answer.request["PATH_INFO"], 302)]
    assert booking.reference in html
    assert "Nørre Skole" in html
    assert booking.language == "da"


def test_booking_in_english_stays_in_english(client: Client) -> None:
    with translation.override("en"):
        url = book_url(make_session())
    assert url.startswith("/en/")
    answer = client.post(url, booking_form(make_school()))
    assert answer["Location"].startswith("/en/my-booking/")
    assert Booking.objects.get().language == "en"


def test_sending_the_form_twice_books_once(client: Client) -> None:
    session, data = make_session(), booking_form(make_school())
    first, again = client.post(book_url(session), data), client.post(book_url(session), data)
    assert (first.status_code, again.status_code, first["Location"]) == (302, 302, again["Location"])
    session.refresh_from_db()
    assert (Booking.objects.count(), session.seats_taken) == (1, 10)


def test_an_unknown_session_is_not_found(client: Client) -> None:
    path = book_url(make_session())
    assert client.get(path[:-2] + ("0/" if path[-2] != "0" else "1/")).status_code == 404
    assert client.get("/bestil/1/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"status": "cancelled"}, Refusal.SESSION_CANCELLED),
        ({"capacity": 0}, Refusal.FULL),
        ({"starts_in": dt.timedelta(0)}, Refusal.STARTED),
    ],
)
def test_a_date_that_cannot_be_booked_says_why_and_shows_no_form(
    client: Client, fields: dict[str, Any], why: Refusal
) -> None:
    session = make_session(**fields)
    html = page(client, book_url(session))
    assert escaped(sentence(why)) in html
    assert 'name="groups-TOTAL_FORMS"' not in html


def test_a_date_that_closes_while_the_form_is_open_keeps_the_answers(
    client: Client, clock: time_machine.Coordinates
) -> None:
    session = make_session(closes_at=timezone.now() + dt.timedelta(hours=1))
    school = make_school()
    assert 'name="groups-TOTAL_FORMS"' in page(client, book_url(session))
    clock.shift(dt.timedelta(hours=1))
    answer = client.post(book_url(session), booking_form(school))
    html = answer.content.decode()
    assert (answer.status_code, Booking.objects.count()) == (200, 0)
    assert escaped(sentence(Refusal.CLOSED)) in html
    assert (value_of(html, "name"), chosen(html, "school")) == ("Åse Ødegård", [school.school.institution_number])


@pytest.mark.parametrize(
    ("workshop", "pupils", "field", "why"),
    [
        ({}, "21", "groups-0-pupils", Refusal.TOO_FEW_SEATS),
        ({"group_max": 15}, "16", "groups-0-pupils", Refusal.GROUP_TOO_LARGE),
        ({"group_min": 15}, "14", "groups-0-pupils", Refusal.GROUP_TOO_SMALL),
    ],
)
def test_a_refusal_stands_where_it_can_be_mended(
    client: Client, workshop: dict[str, Any], pupils: str, field: str, why: Refusal
) -> None:
    session = make_session(capacity=20, workshop=make_workshop(**workshop))
    answer = client.post(book_url(session), booking_form(make_school()) | {"groups-0-pupils": pupils})
    html = answer.content.decode()
    limits = views.group_limits(session)
    assert (answer.status_code, Booking.objects.count()) == (200, 0)
    assert f'id="id_{field}_error"' in html
    assert html.count(escaped(sentence(why, free=20, limits=limits))) == 2
    assert value_of(html, field) == pupils


def test_a_class_that_is_booked_already_is_named(client: Client) -> None:
    session, school = make_session(capacity=60), make_school()
    make_booking(session, school=school, label="7.A")
    html = client.post(book_url(session), booking_form(school, classes=2)).content.decode()
    assert 'id="id_groups-0-label_error"' in html
    assert 'id="id_groups-1-label_error"' not in html
    assert escaped(sentence(Refusal.ALREADY_BOOKED, label="7.A")) in html


def test_one_more_class_keeps_every_answer_and_complains_of_nothing(client: Client) -> None:
    session, school = make_session(), make_school()
    data = booking_form(school) | {"groups-0-pupils": "x", "groups-0-needs": "hearing_loop", "add_row": "1"}
    data["name"] = ""
    html = client.post(book_url(session), data).content.decode()
    assert html.count('<fieldset class="v-fieldset"') == 2
    assert (value_of(html, "groups-0-label"), value_of(html, "groups-0-pupils")) == ("7.A", "x")
    assert (chosen(html, "school"), chosen(html, "groups-0-grade")) == ([school.school.institution_number], ["7"])
    assert re.search(r'value="hearing_loop"[^>]*checked', html)
    assert (value_of(html, "groups-TOTAL_FORMS"), value_of(html, "groups-1-label")) == ("2", None)
    assert value_of(html, "key") == data["key"]
    assert "form-error-message" not in html
    assert Booking.objects.count() == 0


def test_removing_the_last_class_leaves_one(client: Client) -> None:
    url = book_url(make_session())
    two = booking_form(make_school(), classes=2) | {"remove_row": "1"}
    html = client.post(url, two).content.decode()
    assert html.count('<fieldset class="v-fieldset"') == 1
    assert value_of(html, "groups-0-label") == "7.A"
    one = booking_form(make_school(), classes=1) | {"remove_row": "1"}
    assert client.post(url, one).content.decode().count('<fieldset class="v-fieldset"') == 1


def test_six_classes_are_the_most(client: Client) -> None:
    session, school = make_session(capacity=None), make_school()
    html = client.post(book_url(session), booking_form(school, classes=6) | {"add_row": "1"}).content.decode()
    assert html.count('<fieldset class="v-fieldset"') == 6
    assert 'name="add_row"' not in html
    assert client.post(book_url(session), booking_form(school, classes=6)).status_code == 302
    assert Booking.objects.get().seats == 60


@pytest.mark.parametrize("total", ["-1", str(10**9), "x", "", "9" * 5000])
def test_a_forged_number_of_classes_is_shown_as_a_form(client: Client, total: str) -> None:
    data = booking_form(make_school()) | {"groups-TOTAL_FORMS": total, "add_row": "1"}
    html = client.post(book_url(make_session()), data).content.decode()
    assert 1 <= html.count('<fieldset class="v-fieldset"') <= 6


def test_when_too_many_book_at_once_the_answers_are_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(**_: Any) -> None:
        raise Busy

    monkeypatch.setattr("bookings.forms.orders.book_class", busy)
    answer = client.post(book_url(make_session()), booking_form(make_school()))
    html = answer.content.decode()
    assert (answer.status_code, value_of(html, "name")) == (409, "Åse Ødegård")
    assert said("Many are booking right now. Your answers are kept: press the button again in a moment.") in html


def test_the_page_reads_the_same_for_one_school_and_for_many(client: Client, django_assert_num_queries: Any) -> None:
    session = make_session()
    url = book_url(session)
    make_school()
    page(client, url)
    for _ in (1, 3):
        with django_assert_num_queries(5):
            page(client, url)
        make_school()
        make_school()


def test_a_form_in_another_tab_books_the_other_date(client: Client) -> None:
    one, other = make_session(), make_session()
    school = make_school()
    for session in (one, other):
        assert client.post(book_url(session), booking_form(school)).status_code == 302
    assert set(Session.objects.values_list("seats_taken", flat=True)) == {10}
