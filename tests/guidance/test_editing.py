"""What an editor meets: every page type opens, previews and can be made where it belongs."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import Client, RequestFactory
from wagtail.models import Page

from tests.factories.guidance import make_card, make_contact, make_effort, make_section, make_workplace, worried_page
from tests.factories.people import make_user
from tests.factories.texts import page
from vaern.guidance.models import ActionCardPage, GuidanceIndexPage, WorriedPage
from vaern.guidance.rules import CHARACTERS_A_SHEET
from vaern.guidance.wagtail_hooks import one_sheet_of_paper
from vaern.pages.models import HomePage

pytestmark = pytest.mark.usefixtures("site", "clock")


def pages() -> list[Page]:
    section, contact = make_section(), make_contact()
    card = make_card(contacts=[("contact", contact)])
    return [worried_page(), card, section, make_workplace(section, card), make_effort(section, contact)]


def test_every_type_opens_for_an_editor(client: Client) -> None:
    client.force_login(make_user("editor"))
    for each in pages():
        page(client, f"/admin/pages/{each.pk}/edit/")


def test_every_type_can_be_previewed_before_it_is_published(client: Client) -> None:
    user = make_user("editor")
    for each in pages():
        draft: Any = each.specific
        draft.title = "Kun en kladde"
        draft.save_revision(user=user)
        client.force_login(user)
        assert "Kun en kladde" in page(client, f"/admin/pages/{each.pk}/view_draft/")
        client.logout()
        assert "Kun en kladde" not in page(client, each.url)


def test_a_new_card_can_be_previewed_before_it_has_an_address(client: Client) -> None:
    card = ActionCardPage(title="Helt nyt", slug="helt-nyt", locale=worried_page().locale)
    card.set_url_path(worried_page())
    card.depth, card.path = worried_page().depth + 1, worried_page().path + "0009"
    response = card.make_preview_request()
    assert response.status_code == 200
    assert "Helt nyt" in response.content.decode()


@pytest.mark.parametrize(
    ("model", "under"),
    [(ActionCardPage, WorriedPage), (GuidanceIndexPage, HomePage)],
)
def test_pages_are_made_where_they_belong(client: Client, model: Any, under: Any) -> None:
    client.force_login(make_user("editor"))
    parent = under.objects.filter(locale__language_code="da").first()
    page(client, f"/admin/pages/add/guidance/{model._meta.model_name}/{parent.pk}/")


@pytest.mark.parametrize(("extra", "warned"), [(0, False), (1, True)])
def test_an_editor_is_told_when_a_card_runs_over_its_sheet(client: Client, extra: int, warned: bool) -> None:
    card = make_card(contacts=[("contact", make_contact())])
    card.body = [("signs", {"points": ["x"]})]
    free = CHARACTERS_A_SHEET - card.length + len(card.duty_under_18)
    request = RequestFactory().get("/")
    request.user = make_user("editor")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    card.duty_under_18 = "x" * (free + extra)
    one_sheet_of_paper(request, card)
    assert [str(CHARACTERS_A_SHEET + 1) in str(each) for each in request._messages] == [True] * warned  # type: ignore[attr-defined]


def test_nothing_is_told_to_the_log_but_the_kind_of_page(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    card = make_card("Hemmelig titel")
    with caplog.at_level("INFO"):
        page(client, card.url)
    told = [vars(record) for record in caplog.records if record.name == "vaern.request"]
    assert [(row["route"], row["status"]) for row in told] == [("wagtail_serve", 200)]
    assert card.slug not in str([{key: row[key] for key in ("method", "route", "status", "ms")} for row in told])
