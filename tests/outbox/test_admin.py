"""The staff screens of messages and their texts: who gets in, what is shown, and what the buttons do."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.links import token_of
from bookings.models import DeadlineRule
from tests.factories.bookings import make_booking, make_session
from tests.factories.people import make_user
from vaern.audit.models import AuditEvent
from vaern.outbox.domain import enqueue
from vaern.outbox.models import Message, TextVersion
from vaern.outbox.texts import current_text, default_text, text_kind, text_kinds
from vaern.schooldays.models import SchoolHoliday

pytestmark = pytest.mark.usefixtures("site", "clock")
ROLES = ["coordinator", "administrator", "editor", "approver", "facilitator"]
INDEX = "/admin/messages/"
EDIT = "/admin/message-texts/bookings.confirmed/da/"


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def client() -> Client:
    return client_of("coordinator")


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def put(**fields: Any) -> Message:
    values: dict[str, Any] = {"recipient": "aase@example.dk", "language": "da", "context": {}}
    return enqueue(kind=fields.pop("kind", "people.unknown_account"), **(values | fields))


def test_who_gets_in() -> None:
    seen = {
        role: tuple(client_of(role).get(path).status_code == 200 for path in (INDEX, "/admin/message-texts/", EDIT))
        for role in ROLES
    }
    nobody = (False, False, False)
    assert seen == {
        "coordinator": (True, True, True),
        "administrator": (True, False, False),
        "editor": nobody,
        "approver": nobody,
        "facilitator": nobody,
    }


@pytest.mark.parametrize("number", [1, 3, 100])
def test_the_list_takes_the_same_queries_however_long(client: Client, number: int) -> None:
    page(client, INDEX)
    for _ in range(number):
        put()
    with CaptureQueriesContext(connection) as queries:
        page(client, INDEX)
    assert len(queries) == LIST_QUERIES


LIST_QUERIES = 10


def test_the_list_shows_state_and_error_and_no_address(client: Client) -> None:
    put(thread="booking:1")
    Message.objects.update(state="failed", last_error="SMTPRecipientsRefused", attempts=78)
    html = page(client, INDEX)
    for text in ("Log ind uden konto", "Kunne ikke sendes", "booking:1", "78", "SMTPRecipientsRefused"):
        assert text in html
    assert "aase@" not in html


def test_the_list_can_be_narrowed(client: Client) -> None:
    put(thread="booking:1")
    put(thread="booking:2")
    Message.objects.filter(thread="booking:2").update(state="failed")
    assert "booking:1" not in page(client, f"{INDEX}?state=failed")
    assert "booking:2" not in page(client, f"{INDEX}?thread=booking:1")
    assert "booking:1" in page(client, f"{INDEX}?kind=people.unknown_account")
    page(client, f"{INDEX}?state=nonsense&kind=x")


def test_an_empty_list_says_so(client: Client) -> None:
    assert reverse("staff_messages:inspect", args=[1])[:-2] not in page(client, INDEX)


def test_coordinators_read_the_text_without_the_secret_link_and_administrators_do_not(client: Client) -> None:
    booking = make_booking(make_session())
    address = reverse("staff_messages:inspect", args=[Message.objects.get().pk])
    html = page(client, address)
    assert "aase@example.dk" in html
    assert booking.reference in html
    assert "•••" in html
    assert token_of(booking.uuid) not in html
    other = page(client_of("administrator"), address)
    assert booking.reference not in other
    assert "aase@example.dk" not in other


def test_nobody_reads_a_sign_in_code(client: Client) -> None:
    message = put(kind="people.sign_in_code", context={"code": "QWERTY"})
    assert "QWERTY" not in page(client, reverse("staff_messages:inspect", args=[message.pk]))


def test_a_message_that_cannot_be_written_still_has_a_page(client: Client) -> None:
    message = put(kind="bookings.confirmed", context={"booking": "00000000-0000-4000-8000-000000000000"})
    assert "Teksten kan ikke skrives" in page(client, reverse("staff_messages:inspect", args=[message.pk]))


@pytest.mark.parametrize(("verb", "state"), [("again", "pending"), ("give_up", "failed")])
def test_buttons_do_it_by_post_alone_with_permission_and_audit(client: Client, verb: str, state: str) -> None:
    message = put(context={"x": 1})
    address = reverse(f"staff_messages:{verb}", args=[message.pk])
    assert client.get(address).status_code == 405
    assert client_of("editor").post(address).status_code == 302
    assert not AuditEvent.objects.filter(subject_type="message").exists()
    assert Client(enforce_csrf_checks=True).post(address).status_code in {302, 403}
    assert client.post(address).status_code == 302
    message.refresh_from_db()
    assert message.state == state
    (event,) = AuditEvent.objects.filter(subject_type="message")
    assert (event.subject_key, event.facts) == (str(message.uuid), {"kind": "people.unknown_account"})
    assert "aase" not in str(event.facts)


def test_a_booking_shows_what_did_not_reach_its_people(client: Client) -> None:
    booking = make_booking(make_session())
    address = reverse("staff_bookings:inspect", args=[booking.pk])
    text = "Disse beskeder har ikke nået modtageren."
    assert text not in page(client, address)
    Message.objects.update(state="bounced", sent_at="2026-11-23T09:00Z", last_error="bounced 5.1.1")
    html = page(client, address)
    assert text in html
    assert "Kom retur fra modtagerens mailserver" in html
    (link,) = set(re.findall(r'href="(/admin/messages/\?thread=[^"]+)"', html))
    assert "Booking bekræftet" in page(client, link)


# -- texts -----------------------------------------------------------------------------------------------


def form(**changes: str) -> dict[str, str]:
    return {"subject": "Booket {workshop}", "body": "Hej {name}\n\n{facts}\n\n{link}", "seen": "0"} | changes


def test_every_text_opens_in_both_languages(client: Client) -> None:
    html = page(client, "/admin/message-texts/")
    for kind in text_kinds():
        for language in ("da", "en"):
            address = reverse("staff_texts_edit", args=[kind.key, language])
            assert f'href="{address}"' in html
            assert default_text(kind, language).body.split("\n")[0].replace("{name}", "") in page(client, address)


@pytest.mark.parametrize("path", ["/admin/message-texts/nothing/da/", "/admin/message-texts/bookings.confirmed/xx/"])
def test_what_is_no_text_is_not_found(client: Client, path: str) -> None:
    page(client, path, 404)


def test_a_text_is_saved_with_history_and_audit_and_comes_back(client: Client) -> None:
    kind = text_kind("bookings.confirmed")
    assert client.post(EDIT, form()).status_code == 302
    assert current_text(kind, "da").subject == "Booket {workshop}"
    (event,) = AuditEvent.objects.filter(subject_type="text")
    assert (event.action, event.subject_key, event.facts) == ("text.changed", "bookings.confirmed.da", {"number": 1})
    html = page(client, EDIT)
    assert "?version=1" in html
    assert page(client, f"{EDIT}?version=1").count("Booket {workshop}") == 1
    page(client, f"{EDIT}?version=99")
    assert client.post(f"{EDIT}reset/", {"seen": "1"}).status_code == 302
    assert current_text(kind, "da") == default_text(kind, "da")
    assert TextVersion.objects.count() == 2


def test_the_messages_say_what_staff_have_written(client: Client) -> None:
    client.post(EDIT, form(subject="Velkommen til {workshop}"))
    booking = make_booking(make_session())
    html = page(client, reverse("staff_messages:inspect", args=[Message.objects.get().pk]))
    assert f"Velkommen til {booking.session.workshop.title}" in html


def test_wrong_placeholders_are_named_and_nothing_is_lost(client: Client) -> None:
    answer = client.post(EDIT, form(body="Hej {navn}\n\n{facts}", subject="Se {link}"))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Der findes ingen pladsholder {navn} i denne tekst." in html
    assert "Pladsholderen {link} mangler" in html
    assert "Pladsholderen {link} kan ikke stå i emnet." in html
    assert "Hej {navn}" in html
    assert not TextVersion.objects.exists()


def test_a_preview_keeps_nothing_and_shows_both_kinds(client: Client) -> None:
    answer = client.post(EDIT, form(preview="1", body="Kære {name}\n\n{facts}\n\n{link}\n\n<b>fed</b>"))
    html = answer.content.decode()
    assert "Kære Kim Eksempel" in html
    assert "srcdoc=" in html
    assert "&amp;lt;b&amp;gt;fed" in html
    assert not TextVersion.objects.exists()
    piece = client.post(f"{EDIT}preview/", form(body="Kære {name} {x}")).content.decode()
    assert "Der findes ingen pladsholder {x} i denne tekst." in piece
    assert "<html" not in piece
    assert client.get(f"{EDIT}preview/").status_code == 405


def test_two_editors_do_not_overwrite_each_other(client: Client) -> None:
    client.post(EDIT, form())
    answer = client.post(EDIT, form(subject="Min udgave {workshop}"))
    assert "En anden har ændret denne tekst imens." in answer.content.decode()
    assert TextVersion.objects.count() == 1


@pytest.mark.parametrize("path", ["", "preview/", "reset/"])
def test_those_who_may_not_change_texts_change_none(path: str) -> None:
    assert client_of("administrator").post(EDIT + path, form()).status_code == 302
    assert not TextVersion.objects.exists()


# -- school holidays and rules ---------------------------------------------------------------------------


def test_school_holidays_are_entered_and_corrected_with_audit(client: Client) -> None:
    fields = {
        "name_da": "Uge 8",
        "name_en": "Week 8",
        "school_year": "2027/28",
        "first_day": "21.02.2028",
        "last_day": "25.02.2028",
        "source": "",
    }
    assert client.post("/admin/school-holidays/new/", fields).status_code == 302
    row = SchoolHoliday.objects.get()
    assert "Uge 8" in page(client, "/admin/school-holidays/")
    bad = client.post(
        f"/admin/school-holidays/edit/{row.pk}/", fields | {"last_day": "20.02.2028", "school_year": "27"}
    )
    assert "Den sidste dag må ikke være før den første." in bad.content.decode()
    assert client.post(f"/admin/school-holidays/edit/{row.pk}/", fields | {"name_da": "Ferie"}).status_code == 302
    assert [event.action for event in AuditEvent.objects.order_by("pk")] == [
        "schoolholiday.added",
        "schoolholiday.changed",
    ]


def test_the_rule_for_deadlines_is_changed_by_coordinators(client: Client) -> None:
    rule = DeadlineRule.objects.create()
    assert "Alle workshops" in page(client, "/admin/deadline-rules/")
    fields = {
        "close_days": "2",
        "close_clock": "12:00",
        "cancel_days": "3",
        "cancel_clock": "12:00",
        "reminder_days": "5",
        "note": "",
    }
    assert client.post(f"/admin/deadline-rules/edit/{rule.pk}/", fields).status_code == 302
    rule.refresh_from_db()
    assert (rule.close_days, rule.cancel_days, rule.reminder_days) == (2, 3, 5)
    again = client.post("/admin/deadline-rules/new/", fields)
    assert "Der er allerede en regel for alle workshops." in again.content.decode()
    assert client_of("editor").get("/admin/deadline-rules/").status_code == 302
