"""The staff screens for organisations and users."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from tests.factories.people import make_school, make_user
from vaern.audit.models import AuditEvent
from vaern.people.models import Administration, Organisation, SchoolGroup, User
from vaern.people.roles import ROLES

pytestmark = pytest.mark.usefixtures("site", "clock")

OTHERS = ["coordinator", "editor", "approver", "facilitator", "administrator"]
IN, HOME, DOOR = (200, ""), (302, "/admin/"), (302, "/log-ind/medarbejder/")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def administrator() -> User:
    return make_user("administrator", first_name="Ada", last_name="Min")


@pytest.fixture
def client(administrator: User) -> Client:
    return client_of(administrator)


def answer(client: Client, url: str) -> tuple[int, str]:
    response = client.get(url)
    return response.status_code, response.headers.get("Location", "").split("?")[0]


def errors(response: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def group_of(role: str) -> Group:
    return Group.objects.get(name=ROLES[role].name)


def user_form(**changes: Any) -> dict[str, Any]:
    return {"email": "ny@example.dk", "first_name": "Ny", "last_name": "Bruger", "is_active": "on"} | changes


READ = {"coordinator": IN, "editor": HOME, "approver": HOME, "facilitator": DOOR, "administrator": IN}
WRITE = READ | {"coordinator": HOME}


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("staff_organisations:index", READ),
        ("staff_organisations:add", READ),
        ("staff_organisations:edit", READ),
        ("staff_organisations:inspect", READ),
        ("staff_schools:index", READ),
        ("staff_schools:inspect", READ),
        ("staff_school_types:index", READ),
        ("staff_school_types:inspect", READ),
        ("staff_school_types:add", WRITE),
        ("staff_school_types:edit", WRITE),
        ("staff_administrations:index", READ),
        ("staff_administrations:inspect", READ),
        ("staff_administrations:add", WRITE),
        ("staff_administrations:edit", WRITE),
        ("wagtailusers_users:index", WRITE),
        ("wagtailusers_users:add", WRITE),
        ("wagtailusers_users:edit", WRITE),
    ],
)
def test_who_opens_what(role: str, name: str, expected: dict[str, tuple[int, str]]) -> None:
    school = make_school()
    keys = {
        "staff_organisations": school.pk,
        "staff_schools": school.pk,
        "staff_school_types": SchoolGroup.objects.values_list("pk", flat=True)[0],
        "staff_administrations": Administration.objects.values_list("pk", flat=True)[0],
        "wagtailusers_users": make_user("facilitator").pk,
    }
    namespace, view = name.split(":")
    args = [keys[namespace]] if view in {"edit", "inspect"} else []
    assert answer(client_of(make_user(role)), reverse(name, args=args)) == expected[role]


@pytest.mark.parametrize("role", OTHERS)
def test_the_menu_shows_organisations_to_those_who_may(role: str) -> None:
    page = client_of(make_user(role)).get("/admin/").content.decode()
    assert ('"/admin/organisations/"' in page) == (role in {"coordinator", "administrator"})


@pytest.mark.parametrize(
    "name",
    ["staff_organisations:delete", "staff_schools:add", "staff_schools:edit", "staff_administrations:delete"],
)
def test_there_is_no_address_for_what_nobody_may_do(name: str) -> None:
    for args in ([], [1]):
        with pytest.raises(NoReverseMatch):
            reverse(name, args=args)


def test_an_organisation_is_added_and_closed_with_an_event_each(client: Client, administrator: User) -> None:
    data = {"name": "Foreningen", "kind": "partner", "category": "association", "district": "", "active_from": ""}
    client.post(reverse("staff_organisations:add"), data | {"active_to": ""})
    organisation = Organisation.objects.get()
    url = reverse("staff_organisations:edit", args=[organisation.pk])
    client.post(url, data | {"active_to": "31.12.2026"})
    client.post(url, data | {"active_to": "31.12.2026"})  # nothing new
    organisation.refresh_from_db()
    assert str(organisation.active_to) == "2026-12-31"
    events = AuditEvent.objects.order_by("pk").values_list("action", "actor", "facts")
    assert list(events) == [
        ("organisation.added", administrator.pk, {}),
        ("organisation.changed", administrator.pk, {"fields": ["active_to"]}),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "school"}, "kind"),
        ({"kind": "supplier", "category": "housing"}, "category"),
        ({"name": ""}, "name"),
        ({"active_from": "02.01.2026", "active_to": "01.01.2026"}, "__all__"),
    ],
)
def test_a_form_with_a_mistake_adds_nothing(client: Client, changes: dict[str, str], field: str) -> None:
    response = client.post(reverse("staff_organisations:add"), {"name": "X", "kind": "partner"} | changes)
    assert (response.status_code, list(errors(response))) == (200, [field])
    assert "organisation_active_in_order" not in response.content.decode()
    assert (Organisation.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_a_school_stays_a_school(client: Client) -> None:
    school = make_school("Eksempelskolen")
    url = reverse("staff_organisations:edit", args=[school.pk])
    client.post(url, {"name": "Prøveskolen", "kind": "partner"})
    school.refresh_from_db()
    assert (school.name, school.kind) == ("Prøveskolen", "school")


@pytest.mark.parametrize(
    ("model", "namespace", "data"),
    [
        (
            SchoolGroup,
            "staff_school_types",
            {"institution_type": "9999", "type_name": "Ny", "group": "public", "valid_from": "02.01.2027"},
        ),
        (
            Administration,
            "staff_administrations",
            {"code": "NY", "name_da": "Ny", "name_en": "New", "valid_from": "02.01.2027"},
        ),
    ],
)
def test_dated_rows_are_added_in_order_and_with_an_event(
    client: Client, model: Any, namespace: str, data: dict[str, str]
) -> None:
    before = model.objects.count()
    refused = client.post(reverse(f"{namespace}:add"), data | {"valid_to": "01.01.2027"})
    assert (refused.status_code, model.objects.count()) == (200, before)
    assert "_in_order" not in refused.content.decode()
    assert client.post(reverse(f"{namespace}:add"), data).status_code == 302
    assert (model.objects.count(), AuditEvent.objects.count()) == (before + 1, 1)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("namespace", "queries"), [("staff_organisations", 11), ("staff_schools", 10)])
def test_a_list_takes_as_many_queries_whatever_its_length(
    client: Client, namespace: str, queries: int, rows: int
) -> None:
    for _row in range(rows):
        make_school()
    client.get(reverse(f"{namespace}:index"))  # fills what Wagtail keeps for the process
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse(f"{namespace}:index"))
    assert len(captured) == queries


# -- users ------------------------------------------------------------------------------------------------


def test_a_user_is_added_without_a_password_and_with_a_role(client: Client, administrator: User) -> None:
    data = user_form(email="Ny@Example.dk", groups=[str(group_of("coordinator").pk)])
    assert client.post(reverse("wagtailusers_users:add"), data).status_code == 302
    user = User.objects.get(email="ny@example.dk")
    assert (user.has_usable_password(), user.is_superuser) == (False, False)
    assert user.has_perm("bookings.change_session")
    assert list(AuditEvent.objects.values_list("action", "actor")) == [("user.added", administrator.pk)]


def test_an_address_belongs_to_one_user_in_any_case(client: Client) -> None:
    make_user(email="ny@example.dk")
    response = client.post(reverse("wagtailusers_users:add"), user_form(email="NY@example.dk"))
    assert (response.status_code, list(errors(response))) == (200, ["email"])


def test_a_user_is_changed_and_their_old_address_opens_nothing(client: Client) -> None:
    user = make_user("facilitator", email="gammel@example.dk")
    EmailAddress.objects.create(user=user, email="gammel@example.dk", verified=True, primary=True)
    data = user_form(email="ny@example.dk", groups=[str(group_of("approver").pk)])
    assert client.post(reverse("wagtailusers_users:edit", args=[user.pk]), data).status_code == 302
    user.refresh_from_db()
    assert (user.email, list(user.groups.all())) == ("ny@example.dk", [group_of("approver")])
    assert not EmailAddress.objects.filter(email="gammel@example.dk").exists()
    assert AuditEvent.objects.get().facts == {"fields": ["email", "first_name", "groups", "last_name"]}


def test_a_user_is_put_to_rest(client: Client) -> None:
    user = make_user("coordinator")
    data = user_form(email=user.email)
    del data["is_active"]
    client.post(reverse("wagtailusers_users:edit", args=[user.pk]), data)
    user.refresh_from_db()
    assert not user.is_active
    assert client_of(user).get("/admin/").status_code == 302


def test_an_administrator_makes_nobody_more_than_they_are(client: Client) -> None:
    client.post(reverse("wagtailusers_users:add"), user_form(is_superuser="on"))
    assert not User.objects.get(email="ny@example.dk").is_superuser
    user = make_user("facilitator")
    client.post(reverse("wagtailusers_users:edit", args=[user.pk]), user_form(email=user.email, is_superuser="on"))
    user.refresh_from_db()
    assert not user.is_superuser


def test_an_administrator_does_not_change_who_has_every_permission(client: Client) -> None:
    root = make_user(is_superuser=True)
    url = reverse("wagtailusers_users:edit", args=[root.pk])
    assert answer(client, url) == HOME
    assert client.post(url, user_form(email="mig@example.dk")).status_code == 302
    root.refresh_from_db()
    assert root.email != "mig@example.dk"


def test_nobody_changes_their_own_roles(client: Client, administrator: User) -> None:
    data = user_form(email=administrator.email, groups=[str(group_of("approver").pk)])
    client.post(reverse("wagtailusers_users:edit", args=[administrator.pk]), data)
    assert list(administrator.groups.all()) == [group_of("administrator")]


@pytest.mark.parametrize("action", ["set_active_state", "assign_role", "delete"])
def test_there_are_no_bulk_actions_on_users(client: Client, action: str) -> None:
    user = make_user("facilitator")
    url = reverse("wagtail_bulk_action", args=["people", "user", action])
    data = {"mark_as_active": "False", "role": str(group_of("administrator").pk)}
    assert client.post(f"{url}?id={user.pk}", data).status_code == 302
    user.refresh_from_db()
    assert (user.is_active, list(user.groups.all())) == (True, [group_of("facilitator")])
    assert "/admin/bulk/" not in client.get(reverse("wagtailusers_users:index")).content.decode()


def test_the_list_of_users_finds_by_address(client: Client) -> None:
    make_user("facilitator", email="kirsten@example.dk")
    page = client.get(reverse("wagtailusers_users:index") + "?q=kirsten").content.decode()
    assert "kirsten@example.dk" in page
