"""What an editor meets: CPR numbers are never stored, errors keep a page from being published, advice does not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision

from tests.factories.forms_admin import edit_form
from tests.factories.pages import home, make_article
from tests.factories.people import make_user
from vaern.outbox.jobs import publish_scheduled
from vaern.pages.checks.service import check_page

pytestmark = pytest.mark.django_db


def rich(text: str) -> str:
    """Rich text as the editor sends it."""
    import json

    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

    return json.dumps(json.loads(ContentstateConverter(["bold", "link", "h2"]).from_database_format(text)))


def body(text: str, heading: str = "Afsnit") -> dict[str, str]:
    """One section of a body."""
    return {
        "body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "section", "body-0-id": "",
        "body-0-value-heading": heading, "body-0-value-text": rich(text),
    }  # fmt: skip


@pytest.fixture
def editor(site: None, client: Client) -> Any:
    user = make_user("editor", "red@example.dk")
    client.force_login(user)
    return user


def send(client: Client, page: Any, **changes: str) -> str:
    data = {**edit_form(client, page), **changes}
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data, follow=True).content.decode()


@pytest.mark.parametrize("action", [{}, {"action-publish": "1"}])
@pytest.mark.parametrize(
    "where", [{"intro": "Barnet 010190-1234"}, body("<p>Barnet 010190-1234</p>"), {"title": "010190-1234"}]
)
def test_cpr_numbers_are_never_stored(
    editor: Any, client: Client, where: dict[str, str], action: dict[str, str]
) -> None:
    page = make_article()
    html = send(client, page, **where, **action)
    assert "Det ligner et CPR-nummer" in html
    assert not any("010190" in str(revision.content) for revision in Revision.objects.all())


def test_errors_block_publishing_and_say_where_but_not_drafts(editor: Any, client: Client) -> None:
    page = make_article(title="Om")
    wrong = {**body('<p><a href="https://kk.dk">Klik her</a></p>'), "title": "Ny"}
    html = send(client, page, **wrong, **{"action-publish": "1"})
    assert "Afsnit 1 (“Afsnit”): Linket “Klik her” siger ikke, hvor det fører hen." in html
    assert Page.objects.get(pk=page.pk).title == "Om"
    send(client, page, **wrong)
    assert Page.objects.get(pk=page.pk).get_latest_revision_as_object().title == "Ny"
    html = client.get(reverse("editors_check", args=[page.pk])).content.decode()
    assert "Linket “Klik her” siger ikke" in html
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={page.pk}"
    assert "kan ikke udgives" in client.post(url, {}, follow=True).content.decode()
    assert Page.objects.get(pk=page.pk).title == "Om"


def test_advice_does_not_block(editor: Any, client: Client) -> None:
    page = make_article(title="Om")
    send(client, page, **body("<p>" + "ord " * 30 + "</p>"), **{"title": "Ny", "action-publish": "1"})
    assert Page.objects.get(pk=page.pk).title == "Ny"
    html = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "En sætning på 30 ord er svær at læse" in html


def test_links_are_looked_up(site: None) -> None:
    live, unpublished, english = make_article(slug="findes"), make_article(live=False), make_article(language="en")
    page = make_article(
        text="".join(
            f'<p><a linktype="page" id="{p}">Siden {p}</a></p>' for p in (live.pk, unpublished.pk, english.pk, 99999)
        )
        + "".join(
            f'<p><a href="{p}">Adressen {p}</a></p>'
            for p in ("/findes/", "/findes-ikke/", "/maal/", "/workshops/?grade=7")
        )
    )
    found = [(f.code, f.message) for f in check_page(page) if f.code.endswith("link")]
    assert [code for code, _ in found] == ["dead-link", "dead-link", "unpublished-link", "foreign-link"]
    assert "/findes-ikke/" in found[1][1]


def test_the_same_path_under_english_and_by_redirect(site: None) -> None:
    make_article(language="en", slug="there")
    page = make_article(
        language="en", text='<p><a href="/en/there/">There</a> <a href="/there/">Not</a> <a href="/gammel/">Old</a></p>'
    )
    Redirect.objects.create(old_path="/gammel", redirect_page=page)
    assert [f.message for f in check_page(page) if f.code == "dead-link"] == [
        "Linket “Not” fører til noget, der ikke findes mere."
    ]


def test_the_report(editor: Any, client: Client) -> None:
    make_article(title="Slem", text='<p><a href="/">her</a></p>')
    html = client.get(reverse("editors_checks")).content.decode()
    assert "Slem" in html
    assert "Linket “her” siger ikke" in html


def test_only_our_page_types_can_be_made_and_each_says_what_it_is(editor: Any, client: Client) -> None:
    response = client.get(reverse("wagtailadmin_pages:add_subpage", args=[home().pk]))
    types = {model: description for _name, _app, model, description in response.context["page_types"]}
    assert "page" not in types
    assert "articlepage" in types
    assert "planpage" in types
    # There is one catalogue and one page for those who worry already.
    assert "cataloguepage" not in types
    assert "worriedpage" not in types
    assert [model for model, description in types.items() if not description] == []


def test_scheduled_publishing_and_expiry(editor: Any, client: Client, clock: Any) -> None:
    page = make_article(title="Om", slug="om-x")
    now = timezone.localtime()
    soon, later = now + dt.timedelta(hours=1), now + dt.timedelta(hours=2)
    send(
        client,
        page,
        title="Planlagt",
        go_live_at=f"{soon:%Y-%m-%d %H:%M}",
        expire_at=f"{later:%Y-%m-%d %H:%M}",
        **{"action-publish": "1"},
    )
    publish_scheduled()
    assert "Planlagt" not in Client().get("/om-x/").content.decode()
    html = client.get(reverse("wagtailadmin_explore", args=[home().pk])).content.decode()
    assert "planlagt" in html.lower()
    clock.shift(dt.timedelta(hours=1, minutes=1))
    publish_scheduled()
    assert "Planlagt" in Client().get("/om-x/").content.decode()
    clock.shift(dt.timedelta(hours=1))
    publish_scheduled()
    assert Client().get("/om-x/").status_code == 404


def test_redirects_on_a_new_slug_and_on_moving(
    editor: Any, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    parent, page = make_article(slug="foer"), None
    page = make_article(parent=parent, slug="under")
    english = make_article(language="en", slug="before")
    draft = make_article(parent=parent, slug="kladde", live=False)
    with django_capture_on_commit_callbacks(execute=True):
        send(client, parent, slug="efter", **{"action-publish": "1"})
        send(client, english, slug="after", **{"action-publish": "1"})
    reader = Client()
    for old, new in (("/foer/", "/efter/"), ("/foer/under/", "/efter/under/"), ("/en/before/", "/en/after/")):
        answer = reader.get(old)
        assert (answer.status_code, answer["Location"].removeprefix("http://localhost")) == (301, new)
    assert reader.get("/foer/kladde/").status_code == 404
    other = make_article(slug="andet")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, other.pk]))
    assert reader.get("/efter/under/")["Location"].removeprefix("http://localhost") == "/andet/under/"
    page.refresh_from_db()
    page.unpublish()
    assert reader.get("/efter/under/").status_code == 404
    assert draft.live is False
