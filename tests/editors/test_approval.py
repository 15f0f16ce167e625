"""Two approvals by two persons who wrote nothing of it, and no way around."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page, TaskState, WorkflowState

from tests.factories.forms_admin import edit_form
from tests.factories.pages import home, make_article, make_card, make_chapter, make_plan
from tests.factories.people import make_user
from vaern.outbox.models import Message
from vaern.pages.approval import NotApprovedError, enough_approvals

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(site: None) -> dict[str, Any]:
    """An editor, three approvers, an administrator of everything."""
    return {
        "editor": make_user("editor", "red@example.dk"),
        "first": make_user("approver", "en@example.dk"),
        "second": make_user("approver", "to@example.dk"),
        "third": make_user("approver", "tre@example.dk"),
        "boss": make_user("", "boss@example.dk", is_superuser=True),
    }


def draft(page: Any, user: Any, title: str = "Ny titel") -> Any:
    """A newer text by `user`."""
    page = page.specific
    page.title = page.draft_title = title
    return page.save_revision(user=user)


def submit(page: Any, user: Any) -> WorkflowState:
    """Ask for approval."""
    page = Page.objects.get(pk=page.pk).specific
    return page.get_workflow().start(page, user)


def decide(page: Any, user: Any, action: str = "approve") -> None:
    """Take the decision as the screen does."""
    state = Page.objects.get(pk=page.pk).specific.current_workflow_state.current_task_state
    state.task.specific.on_action(state, user, action)


def title(page: Any) -> str:
    """The public title."""
    return str(Page.objects.get(pk=page.pk).title)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("approvers", "authors", "enough"),
    [
        ([1, 2], [3], True),
        ([1, 1], [3], False),
        ([1, 2], [2], False),
        ([1], [], False),
        ([1, None], [], False),
        ([1, 2, 3], [3], True),
    ],
)
def test_the_rule(approvers: list[int | None], authors: list[int], enough: bool) -> None:
    assert enough_approvals(approvers=approvers, authors=authors) is enough


def recipients(kind: str) -> list[str]:
    """Return who is written to, in order of the messages."""
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("recipient", flat=True))


@pytest.mark.parametrize("make", [make_plan, make_chapter, make_card])
def test_two_others_publish(people: dict[str, Any], make: Any) -> None:
    page = make()
    draft(page, people["editor"])
    submit(page, people["editor"])
    assert recipients("editors.to_approve") == [
        "en@example.dk", "to@example.dk", "tre@example.dk",
    ]  # fmt: skip
    decide(page, people["first"])
    assert title(page) != "Ny titel"
    assert recipients("editors.to_approve")[3:] == [
        "to@example.dk", "tre@example.dk",
    ]  # fmt: skip
    decide(page, people["second"])
    assert title(page) == "Ny titel"
    assert list(Message.objects.filter(kind="editors.approved").values_list("recipient", flat=True)) == [
        "red@example.dk"
    ]


def test_nobody_approves_twice_or_their_own(people: dict[str, Any]) -> None:
    page = make_chapter()
    draft(page, people["first"])
    submit(page, people["editor"])
    for refused in ("first", "editor", "boss"):
        with pytest.raises(PermissionDenied):
            decide(page, people[refused])
    decide(page, people["second"])
    with pytest.raises(PermissionDenied):
        decide(page, people["second"])
    assert TaskState.objects.reviewable_by(people["second"]).count() == 0
    assert TaskState.objects.reviewable_by(people["first"]).count() == 0
    assert TaskState.objects.reviewable_by(people["third"]).count() == 1
    decide(page, people["third"])
    assert title(page) == "Ny titel"


def test_whoever_wrote_an_earlier_draft_is_an_author(people: dict[str, Any]) -> None:
    page = make_chapter()
    draft(page, people["first"], "Kladde")
    draft(page, people["editor"])
    submit(page, people["editor"])
    with pytest.raises(PermissionDenied):
        decide(page, people["first"])


def test_an_edit_after_an_approval_takes_new_approvals(people: dict[str, Any]) -> None:
    page = make_chapter()
    draft(page, people["editor"])
    submit(page, people["editor"])
    decide(page, people["first"])
    draft(page, people["third"], "Ændret bagefter")
    with pytest.raises(PermissionDenied):
        decide(page, people["second"])
    assert title(page) != "Ændret bagefter"


def test_changes_are_asked_for(people: dict[str, Any]) -> None:
    page = make_chapter()
    draft(page, people["editor"])
    submit(page, people["editor"])
    decide(page, people["first"], "reject")
    assert title(page) != "Ny titel"
    assert Message.objects.get(kind="editors.rejected").recipient == "red@example.dk"


@pytest.mark.parametrize("who", ["editor", "boss", "first"])
def test_the_door_of_the_code(people: dict[str, Any], who: str) -> None:
    page = make_chapter()
    revision = draft(page, people["editor"])
    for skip in (False, True):
        with pytest.raises(PermissionDenied):
            revision.publish(user=people[who], skip_permission_checks=skip)
    assert title(page) != "Ny titel"


@pytest.mark.parametrize("who", ["editor", "boss"])
def test_the_doors_of_the_screens(people: dict[str, Any], who: str) -> None:
    page = make_chapter()
    draft(page, people["editor"])
    client = client_of(people[who])
    form = edit_form(client, page)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    client.post(edit, {**form, "title": "Direkte", "action-publish": "1"})
    assert title(page) != "Direkte"
    # Scheduled
    client.post(edit, {**form, "title": "Senere", "go_live_at": "2099-01-01 10:00", "action-publish": "1"})
    assert not page.revisions.filter(approved_go_live_at__isnull=False).exists()
    # In bulk, from the page and from above it
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    for number in (page.pk, home().pk):
        client.post(f"{url}?id={number}", {"include_descendants": "on"})
    assert title(page) != "Ny titel"
    # Back to an old text
    revision = page.revisions.order_by("pk").first()
    client.post(edit, {**form, "title": "Tilbage", "revision": str(revision.pk), "action-publish": "1"})
    assert title(page) != "Tilbage"
    assert page.revisions.count() >= 2


def test_copies_and_aliases_are_not_public(people: dict[str, Any]) -> None:
    page = make_chapter()
    client = client_of(people["editor"])
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    data = {"new_title": "Kopi", "new_slug": "kopi", "new_parent_page": page.get_parent().pk}
    for extra in ({"publish_copies": "on"}, {"alias": "on"}):
        client.post(url, {**data, **extra})
        assert not Page.objects.filter(slug="kopi").exists()
    client.post(url, data)
    assert Page.objects.get(slug="kopi").live is False
    with pytest.raises(NotApprovedError):
        page.create_alias(update_slug="alias")
    assert page.copy(update_attrs={"slug": "kopi-2"}, user=people["editor"]).live is False


def test_a_public_page_is_neither_moved_nor_deleted_but_taken_down(people: dict[str, Any]) -> None:
    page = make_chapter()
    for who in ("editor", "boss"):
        tester = page.permissions_for_user(people[who])
        assert (tester.can_publish(), tester.can_delete(), tester.can_move(), tester.can_unpublish()) == (
            False,
            False,
            False,
            True,
        )
    page.unpublish()
    assert make_chapter(live=False).permissions_for_user(people["editor"]).can_delete() is True


def test_a_translation_is_a_draft_with_all_below_it(people: dict[str, Any]) -> None:
    plan = make_plan()
    card = make_card(make_chapter(plan))
    english = Locale.objects.get(language_code="en")
    client_of(people["editor"]).post(
        reverse("simple_translation:submit_page_translation", args=[plan.pk]),
        {"locales": [str(english.pk)], "include_subtree": "on"},
    )
    keys = [page.translation_key for page in card.get_ancestors(inclusive=True)[2:]]
    made = Page.objects.filter(locale=english, translation_key__in=keys)
    assert [(page.live, page.alias_of_id) for page in made] == [(False, None)] * 3


def test_parents_of_a_translation_are_drafts_too(people: dict[str, Any]) -> None:
    english = Locale.objects.get(language_code="en")
    below = make_article(parent=make_article())
    made = below.copy_for_translation(english, copy_parents=True)
    assert [(page.live, page.alias_of_id) for page in made.get_ancestors(inclusive=True)[2:]] == [(False, None)] * 2


def test_a_new_chapter_is_not_published_when_it_is_made(people: dict[str, Any]) -> None:
    plan = make_plan()
    client = client_of(people["editor"])
    url = reverse("wagtailadmin_pages:add", args=["guidance", "chapterpage", plan.pk])
    data = {
        "title": "Nyt kapitel", "slug": "nyt-kapitel", "intro": "", "body-count": "0",
        "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "action-publish": "1",
    }  # fmt: skip
    client.post(url, data)
    assert not Page.objects.live().filter(slug="nyt-kapitel").exists()
    # The twin: an article is.
    client.post(
        reverse("wagtailadmin_pages:add", args=["pages", "articlepage", home().pk]), {**data, "slug": "ny-artikel"}
    )
    assert Page.objects.live().filter(slug="ny-artikel").exists()


def test_ordinary_pages_take_one_step(people: dict[str, Any]) -> None:
    page = make_article()
    draft(page, people["editor"]).publish(user=people["editor"])
    assert title(page) == "Ny titel"


def test_scheduled_after_two_approvals(people: dict[str, Any], clock: Any) -> None:
    import datetime as dt

    from django.utils import timezone

    from vaern.outbox.jobs import publish_scheduled

    page = make_chapter().specific
    page.title, page.go_live_at = "Fra i morgen", timezone.now() + dt.timedelta(days=1)
    page.save_revision(user=people["editor"])
    submit(page, people["editor"])
    decide(page, people["first"])
    decide(page, people["second"])
    publish_scheduled()
    assert title(page) != "Fra i morgen"
    clock.shift(dt.timedelta(days=1, minutes=1))
    publish_scheduled()
    assert title(page) == "Fra i morgen"
