"""The editors' screens: who opens what, and that the doors call the verbs."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.people import make_user
from tests.factories.plan import adopted, make_chapter, make_plan, proposed, write
from tests.factories.texts import escaped, page, said
from vaern.guidance.models import ChapterPage, PlanPage, PlanVersion
from vaern.people.models import User

pytestmark = pytest.mark.usefixtures("site", "clock")
ADOPTION = {
    "adopted_by": "Borgerrepræsentationen",
    "adopted_on": "02.11.2026",
    "published_on": "05.11.2026",
    "revision_due_on": "02.11.2030",
}


@pytest.fixture
def plan(site: None) -> PlanPage:
    plan = make_plan()
    make_chapter(plan, "Formål", {"Hvorfor": "Fordi loven siger det."})
    return plan


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"staff_plan_versions:{name}", args=args)


EDITOR, APPROVER = {"propose", "withdraw"}, {"adopt", "decline"}
SEES = {"index", "inspect", "text"}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("editor", SEES | EDITOR),
        ("approver", SEES | APPROVER),
        ("administrator", SEES),
        ("coordinator", set()),
        ("facilitator", set()),
    ],
)
def test_who_opens_what(role: str, expected: set[str], plan: PlanPage) -> None:
    version = proposed(plan)
    client = client_of(make_user(role))
    addresses = {name: url(name, version.pk) for name in ("inspect", "text", "adopt", "decline", "withdraw")}
    addresses |= {"index": url("index"), "propose": url("propose", plan.translation_key)}
    assert {name for name, address in addresses.items() if client.get(address).status_code == 200} == expected


def test_two_persons_make_a_version(plan: PlanPage) -> None:
    editor, approver = client_of(make_user("editor")), client_of(make_user("approver"))
    facts = {"kind": "material", "note_da": "Den første.", "note_en": "The first."}
    answer = editor.post(url("propose", plan.translation_key), facts)
    version = PlanVersion.objects.get()
    assert answer.headers["Location"] == url("inspect", version.pk)
    assert escaped("Fordi loven siger det.") in page(approver, url("text", version.pk))
    assert url("adopt", version.pk) in page(approver, url("inspect", version.pk))
    assert url("adopt", version.pk) not in page(editor, url("inspect", version.pk))
    assert approver.post(url("adopt", version.pk), ADOPTION).status_code == 302
    version.refresh_from_db()
    assert (version.state, version.number, version.note_en) == ("adopted", "1.0", "The first.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"revision_due_on": "03.11.2030"}, "revision_due_on"),
        ({"revision_due_on": "02.11.2026"}, "revision_due_on"),
        ({"adopted_on": "24.11.2026"}, "adopted_on"),
        ({"published_on": "01.11.2026"}, "published_on"),
        ({"adopted_by": ""}, "adopted_by"),
        ({"adopted_on": "i går"}, "adopted_on"),
    ],
)
def test_a_date_that_cannot_be_is_told_at_its_field(changes: dict[str, str], field: str, plan: PlanPage) -> None:
    version = proposed(plan)
    answer = client_of(make_user("approver")).post(url("adopt", version.pk), {**ADOPTION, **changes})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not PlanVersion.objects.get().is_adopted


def test_the_reason_of_the_four_years_is_told(plan: PlanPage) -> None:
    version = proposed(plan)
    late = {**ADOPTION, "revision_due_on": "03.11.2030"}
    text = client_of(make_user("approver")).post(url("adopt", version.pk), late).content.decode()
    assert "barnets lov § 15, stk. 3" in text
    assert "2. november 2030" in text


def test_an_own_proposal_cannot_be_decided_on(plan: PlanPage) -> None:
    both = make_user("editor", is_superuser=True)
    version = proposed(plan, by=both)
    client = client_of(both)
    told = escaped(said("Nobody decides on their own proposal. Ask a colleague who may approve."))
    assert told in page(client, url("inspect", version.pk))
    assert told in client.post(url("adopt", version.pk), ADOPTION).content.decode()
    assert PlanVersion.objects.get().state == PlanVersion.State.PROPOSED


def test_declining_and_withdrawing(plan: PlanPage) -> None:
    author = make_user("editor")
    approver, editor = client_of(make_user("approver")), client_of(author)
    first = proposed(plan, by=author)
    assert approver.post(url("decline", first.pk), {"reason": ""}).status_code == 200
    assert approver.post(url("decline", first.pk), {"reason": "Kapitel 2 mangler."}).status_code == 302
    assert "Kapitel 2 mangler." in page(editor, url("inspect", first.pk))
    second = proposed(plan, by=author)
    assert editor.get(url("withdraw", second.pk)).status_code == 200
    assert PlanVersion.objects.get(pk=second.pk).state == "proposed"
    assert editor.post(url("withdraw", second.pk)).status_code == 302
    assert PlanVersion.objects.get(pk=second.pk).state == "withdrawn"


def test_pages_that_changed_are_told_to_the_approver(plan: PlanPage) -> None:
    version = proposed(plan)
    write(ChapterPage.objects.get(), {"Hvorfor": "Noget andet."})
    text = client_of(make_user("approver")).post(url("adopt", version.pk), ADOPTION).content.decode()
    assert (
        escaped(
            said(
                "The published pages are no longer those that were proposed. "
                "The proposal must be withdrawn and made anew."
            )
        )
        in text
    )


def test_the_approver_sees_what_it_changes(plan: PlanPage) -> None:
    adopted(plan)
    write(ChapterPage.objects.get(), {"Hvorfor": "Fordi loven kræver det."})
    version = proposed(plan, kind="editorial")
    text = page(client_of(make_user("approver")), url("text", version.pk))
    assert "kræver" in text.split("<ins>", 1)[1].split("</ins>", 1)[0]
    assert client_of(make_user("approver")).get(url("text", version.pk), {"language": "en"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3, 12])
def test_the_list_costs_the_same_however_long(rows: int, plan: PlanPage, django_assert_num_queries: object) -> None:
    for _each in range(rows):
        adopted(plan, kind="editorial")
    client = client_of(make_user("editor"))
    client.get(url("index"))
    with django_assert_num_queries(LIST_QUERIES):  # type: ignore[operator]
        client.get(url("index"))


LIST_QUERIES = 12


def test_the_plans_page_leads_to_its_versions(plan: PlanPage) -> None:
    text = page(client_of(make_user("editor")), f"/admin/pages/{plan.pk}/edit/")
    assert [url("index") in text, url("propose", plan.translation_key) in text] == [True, True]
