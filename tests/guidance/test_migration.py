"""What stood in pages becomes records: the data migration, on pages and revisions as they were before it."""

from __future__ import annotations

import datetime as dt
import json
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from tests.factories.guidance import worried_page
from vaern.guidance.models import Contact, WorriedPage

pytestmark = pytest.mark.usefixtures("site", "clock")
migration = import_module("vaern.guidance.migrations.0011_contacts_from_pages")
BODY = WorriedPage._meta.get_field("body")


def block(name: str, phone: str = "41 74 90 90", checked_on: str | None = None, **words: str) -> dict[str, Any]:
    """A contact as a page held it."""
    value = {"name": name, "phone": phone, "hours": "", "what_happens": "", "anonymous": "", "checked_on": checked_on}
    return {"type": "contact", "value": value | words, "id": f"id-{name}"}


SECTION = {"type": "section", "value": {"heading": "H", "text": "<p>T</p>"}, "id": "s"}


def write(language: str, *blocks: dict[str, Any]) -> WorriedPage:
    """Put a body into a page and into a draft of it, past today's blocks."""
    page = worried_page(language)
    body = json.dumps(list(blocks))
    revision = page.save_revision()
    revision.content["body"] = body
    revision.save()
    WorriedPage.objects.filter(pk=page.pk).update(body=BODY.to_python(body))
    return WorriedPage.objects.get(pk=page.pk)


def raw(language: str) -> tuple[list[Any], list[Any]]:
    """The body of the page and of its draft, as the database has them."""
    page = worried_page(language)
    return migration.as_list(BODY.get_prep_value(page.body)), json.loads(page.latest_revision.content["body"])


def test_the_same_number_in_two_languages_becomes_one_record() -> None:
    write("da", block("Hotline", hours="Alle dage", checked_on="2026-05-01"), SECTION, block("Alarm", phone="112"))
    write("en", block("The hotline", "+45 41749090", hours="Every day", checked_on="2026-04-01"))
    migration.to_records(apps, None)
    hotline, alarm = Contact.objects.order_by("pk")
    assert (hotline.phone, hotline.name_da, hotline.name_en) == ("+4541749090", "Hotline", "The hotline")
    assert (hotline.hours_da, hotline.hours_en) == ("Alle dage", "Every day")
    assert (hotline.last_checked_on, hotline.unverified, hotline.acute) == (dt.date(2026, 4, 1), False, False)
    assert (alarm.phone, alarm.unverified, alarm.acute, alarm.position) == ("112", True, True, 2)
    expected = [{**block("Hotline"), "value": hotline.pk}, SECTION, {**block("Alarm"), "value": alarm.pk}]
    assert raw("da") == (expected, expected)
    assert [child.value for child in worried_page().body if child.block_type == "contact"] == [hotline, alarm]


def test_two_names_at_one_number_stay_two() -> None:
    write("da", block("Dag"), block("Nat"))
    migration.to_records(apps, None)
    assert list(Contact.objects.order_by("pk").values_list("name_da", flat=True)) == ["Dag", "Nat"]


def test_running_it_again_changes_nothing_and_it_can_be_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    # The real migration runs on historical models, which the search index does not follow.
    monkeypatch.setattr("vaern.search.watch.index_page", lambda page: None)
    before = [block("Hotline", phone="114", hours="Altid", checked_on="2026-05-01"), SECTION]
    write("da", *before)
    migration.to_records(apps, None)
    once = raw("da")
    migration.to_records(apps, None)
    assert (raw("da"), Contact.objects.count()) == (once, 1)
    migration.to_words(apps, None)
    assert raw("da") == (before, before)
