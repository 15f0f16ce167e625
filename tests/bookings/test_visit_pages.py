"""A teacher asks for a visit step by step, and answers what the coordinator proposes."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from bookings.domain.visits import decline_visit, propose_other_time
from bookings.links import link_to_visit
from bookings.models import Booking, VisitRequest
from courses.models import WorkshopPage
from tests.conftest import COPENHAGEN
from tests.factories.courses import make_workshop
from tests.factories.forms import served
from tests.factories.people import make_school, make_user
from tests.factories.texts import page, said

pytestmark = pytest.mark.usefixtures("site", "clock")

PART = {
    "class": ("school", "school_name", "groups-"),
    "times": ("wishes-",),
    "contact": ("name", "email", "phone", "responsible_"),
    "check": (),
}


def workshop(**fields: object) -> WorkshopPage:
    return make_workshop(way_of_booking="request", **fields)


def ask_url(page: WorkshopPage) -> str:
    return reverse("bookings:ask_visit", kwargs={"workshop": page.translation_key})


def answers(**changes: str) -> dict[str, str]:
    data = {
        "school": make_school("Nørre Skole").school.institution_number,
        "school_name": "",
        "groups-TOTAL_FORMS": "1",
        "groups-INITIAL_FORMS": "1",
        "groups-0-label": "7.B",
        "groups-0-grade": "7",
        "groups-0-pupils": "24",
        "groups-0-adults": "2",
        "wishes-TOTAL_FORMS": "3",
        "wishes-INITIAL_FORMS": "3",
        "wishes-0-day": "2027-02-03",
        "wishes-0-clock": "10:15",
        "wishes-1-day": "2027-02-04",
        "wishes-1-clock": "08:30",
        "wishes-2-day": "",
        "wishes-2-clock": "",
        "name": "Åse Ødegård",
        "email": "aase@example.dk",
        "phone": "12 34 56 78",
        "responsible_name": "",
        "responsible_email": "",
    }
    return data | changes


def fields_of(html: str) -> dict[str, str]:
    """All hidden fields of the page's own form, as a browser would send them."""
    form = re.search(r'<form method="post" action="/oensk-besoeg/.*?</form>', html, re.S)
    assert form
    tags = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", form.group())
    pairs = [(re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in tags]
    return {name.group(1): value.group(1) if value else "" for name, value in pairs if name}


def walk(client: Client, url: str, data: dict[str, str]) -> str:
    """Go from step to step as a browser does: what a page holds hidden, and what is written on it."""
    html = page(client, url)
    for step in ("class", "times", "contact"):
        assert f'name="step" value="{step}"' in html
        written = {key: value for key, value in data.items() if key.startswith(PART[step])}
        html = client.post(url, fields_of(html) | {"served": served()} | written).content.decode()
    return html


def test_a_request_is_sent_from_the_summary_and_not_before(client: Client) -> None:
    url = ask_url(workshop())
    html = walk(client, url, answers())
    assert VisitRequest.objects.count() == 0
    assert ("Nørre Skole" in html, "onsdag 3. februar 2027 kl. 10.15" in html) == (True, True)
    answer = client.post(url, fields_of(html) | {"served": served()}, follow=True)
    visit = VisitRequest.objects.get()
    assert [wish.starts_at for wish in visit.wishes.all()] == [
        dt.datetime(2027, 2, 3, 10, 15, tzinfo=COPENHAGEN),
        dt.datetime(2027, 2, 4, 8, 30, tzinfo=COPENHAGEN),
    ]
    assert visit.reference in answer.content.decode()
    assert answer.redirect_chain == [(link_to_visit(visit), 302)]


def test_sending_twice_asks_once(client: Client) -> None:
    url = ask_url(workshop())
    last = fields_of(walk(client, url, answers())) | {"served": served()}
    first, again = client.post(url, last), client.post(url, last)
    assert (first["Location"], VisitRequest.objects.count()) == (again["Location"], 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"wishes-0-day": "", "wishes-0-clock": "", "wishes-1-day": "", "wishes-1-clock": ""}, "wishes-0-day"),
        ({"wishes-0-clock": ""}, "wishes-0-clock"),
        ({"wishes-0-day": "2026-11-23"}, "wishes-0-day"),
        ({"wishes-0-day": "2029-01-01"}, "wishes-0-day"),
        ({"wishes-0-clock": "22:00"}, "wishes-0-clock"),
        ({"wishes-0-day": "i morgen"}, "wishes-0-day"),
    ],
)
def test_a_time_that_cannot_be_wished_for_is_told_at_its_field(
    client: Client, changes: dict[str, str], field: str
) -> None:
    url = ask_url(workshop())
    html = client.post(url, answers(**changes) | {"step": "times", "key": str(uuid.uuid4()), "served": served()})
    text = html.content.decode()
    assert 'name="step" value="times"' in text
    assert f'id="id_{field}_error"' in text


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"wishes-1-clock": ""}, "wishes-1-clock", "Ønske 2: Skriv, hvornår det skal begynde."),
        (
            {"wishes-2-day": "2026-11-23", "wishes-2-clock": "10:00"},
            "wishes-2-day",
            "Ønske 3: Vælg en dag, der ikke er gået endnu.",
        ),
        ({"wishes-2-day": "x", "wishes-2-clock": "10:00"}, "wishes-2-day", "Ønske 3: Skriv en dato, fx 2027-02-03."),
        (
            {"wishes-1-day": "2027-02-03", "wishes-1-clock": "10:15"},
            "wishes-1-day",
            "Ønske 2: Det tidspunkt har du allerede skrevet. Vælg et andet.",
        ),
    ],
)
def test_a_mistake_says_which_of_the_three_wishes_it_is(
    client: Client, changes: dict[str, str], field: str, message: str
) -> None:
    url = ask_url(workshop())
    answer = client.post(url, answers(**changes) | {"step": "times", "key": str(uuid.uuid4()), "served": served()})
    text = answer.content.decode()
    assert f'href="#id_{field}">{message}</a>' in text
    assert f'id="id_{field}_error"><span class="sr-only">{said("Error:")} </span>{message}</span>' in text
    assert text.count(message) == 2


def test_the_last_step_sent_with_a_mistake_goes_back_to_it(client: Client) -> None:
    url = ask_url(workshop())
    data = answers(email="x") | {"step": "check", "key": str(uuid.uuid4()), "served": served()}
    text = client.post(url, data).content.decode()
    assert ('name="step" value="contact"' in text, 'id="id_email_error"' in text) == (True, True)
    assert VisitRequest.objects.count() == 0


def test_going_back_keeps_everything(client: Client) -> None:
    url = ask_url(workshop())
    html = walk(client, url, answers())
    back = client.post(url, fields_of(html) | {"back": "1"}).content.decode()
    assert ('name="step" value="contact"' in back, 'value="Åse Ødegård"' in back) == (True, True)


@pytest.mark.parametrize("way", ["sessions", "external"])
def test_a_workshop_that_takes_no_requests_has_no_form(client: Client, way: str) -> None:
    other = make_workshop(way_of_booking=way, external_url="https://example.org/" if way == "external" else "")
    assert client.get(ask_url(other)).status_code == 404
    assert client.get(f"/oensk-besoeg/{uuid.UUID(int=1)}/").status_code == 404


@pytest.mark.parametrize("hide", ["draft", "planned", "closed", "closed above"])
def test_a_workshop_that_not_everybody_may_read_has_no_form(client: Client, hide: str) -> None:
    page = workshop()
    url = ask_url(page)
    assert client.get(url).status_code == 200
    if hide in {"draft", "planned"}:
        page.unpublish()
        if hide == "planned":
            WorkshopPage.objects.filter(pk=page.pk).update(go_live_at=timezone.now() + dt.timedelta(days=1))
    else:
        PageViewRestriction.objects.create(
            page=page if hide == "closed" else page.get_parent(), restriction_type="login"
        )
    assert client.get(url).status_code == 404


def requested(client: Client) -> VisitRequest:
    url = ask_url(workshop())
    client.post(url, fields_of(walk(client, url, answers())) | {"served": served()})
    return VisitRequest.objects.get()


def answer_url(visit: VisitRequest) -> str:
    token = link_to_visit(visit).rstrip("/").rsplit("/", 1)[1]
    return reverse("bookings:answer_visit", kwargs={"token": token})


@pytest.mark.parametrize(("button", "state", "bookings"), [("accept", "accepted", 1), ("refuse", "open", 0)])
def test_a_proposal_is_answered(client: Client, button: str, state: str, bookings: int) -> None:
    visit = requested(client)
    when = timezone.now() + dt.timedelta(days=30)
    propose_other_time(request_id=visit.pk, starts_at=when, facilitators=[make_user("facilitator")], actor_id=None)
    assert said("We propose another time") in page(client, link_to_visit(visit))
    client.post(answer_url(visit), {button: "1"})
    visit.refresh_from_db()
    assert (visit.state, Booking.objects.count()) == (state, bookings)


def test_a_request_is_taken_back(client: Client) -> None:
    visit = requested(client)
    assert client.get(answer_url(visit)).status_code == 405
    client.post(answer_url(visit), {"withdraw": "1"})
    visit.refresh_from_db()
    assert visit.state == "withdrawn"
    assert said("The request is withdrawn") in page(client, link_to_visit(visit))


def test_a_declined_request_tells_why(client: Client) -> None:
    visit = requested(client)
    decline_visit(request_id=visit.pk, reason="Ingen ledige <undervisere>", actor_id=None)
    assert "Ingen ledige &lt;undervisere&gt;" in page(client, link_to_visit(visit))


@pytest.mark.parametrize("token", ["x", "0" * 43, "æøå"])
def test_unknown_links_look_like_any_other_page_that_is_not_there(client: Client, token: str) -> None:
    assert client.get(f"/mit-besoeg/{token}/").status_code == 404
