"""`setup_site` makes an installation, and running it again repairs without overwriting."""

from __future__ import annotations

from collections import Counter

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from wagtail.models import Locale, Page, Site

from courses.models import CataloguePage
from tests.factories.people import make_user
from tests.factories.texts import page
from vaern.goals.models import Goal, GoalYear
from vaern.guidance.models import WorriedPage
from vaern.pages.models import HomePage
from vaern.people.models import Administration, SchoolGroup
from vaern.people.roles import COORDINATOR, ROLES

pytestmark = pytest.mark.usefixtures("site", "clock")


def rows() -> Counter[str]:
    return Counter(
        {model._meta.label: model._base_manager.count() for model in apps.get_models() if model._meta.managed}
    )


def test_running_it_again_adds_nothing() -> None:
    before = rows()
    call_command("setup_site", verbosity=0)
    assert rows() == before


def test_it_says_that_all_is_in_place(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("setup_site")
    assert capsys.readouterr().out == "Roles, reference data and first pages are in place.\n"


def test_a_new_installation_answers_in_both_languages(client: Client) -> None:
    for path in ("/", "/en/", "/workshops/", "/en/workshops/", "/er-du-bekymret/", "/en/are-you-worried/", "/maal/"):
        page(client, path)
    assert Site.objects.get().root_page.specific == HomePage.objects.get(locale__language_code="da")
    assert sorted(Locale.objects.values_list("language_code", flat=True)) == ["da", "en"]
    for model in (HomePage, CataloguePage, WorriedPage):
        danish, english = model.objects.order_by("locale__language_code")
        assert danish.translation_key == english.translation_key


def test_what_the_action_plan_asks_for() -> None:
    goals = GoalYear.objects.order_by("goal__pk", "year").values_list("goal__key", "year", "low", "high")
    assert list(goals) == [
        *(("elever-folkeskole", year, 4000, None) for year in (2024, 2025, 2026)),
        *(("elever-fri-og-privatskole", year, 800, None) for year in (2024, 2025, 2026)),
    ]
    counted = SchoolGroup.objects.exclude(group="not_counted").values_list("institution_type", "group")
    assert sorted(counted) == [("1012", "public"), ("1013", "private")]
    assert Administration.objects.count() == 6


def test_what_staff_have_changed_stays() -> None:
    GoalYear.objects.filter(year=2026).update(low=4500)
    Goal.objects.update(title_da="Ændret")
    SchoolGroup.objects.filter(institution_type="1015").update(group="public")
    home = HomePage.objects.get(locale__language_code="da")
    home.title = "Ny titel"
    home.save_revision().publish()
    call_command("setup_site", verbosity=0)
    assert set(GoalYear.objects.filter(year=2026).values_list("low", flat=True)) == {4500}
    assert set(Goal.objects.values_list("title_da", flat=True)) == {"Ændret"}
    assert SchoolGroup.objects.get(institution_type="1015").group == "public"
    assert HomePage.objects.get(locale__language_code="da").title == "Ny titel"


def test_a_role_that_was_tampered_with_is_repaired() -> None:
    user = make_user(COORDINATOR)
    group = Group.objects.get(name=ROLES[COORDINATOR].name)
    group.permissions.add(Permission.objects.get(codename="delete_user", content_type__app_label="people"))
    group.permissions.remove(Permission.objects.get(codename="manage_bookings"))
    call_command("setup_site", verbosity=0)
    assert user.has_perm("bookings.manage_bookings")
    assert not user.has_perm("people.delete_user")
    assert sorted(Group.objects.values_list("name", flat=True)) == sorted(role.name for role in ROLES.values())


def test_a_missing_page_is_made_anew() -> None:
    Page.objects.filter(pk__in=WorriedPage.objects.values("pk")).first().specific.delete()
    WorriedPage.objects.all().delete()
    call_command("setup_site", verbosity=0)
    assert sorted(WorriedPage.objects.values_list("slug", flat=True)) == ["are-you-worried", "er-du-bekymret"]
