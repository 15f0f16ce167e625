"""The materials a municipality begins with: complete in both languages, written once, never over an editor's change."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from xml.etree import ElementTree

import pytest
from django.test import Client

from materials.models import MaterialPage, MaterialsPage, MaterialVersion, StoredFile, VersionFile
from materials.rules import Fit
from tests.factories.courses import make_workshop
from tests.factories.texts import page
from vaern.demo.materials import load_second_version
from vaern.setup.starter.materials import load_materials

pytestmark = pytest.mark.usefixtures("site", "clock")
MATERIALS = 10
FILLED_IN = ("intro", "preparation", "differentiation", "teacher_guide", "accessibility", "sensitivity", "care")
ENGLISH = "/en/materials/the-group-chat/"


def test_every_material_is_whole_in_both_languages(client: Client) -> None:
    workshop = make_workshop("Når chatten gør ondt")
    workshop.slug = "naar-chatten-goer-ondt"
    workshop.save()
    load_materials()
    assert Counter(MaterialPage.objects.values_list("locale__language_code", flat=True)) == {
        "da": MATERIALS,
        "en": MATERIALS,
    }
    for material in MaterialPage.objects.select_related("locale"):
        assert material.plan.fit is Fit.EXACT, material.title
        for name in (
            "intro",
            "preparation",
            "differentiation",
            "teacher_guide",
            "accessibility",
            "sensitivity",
            "care",
        ):
            assert getattr(material, name), (material.title, name)
        assert material.versions.get().files.filter(language=material.locale.language_code).exists()
        assert len(material.goals) >= 1
    grades = MaterialPage.objects.filter(locale__language_code="da", audience="teachers")
    covered = {grade for each in grades for grade in range(each.grade_from, each.grade_to + 1)}
    assert covered == set(range(11))
    assert set(grades.filter(related_workshops__workshop=workshop).values_list("slug", flat=True)) == {
        "gruppechatten",
        "mine-steder-paa-nettet",
    }
    english = page(client, "/en/materials/")
    assert "10 materials" in english
    assert re.findall(r'lang="da"[^>]*><a class="v-card__link"', english) == []


def test_sheets_are_word_files_with_headings_and_a_language() -> None:
    load_materials()
    file = VersionFile.objects.get(name="detective-sheet.docx")
    with file.stored.file.open("rb") as handle, zipfile.ZipFile(handle) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for content in parts.values():
        ElementTree.fromstring(content)  # noqa: S314 - our own file
    assert '<w:pStyle w:val="Heading1"/>' in parts["word/document.xml"]
    assert "Who made it?" in parts["word/document.xml"]
    assert 'w:val="en-GB"' in parts["word/styles.xml"]


def test_loading_again_adds_nothing_and_keeps_what_was_changed() -> None:
    load_materials()
    changed = MaterialPage.objects.get(slug="gruppechatten")
    changed.title = "Vores egen titel"
    changed.save_revision().publish()
    before = [model.objects.count() for model in (MaterialPage, MaterialsPage, MaterialVersion, StoredFile)]
    load_materials()
    assert [model.objects.count() for model in (MaterialPage, MaterialsPage, MaterialVersion, StoredFile)] == before
    assert MaterialPage.objects.get(slug="gruppechatten").title == "Vores egen titel"


def test_the_demo_has_one_material_in_a_second_version(client: Client) -> None:
    load_materials()
    load_second_version()
    load_second_version()
    for slug, path in (
        ("gruppechatten", "/materialer/gruppechatten/"),
        ("the-group-chat", "/en/materials/the-group-chat/"),
    ):
        assert MaterialPage.objects.get(slug=slug).versions.count() == 2
        page(client, f"{path}version/1/")
    assert MaterialVersion.objects.count() == 2 * MATERIALS + 2
