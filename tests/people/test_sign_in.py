"""Signing in by a code that comes by mail, from the first page to the last."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.core import mail
from django.test import Client

from tests.factories.people import make_user
from tests.factories.texts import page, said
from vaern.outbox.models import Message
from vaern.outbox.relay import send_next

pytestmark = pytest.mark.usefixtures("site", "clock")
LOGIN, CONFIRM = "/log-ind/", "/log-ind/bekraeft/"


def code_for(address: str) -> str:
    """Send what waits, and read the code in the newest mail to `address`."""
    while send_next():
        pass
    body = next(sent.body for sent in reversed(mail.outbox) if sent.to == [address])
    code = re.search(r"^([A-Z0-9-]{5,12})$", body, re.M)
    assert code
    return code.group(1)


def ask(client: Client, address: str, **more: str) -> str:
    answer = client.post(LOGIN, {"email": address} | more, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def signed_in(client: Client) -> bool:
    return client.get("/min-side/").status_code != 302 or not client.get("/min-side/")["Location"].startswith(LOGIN)


def test_from_address_to_own_page(client: Client) -> None:
    make_user("facilitator", "bo@example.dk")
    assert said("Sign in") in page(client, LOGIN)
    html = ask(client, "bo@example.dk")
    assert "bo@example.dk" in html
    assert not signed_in(client)
    answer = client.post(CONFIRM, {"code": code_for("bo@example.dk")})
    assert (answer.status_code, answer["Location"]) == (302, "/min-side/")
    assert client.get("/min-side/")["Location"] == "/fremmoede/"
    assert page(client, "/fremmoede/")


def test_the_address_may_be_in_any_letter_case(client: Client) -> None:
    make_user("facilitator", "bo@example.dk")
    ask(client, "BO@Example.DK")
    message = Message.objects.get()
    assert (message.kind, message.recipient.lower()) == ("people.sign_in_code", "bo@example.dk")
    assert client.post(CONFIRM, {"code": code_for(message.recipient)}).status_code == 302
    assert signed_in(client)


def test_an_unknown_address_sees_the_same_page_and_gets_another_mail(client: Client) -> None:
    make_user("facilitator", "bo@example.dk")
    known, unknown = ask(client, "bo@example.dk"), ask(Client(), "eve@example.dk")

    def without_tokens(html: str) -> str:
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html)

    assert without_tokens(unknown) == without_tokens(known).replace("bo@example.dk", "eve@example.dk")
    assert list(Message.objects.order_by("pk").values_list("kind", "recipient")) == [
        ("people.sign_in_code", "bo@example.dk"),
        ("people.unknown_account", "eve@example.dk"),
    ]
    while send_next():
        pass
    assert [sent.subject for sent in mail.outbox] == [said("Your code for Værn"), said("Sign-in to Værn")]


def test_the_code_leaves_the_outbox_with_the_mail(client: Client) -> None:
    make_user("facilitator", "bo@example.dk")
    ask(client, "bo@example.dk")
    assert set(Message.objects.get().context) == {"code"}
    code_for("bo@example.dk")
    assert Message.objects.get().context == {}


def test_wrong_codes_are_counted_and_end_the_attempt(client: Client) -> None:
    make_user("facilitator", "bo@example.dk")
    ask(client, "bo@example.dk")
    code = code_for("bo@example.dk")
    wrong = "AAAAAA" if code != "AAAAAA" else "BBBBBB"
    for _ in range(4):
        assert client.post(CONFIRM, {"code": wrong}).status_code == 200
    client.post(CONFIRM, {"code": wrong})
    client.post(CONFIRM, {"code": code})
    assert not signed_in(client)


def test_four_wrong_codes_leave_a_fifth_try(client: Client) -> None:
    make_user("facilitator", "bo@example.dk")
    ask(client, "bo@example.dk")
    code = code_for("bo@example.dk")
    for _ in range(4):
        client.post(CONFIRM, {"code": "AAAAAA" if code != "AAAAAA" else "BBBBBB"})
    client.post(CONFIRM, {"code": code})
    assert signed_in(client)


@pytest.mark.parametrize(("seconds", "works"), [(14 * 60, True), (15 * 60 + 1, False)])
def test_a_code_works_for_a_quarter_of_an_hour(
    client: Client, clock: time_machine.Coordinates, seconds: int, works: bool
) -> None:
    make_user("facilitator", "bo@example.dk")
    ask(client, "bo@example.dk")
    code = code_for("bo@example.dk")
    clock.shift(seconds)
    client.post(CONFIRM, {"code": code})
    assert signed_in(client) == works


def test_a_code_works_once_and_in_its_own_browser(client: Client) -> None:
    make_user("facilitator", "bo@example.dk")
    ask(client, "bo@example.dk")
    code = code_for("bo@example.dk")
    thief = Client()
    thief.post(CONFIRM, {"code": code})
    assert not signed_in(thief)
    client.post(CONFIRM, {"code": code})
    assert signed_in(client)


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/koordinator/maal/", "/koordinator/maal/"),
        ("//evil.example", "/min-side/"),
        ("https://evil.example/", "/min-side/"),
        ("/\\evil.example", "/min-side/"),
        ("javascript:alert(1)", "/min-side/"),
        ("http:///evil.example", "/min-side/"),
    ],
)
def test_one_is_led_on_but_never_out_of_the_house(client: Client, asked: str, leads_to: str) -> None:
    make_user("coordinator", "bo@example.dk")
    ask(client, "bo@example.dk", next=asked)
    answer = client.post(CONFIRM, {"code": code_for("bo@example.dk"), "next": asked})
    assert (answer.status_code, answer["Location"]) == (302, leads_to)


def test_somebody_who_is_inactive_gets_no_door(client: Client) -> None:
    make_user("facilitator", "bo@example.dk", is_active=False)
    ask(client, "bo@example.dk")
    assert not signed_in(client)
    assert Message.objects.filter(kind="people.sign_in_code").count() == 0


def test_nobody_makes_an_account(client: Client) -> None:
    assert client.get("/log-ind/opret/")["Location"] == LOGIN
    assert client.post("/log-ind/opret/", {"email": "eve@example.dk"})["Location"] == LOGIN
    assert client.get("/accounts/signup/").status_code == 404
    assert client.get("/accounts/password/reset/").status_code == 404


@pytest.mark.parametrize("address", ["", "x", "a\x00b@example.dk", "a@example.dk\nBcc: b@example.dk", "x" * 500])
def test_addresses_that_are_none_send_nothing(client: Client, address: str) -> None:
    answer = client.post(LOGIN, {"email": address})
    assert (answer.status_code, Message.objects.count()) == (200, 0)


def test_signing_out_takes_a_button_press(client: Client) -> None:
    client.force_login(make_user("facilitator"))
    assert client.get("/log-af/").status_code == 200
    assert signed_in(client)
    assert client.post("/log-af/")["Location"] == "/"
    assert not signed_in(client)


def test_other_peoples_pages_cannot_ask_for_a_code() -> None:
    make_user("facilitator", "bo@example.dk")
    assert Client(enforce_csrf_checks=True).post(LOGIN, {"email": "bo@example.dk"}).status_code == 403
    assert Message.objects.count() == 0


def test_in_english(client: Client) -> None:
    make_user("facilitator", "bo@example.dk")
    answer = client.post("/en" + LOGIN, {"email": "bo@example.dk"}, follow=True)
    assert 'lang="en"' in answer.content.decode()
    code_for("bo@example.dk")
    assert mail.outbox[0].subject == "Your code for Værn"
