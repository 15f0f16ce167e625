"""Users, organisations and roles."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client

from tests.factories.people import make_school, make_user
from tests.factories.texts import page
from vaern.people.models import Administration, Organisation, School, SchoolGroup, User
from vaern.people.roles import ROLES

pytestmark = pytest.mark.usefixtures("site", "clock")
TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


def test_an_address_is_one_user_in_any_letter_case() -> None:
    user = make_user(email=" Bo@Example.dk ")
    assert user.email == "bo@example.dk"
    for address in ("bo@example.dk", "BO@EXAMPLE.DK"):
        with pytest.raises(IntegrityError), transaction.atomic():
            User(email=address).save()
    assert User.objects.get_by_natural_key("BO@example.dk") == user


def test_a_user_has_no_password_that_works(client: Client) -> None:
    user = make_user()
    assert not user.has_usable_password()
    assert not client.login(email=user.email, password="")
    assert str(user) == user.email
    assert str(make_user(first_name="Bo", last_name="Bæk")) == "Bo Bæk"


def test_an_administrator_of_the_machine_has_every_permission() -> None:
    user = User.objects.create_superuser("root@example.dk")
    assert (user.is_staff, user.is_superuser, user.has_perm("goals.view_goal_rows")) == (True, True, True)


@pytest.mark.parametrize("role", list(ROLES))
def test_a_role_has_just_the_permissions_of_the_policy(role: str) -> None:
    group = Group.objects.get(name=ROLES[role].name)
    permissions = group.permissions.values_list("content_type__app_label", "codename")
    assert sorted(f"{app}.{name}" for app, name in permissions) == sorted(ROLES[role].permissions)


@pytest.mark.parametrize(
    ("role", "doors", "leads_to"),
    [
        ("facilitator", 0, "/fremmoede/"),
        ("editor", 0, "/admin/"),
        ("administrator", 0, "/admin/"),
        ("coordinator", 5, ""),
        ("approver", 2, ""),
        ("privacy-officer", 0, "/admin/"),
        ("administration-coordinator", 2, ""),
        ("", 0, ""),
    ],
)
def test_ones_own_page_shows_ones_doors_and_opens_the_only_one(
    client: Client, role: str, doors: int, leads_to: str
) -> None:
    client.force_login(make_user(role))
    answer = client.get("/min-side/")
    if leads_to:
        assert (answer.status_code, answer["Location"]) == (302, leads_to)
    else:
        assert answer.status_code == 200
        assert answer.content.decode().count("v-card__link") == doors


@pytest.mark.parametrize(
    ("active_from", "active_to", "is_active"),
    [
        (None, None, True),
        (TODAY, None, True),
        (TODAY + DAY, None, False),
        (None, TODAY, False),
        (None, TODAY + DAY, True),
        (TODAY - DAY, TODAY, False),
        (TODAY, TODAY + DAY, True),
    ],
)
def test_from_is_included_and_until_is_not(
    active_from: dt.date | None, active_to: dt.date | None, is_active: bool
) -> None:
    Organisation.objects.create(name="A", kind="partner", active_from=active_from, active_to=active_to)
    assert Organisation.objects.all().on(TODAY).count() == int(is_active)


def test_the_table_of_types_as_it_held_on_a_day() -> None:
    SchoolGroup.objects.filter(institution_type="1015").update(valid_to=TODAY)
    SchoolGroup.objects.create(institution_type="1015", type_name="Special", group="public", valid_from=TODAY)
    groups = [SchoolGroup.objects.as_mapping(day)["1015"] for day in (TODAY - DAY, TODAY)]
    assert groups == ["not_counted", "public"]
    assert SchoolGroup.objects.as_mapping(dt.date(2023, 12, 31)) == {}


@pytest.mark.parametrize(
    ("model", "lookup", "change"),
    [
        (SchoolGroup, {"institution_type": "1015"}, {"institution_type": "1012"}),
        (SchoolGroup, {"institution_type": "1015"}, {"valid_to": dt.date(2024, 1, 1)}),
        (Administration, {"code": "BUF"}, {"code": "BIF"}),
        (Organisation, {"name": "Eksempelskolen"}, {"active_from": TODAY, "active_to": TODAY}),
        (School, {"institution_number": "280001"}, {"institution_number": "280002"}),
    ],
)
def test_what_the_database_refuses(model: Any, lookup: dict[str, Any], change: dict[str, Any]) -> None:
    make_school(number="280001")
    make_school("Anden", number="280002")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(**lookup).update(**change)


def test_the_five_administrations_of_the_goal() -> None:
    counted = Administration.objects.filter(counts_in_preparedness_goal=True).values_list("code", flat=True)
    assert sorted(counted) == ["BIF", "KFF", "SOF", "SUF", "TMF"]


@pytest.mark.parametrize("path", ["/admin/", "/admin/users/", "/admin/pages/"])
def test_a_facilitator_has_no_business_in_the_admin(client: Client, path: str) -> None:
    client.force_login(make_user("facilitator"))
    assert client.get(path).status_code == 302
    client.force_login(make_user("editor"))
    assert client.get("/admin/").status_code == 200


def test_the_menu_knows_who_is_signed_in(client: Client) -> None:
    assert 'action="/log-af/"' not in page(client, "/")
    client.force_login(make_user("facilitator"))
    html = page(client, "/")
    assert 'action="/log-af/"' in html
    assert 'href="/log-ind/"' not in html
