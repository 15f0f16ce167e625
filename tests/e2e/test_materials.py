"""A teacher finds a material and fetches its sheet; the pages are accessible and valid in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from courses.models import Subject
from materials.domain.printing import print_plans
from materials.domain.versions import withdraw
from materials.models import DownloadCount, MaterialPage, MaterialWorkshop
from materials.printout import plan_html
from tests.e2e.conftest import OpenPage
from tests.e2e.test_accessibility import both_widths
from tests.e2e.test_html import save, validate
from tests.e2e.world import World
from tests.factories.materials import make_file, make_listing, make_material, republish, steps

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

FULL: dict[str, Any] = {
    "goals": [("goal", {"text": "At kunne spørge.", "framework": "Fælles Mål, dansk, efter 6. klasse", "area": ""})],
    "preparation": "Læs kortene.\n\nTag ét ud.",
    "preparation_minutes": 10,
    "needs": "Kort\nSaks",
    "steps": steps(("En meget lang overskrift om noget, der skal kunne stå på en lille telefon", 60)),
    "minutes_reason": "Pausen er med.",
    "differentiation": "To niveauer.",
    "teacher_guide": "<p>Lyt.</p><ul><li>Spørg</li></ul>",
    "accessibility": "Kan læses højt.",
    "sensitivity": "Elever, der er holdt udenfor.",
    "care": "Tal sammen bagefter.",
}


def make_content(world: World) -> dict[str, MaterialPage]:
    """A material with everything, in both languages and two versions, and others around it."""
    subject = Subject.objects.get(key="samfundsfag")
    made = {}
    for language, title in (("da", "Hvem vælger det, du ser?"), ("en", "Who chooses what you see?")):
        material = make_material(
            title,
            language=language,
            of=made.get("da"),
            files=[make_file("Ark"), make_file("Andet ark", name="ark2.txt")],
            grade_from=4,
            grade_to=6,
            **FULL,
        )
        workshop = MaterialWorkshop(workshop=world.workshop)
        made[language] = republish(material, subjects=[subject], related_workshops=[workshop], whats_new="Nyt ark.")
        made[language] = republish(made[language], intro="Kort om det hele.")
    make_material("Kun på dansk", grade_from=0, grade_to=3)
    gone = make_material("Trukket tilbage")
    withdraw(version_id=gone.versions.get().pk, reason="En kilde var forkert.", now=timezone.now())
    for number in range(25):
        make_material(f"Materiale {number}", grade_from=8, grade_to=9)
    print_plans(write=plan_html, press=lambda pages: [b"%PDF-1.7 " + page.encode() for page in pages], limit=100)
    return {**made, "gone": gone}


def paths(made: dict[str, MaterialPage]) -> dict[str, str]:
    """Name and path of every kind of page, in both languages."""
    danish, english = made["da"].url, made["en"].url
    return {
        "list": "/materialer/",
        "list, filtered": "/materialer/?grade=5&subject=samfundsfag&format=lesson",
        "list, last page": "/materialer/?page=2",
        "list, nothing found": "/materialer/?q=findesikke",
        "list in English": "/en/materials/?sort=title",
        "material": danish,
        "material in English": english,
        "old version": f"{danish}version/1/",
        "old version in English": f"{english}version/1/",
        "print": f"{danish}version/2/udskriv/",
        "print in English": f"{english}version/2/print/",
        "print of an old version": f"{danish}version/1/udskriv/",
    }


def test_a_teacher_finds_a_material_and_its_sheet_without_script(world: World, open_page: OpenPage) -> None:
    make_content(world)
    page = open_page(width=390, script=False)
    page.goto(world.url + "/materialer/")
    page.select_option("[name=grade]", "5")
    page.select_option("[name=subject]", "samfundsfag")
    page.click("main form.v-filters button[type=submit]")
    assert page.locator(".v-card__link").all_inner_texts() == ["Hvem vælger det, du ser?"]
    page.click(".v-card__link")
    with page.expect_download() as fetching:
        page.click("text=Ark 1")
    assert Path(fetching.value.path()).read_text() == "Ark"
    assert fetching.value.suggested_filename == "ark-1.txt"
    page.click("text=Version 1,")
    page.click(".alert a")
    assert page.url.startswith(world.url + "/materialer/materiale-")
    assert "version" not in page.url
    # Chromium without a window calls itself "HeadlessChrome", which is a program.
    assert DownloadCount.objects.count() == 0


def test_pages_are_accessible_and_valid(world: World, open_page: OpenPage, clean_console: Any, tmp_path: Path) -> None:
    make_listing("en")
    made = make_content(world)
    page, client, found = open_page(), Client(), []
    for name, path in paths(made).items():
        page.goto(world.url + path)
        found += both_widths(page, name)
        save(tmp_path, name, client.get(path).content)
    clean_console.expected = {410}
    page.goto(world.url + made["gone"].url)
    found += both_widths(page, "withdrawn")
    save(tmp_path, "withdrawn", client.get(made["gone"].url).content)
    assert found == []
    assert validate(tmp_path) == []
