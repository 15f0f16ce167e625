"""Trap and stamp instead of a captcha: a person is at most asked once more, with every answer kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from bookings.models import Booking
from tests.factories.bookings import make_session
from tests.factories.forms import book_url, booking_form, served
from tests.factories.people import make_school, make_user
from tests.factories.texts import said
from vaern.limits.forms import HURRIED_WEIGHT, GuardedForm

pytestmark = pytest.mark.usefixtures("site", "clock")


def checked(**data: str) -> GuardedForm:
    form = GuardedForm({"served": served(), "website": ""} | data)
    form.is_valid()
    return form


def test_an_ordinary_form() -> None:
    form = checked()
    assert (form.errors, form.weight, form.cleaned_data) == ({}, 1, {})


@pytest.mark.parametrize(("seconds", "weight"), [(0, HURRIED_WEIGHT), (1, HURRIED_WEIGHT), (2, 1), (86_400, 1)])
def test_who_is_fast_comes_in_and_counts_more(seconds: int, weight: int) -> None:
    form = checked(served=served(dt.timedelta(seconds=seconds)))
    assert (form.is_valid(), form.weight) == (True, weight)


@pytest.mark.parametrize("stamp", ["", "form:1abc:xyz", "x", "form", ":" * 9, "old"])
def test_a_form_without_a_stamp_of_ours_is_asked_for_once_more(stamp: str) -> None:
    form = checked(served=served(dt.timedelta(hours=24, seconds=1)) if stamp == "old" else stamp)
    assert len(form.non_field_errors()) == 1
    again = GuardedForm({"served": form["served"].value(), "website": ""})
    assert again.is_valid()


def test_the_trap_is_emptied_and_said() -> None:
    form = checked(website="http://example.org")
    assert form.non_field_errors() == [
        said("A field that must be empty was filled in. We have emptied it: send again.")
    ]
    assert form["website"].value() == ""
    assert GuardedForm({"served": form["served"].value(), "website": form["website"].value()}).is_valid()


def test_an_old_booking_form_keeps_every_answer_and_then_books(client: Client) -> None:
    session, school = make_session(), make_school()
    data = booking_form(school, served=served(dt.timedelta(hours=25)))
    response = client.post(book_url(session), data)
    page = response.content.decode()
    assert (response.status_code, Booking.objects.count()) == (200, 0)
    assert said("The form has been open for more than a day. Look your answers through and send it again.") in page
    for value in ("Åse Ødegård", "aase@example.dk", "12 34 56 78", "7.A"):
        assert f'value="{value}"' in page
    fresh = dict(data, served=response.context["form"]["served"].value())
    assert client.post(book_url(session), fresh).status_code == 302


def test_a_school_that_books_too_much_is_told_when_and_whom_and_keeps_its_answers(
    client: Client, settings: Any, clock: Any
) -> None:
    settings.VAERN_LIMITS = {"booking.network": "2/3600"}
    school = make_school()
    sessions = [make_session() for _ in range(3)]
    forms = [booking_form(school, email=f"p{number}@example.dk") for number in range(3)]
    answers = [client.post(book_url(row), form) for row, form in zip(sessions, forms, strict=True)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    page = answers[2].content.decode()
    assert answers[2]["Retry-After"] == "3600"
    assert "10.00" in page
    assert "33 66 33 66" in page
    assert 'value="p2@example.dk"' in page
    assert Booking.objects.count() == 2
    clock.shift(3600)
    assert client.post(book_url(sessions[2]), forms[2]).status_code == 302


def test_mistakes_in_a_form_do_not_count(client: Client, settings: Any) -> None:
    settings.VAERN_LIMITS = {"booking.network": "1/3600"}
    session, school = make_session(), make_school()
    for _ in range(5):
        assert client.post(book_url(session), booking_form(school, name="")).status_code == 200
    assert client.post(book_url(session), booking_form(school)).status_code == 302


def test_codes_are_limited_alike_for_those_with_and_without_an_account(settings: Any) -> None:
    settings.VAERN_LIMITS = {"sign_in.address": "1/3600"}
    make_user("facilitator", "bo@example.dk")
    for address in ("bo@example.dk", "eve@example.dk"):
        assert Client().post("/log-ind/", {"email": address}).status_code == 302
        answer = Client().post("/log-ind/", {"email": address})
        assert answer.status_code == 429
        assert f'value="{address}"' in answer.content.decode()


def test_guessing_codes_is_limited(client: Client, settings: Any) -> None:
    settings.VAERN_LIMITS = {"sign_in_code.network": "2/3600"}
    client.post("/log-ind/", {"email": "eve@example.dk"})
    codes = [client.post("/log-ind/bekraeft/", {"code": "AAAAAA"}).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
