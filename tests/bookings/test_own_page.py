"""The booker's own page behind the secret link."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation
from icalendar import Calendar

from bookings.domain.booking import cancel
from bookings.domain.session import cancel_session
from bookings.links import link_to
from bookings.models import Booking
from bookings.rules import State
from tests.factories.bookings import make_booking, make_session
from tests.factories.texts import escaped, page, said
from vaern.outbox.models import Message

pytestmark = pytest.mark.usefixtures("site", "clock")


@pytest.fixture
def booking() -> Booking:
    return make_booking(make_session(cancel_until=timezone.now() + dt.timedelta(days=7)))


def test_it_shows_what_is_booked(client: Client, booking: Booking) -> None:
    html = page(client, link_to(booking))
    assert booking.reference in html
    assert "7.B" in html
    assert said("The class is booked") in html


@pytest.mark.parametrize("tail", ["", "afbestil/", "kalender.ics"])
def test_it_is_kept_out_of_caches_search_engines_and_referers(client: Client, booking: Booking, tail: str) -> None:
    answer = client.get(link_to(booking) + tail)
    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert set(answer["Cache-Control"].split(", ")) == {
        "max-age=0", "no-cache", "no-store", "must-revalidate", "private",
    }  # fmt: skip


@pytest.mark.parametrize("tail", ["", "afbestil/", "kalender.ics"])
@pytest.mark.parametrize("token", ["x", "0" * 43, "æøå", "a" * 3000])
def test_unknown_links_all_look_alike(client: Client, booking: Booking, token: str, tail: str) -> None:
    answer = client.get(f"/min-booking/{token}/{tail}")
    assert answer.status_code == 404
    assert said("We cannot find the page") in answer.content.decode()


def test_cancelling_by_unknown_link_is_not_found(client: Client, booking: Booking) -> None:
    assert client.post(f"/min-booking/{'0' * 43}/afbestil/").status_code == 404
    booking.refresh_from_db()
    assert booking.state == State.CONFIRMED


def test_opening_the_pages_changes_nothing(client: Client, booking: Booking) -> None:
    before = Booking.objects.filter(pk=booking.pk).values().get()
    for tail in ("", "afbestil/", "kalender.ics"):
        for method in ("get", "head"):
            assert getattr(client, method)(link_to(booking) + tail).status_code == 200
    assert Booking.objects.filter(pk=booking.pk).values().get() == before
    assert Message.objects.count() == 1


def test_only_a_button_press_from_the_page_itself_cancels(booking: Booking) -> None:
    client = Client(enforce_csrf_checks=True)
    path = link_to(booking) + "afbestil/"
    assert client.post(path).status_code == 403
    booking.refresh_from_db()
    assert booking.state == State.CONFIRMED
    client.get(path)
    token = client.cookies["csrftoken"].value
    assert client.post(path, {"csrfmiddlewaretoken": token}).status_code == 302
    booking.refresh_from_db()
    assert booking.state == State.CANCELLED


def test_cancelling_leads_back_and_says_so(client: Client, booking: Booking) -> None:
    answer = client.post(link_to(booking) + "afbestil/", follow=True)
    html = answer.content.decode()
    assert answer.redirect_chain == [(link_to(booking), 302)]
    assert said("The booking is cancelled") in html
    assert "afbestil/" not in html
    booking.session.refresh_from_db()
    assert booking.session.seats_taken == 0


def test_cancelling_twice_is_no_error(client: Client, booking: Booking) -> None:
    for _ in range(2):
        assert client.post(link_to(booking) + "afbestil/").status_code == 302
    assert Message.objects.filter(kind="bookings.cancelled").count() == 1


def test_after_the_deadline_the_page_says_so_and_the_button_is_gone(
    client: Client, booking: Booking, clock: time_machine.Coordinates
) -> None:
    late = escaped(
        said("The cancellation deadline has passed. Answer the confirmation e-mail if the class cannot come.")
    )
    html = page(client, link_to(booking))
    assert ("afbestil/" in html, late in html) == (True, False)
    clock.move_to(booking.session.cancel_until)
    html = page(client, link_to(booking))
    assert ("afbestil/" in html, late in html) == (False, True)
    assert client.get(link_to(booking) + "afbestil/").status_code == 302
    answer = client.post(link_to(booking) + "afbestil/")
    assert (answer.status_code, late in answer.content.decode()) == (200, True)
    booking.refresh_from_db()
    assert booking.state == State.CONFIRMED


def test_a_cancelled_session_is_explained_with_its_reason(client: Client, booking: Booking) -> None:
    cancel_session(session_id=booking.session_id, reason="Lokalet er lukket <b>", actor_id=None)
    html = page(client, link_to(booking))
    assert said("We have had to call this date off for you.") in html
    assert "Lokalet er lukket &lt;b&gt;" in html
    assert client.get(link_to(booking) + "afbestil/").status_code == 302


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client: Client, booking: Booking, method: str) -> None:
    for tail in ("", "afbestil/", "kalender.ics"):
        assert getattr(client, method)(link_to(booking) + tail).status_code == 405
    assert client.post(link_to(booking)).status_code == 405


def test_the_page_in_english(client: Client, booking: Booking) -> None:
    link = link_to(booking)
    with translation.override("en"):
        english = link_to(booking)
    html = page(client, english)
    assert 'lang="en"' in html
    assert "The class is booked" in html
    assert "Monday 7 December 2026" in html
    assert "mandag 7. december 2026" in page(client, link)


def test_the_calendar_file_downloads_and_says_published_then_cancelled(client: Client, booking: Booking) -> None:
    path = link_to(booking) + "kalender.ics"
    for method, sequence in (("PUBLISH", 0), ("CANCEL", 1)):
        answer = client.get(path)
        assert answer["Content-Type"] == f"text/calendar; method={method}; charset=utf-8"
        assert answer["Content-Disposition"] == f'attachment; filename="vaern-{booking.reference}.ics"'
        calendar = Calendar.from_ical(answer.content)
        (event,) = calendar.events
        assert (calendar["METHOD"], event["SEQUENCE"], event["UID"]) == (method, sequence, f"{booking.uuid}@testserver")
        cancel(booking_id=booking.pk)


@pytest.mark.parametrize(("language", "queries"), [("da", 4), ("en", 5)])
def test_the_page_reads_little(
    client: Client, booking: Booking, language: str, queries: int, django_assert_num_queries: Any
) -> None:
    with translation.override(language):
        path = link_to(booking)
    page(client, path)
    with django_assert_num_queries(queries):
        page(client, path)
