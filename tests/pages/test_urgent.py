"""Urgent messages: on every public page, in their window, two at most."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.people import make_user
from vaern.pages.urgent import UrgentMessage

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def make(text: str = "Telefonen er nede.", *, begins: int = 0, lasts: int = 60, **fields: Any) -> UrgentMessage:
    start = timezone.now() + begins * MINUTE
    values = {"text_da": text, "text_en": f"EN {text}", "starts_at": start, "ends_at": start + lasts * MINUTE, **fields}
    message = UrgentMessage(**values)
    message.full_clean()
    message.save()
    return message


def shown(client: Client, path: str = "/") -> int:
    html = client.get(path).content.decode()
    assert html.count('class="v-urgent"') in {0, 1}
    return html.count("Telefonen er nede.")


@pytest.mark.parametrize("path", ["/", "/en/", "/workshops/", "/er-du-bekymret/", "/maal/", "/log-ind/"])
def test_on_every_public_page_until_its_end(site: None, clock: Any, client: Client, path: str, settings: Any) -> None:
    settings.VAERN_PAGE_CACHE = True
    assert shown(client, path) == 0
    make(lasts=2)
    assert shown(client, path) == 1
    clock.shift(2 * MINUTE - dt.timedelta(seconds=1))
    assert shown(client, path) == 1
    clock.shift(dt.timedelta(seconds=1))
    assert shown(client, path) == 0


def test_not_before_its_start(site: None, clock: Any, client: Client) -> None:
    make(begins=5)
    assert shown(client) == 0
    clock.shift(5 * MINUTE)
    assert shown(client) == 1


def test_warnings_first_with_a_link_and_no_alert_role(site: None, clock: Any, client: Client) -> None:
    make("Info", link_url="/workshops/")
    make("Vigtigt", level=UrgentMessage.Level.WARNING)
    html = client.get("/en/").content.decode()
    block = html.split('class="v-urgent"')[1].split("<main")[0]
    assert block.index("EN Vigtigt") < block.index("EN Info")
    assert 'href="/en/workshops/"' in block
    assert 'role="alert"' not in block
    assert 'role="region"' in block
    assert client.cookies == {}


def test_a_third_at_once_is_refused_and_a_later_one_is_not(site: None, clock: Any) -> None:
    make(lasts=10)
    make(begins=5, lasts=10)
    with pytest.raises(ValidationError):
        make(begins=8, lasts=60)
    make(begins=10, lasts=60)
    with pytest.raises(ValidationError):
        make(begins=3, lasts=100)


@pytest.mark.parametrize("fields", [{"lasts": 0}, {"link_url": "https://example.com"}, {"link_url": "//example.com"}])
def test_refused(site: None, clock: Any, fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        make(**fields)


def test_an_editor_writes_one_and_others_do_not(site: None, clock: Any, client: Client) -> None:
    client.force_login(make_user("editor"))
    url = reverse("urgent_messages:add")
    data = {"level": "warning", "text_da": "Telefonen er nede.", "text_en": "The phone is down.", "link_url": "",
            "starts_at": "23.11.2026 09:00", "ends_at": "23.11.2026 12:00"}  # fmt: skip
    response = client.post(url, {**data, "text_da": "Ring til 010190-1234"})
    assert UrgentMessage.objects.count() == 0
    assert "Det ligner et CPR-nummer" in response.content.decode()
    assert client.post(url, data).status_code == 302
    assert UrgentMessage.objects.get().is_shown is True
    assert client.get(reverse("urgent_messages:index")).status_code == 200
    client.force_login(make_user("coordinator"))
    client.post(url, data)
    assert UrgentMessage.objects.count() == 1
