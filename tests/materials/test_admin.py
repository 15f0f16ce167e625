"""What editors do: minutes that must add up, files, downloads, and withdrawing."""

from __future__ import annotations

import datetime as dt
import html as html_module
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from materials.domain.counting import count_download
from materials.models import MaterialPage, MaterialVersion, MaterialWorkshop, StoredFile, VersionFile
from tests.factories.courses import make_workshop
from tests.factories.materials import make_file, make_listing, make_material, republish, steps
from tests.factories.people import make_user
from tests.factories.texts import page, said

pytestmark = pytest.mark.usefixtures("site", "clock")


@pytest.fixture
def editor() -> Client:
    client = Client()
    client.force_login(make_user("editor"))
    return client


def nested(name: str, blocks: list[tuple[str, int]]) -> dict[str, Any]:
    """A stream of steps as the form sends it."""
    sent: dict[str, Any] = {f"{name}-count": len(blocks)}
    for index, (title, minutes) in enumerate(blocks):
        start = f"{name}-{index}"
        sent |= {
            f"{start}-deleted": "",
            f"{start}-order": index,
            f"{start}-type": "step",
            f"{start}-id": "",
            f"{start}-value-title": title,
            f"{start}-value-minutes": minutes,
            f"{start}-value-text": '{"blocks":[{"key":"a","text":"I par.","type":"unstyled","depth":0,'
            '"inlineStyleRanges":[],"entityRanges":[]}],"entityMap":{}}',
        }
    return sent


def form(blocks: list[tuple[str, int]], **changes: Any) -> dict[str, Any]:
    """The editor's form of a material."""
    formsets = {}
    for name in ("attachments", "related_workshops", "comments"):
        formsets |= {f"{name}-TOTAL_FORMS": 0, f"{name}-INITIAL_FORMS": 0}
    rich = '{"blocks":[],"entityMap":{}}'
    return {
        "title": "Et materiale",
        "slug": "et-materiale",
        "intro": "Kort.",
        "audience": "teachers",
        "lessons": 1,
        "format": "lesson",
        "language": "da",
        "licence": "cc-by-4.0",
        "publisher": "Københavns Kommune",
        "teacher_guide": rich,
        "goals-count": 0,
        **nested("steps", blocks),
        **formsets,
        **changes,
    }


def save(client: Client, blocks: list[tuple[str, int]], *, publish: bool, **changes: Any) -> Any:
    listing = make_listing()
    url = reverse("wagtailadmin_pages:add", args=["materials", "materialpage", listing.pk])
    action = {"action-publish": "action-publish"} if publish else {}
    return client.post(url, form(blocks, **changes) | action, follow=True)


def text_of(answer: Any) -> str:
    return html_module.unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("sent", "live", "warned"),
    [
        ((45, "", True), [True], False),
        ((30, "", True), [True], True),
        ((60, "", True), [], True),
        ((60, "Pausen er med.", True), [True], True),
        ((60, "", False), [False], True),
        ((45, "", False), [False], False),
    ],
)
def test_minutes_must_add_up(editor: Client, sent: tuple[int, str, bool], live: list[bool], warned: bool) -> None:
    minutes, reason, publish = sent
    answer = save(editor, [("Trin", minutes)], publish=publish, minutes_reason=reason)
    assert list(MaterialPage.objects.values_list("live", flat=True)) == live
    assert (f"Trinnene tager {minutes} minutter" in text_of(answer)) is warned
    assert MaterialVersion.objects.count() == sum(live)


def test_publishing_in_bulk_asks_the_same(editor: Client) -> None:
    long, fits = make_material(publish=False), make_material(publish=False)
    long.steps = steps(("For langt", 60))
    long.save_revision()
    fits.save_revision()
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    for material in (long, fits):
        answer = editor.post(f"{url}?id={material.pk}&next=/admin/", {"confirm": "yes"}, follow=True)
        assert ("Trinnene tager 60 minutter" in text_of(answer)) is (material == long)
    assert list(MaterialPage.objects.order_by("pk").values_list("live", flat=True)) == [False, True]


# -- files ------------------------------------------------------------------------------------------------


def upload(client: Client, name: str, content: bytes) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("material_files:add"), {"title": "Et ark", "upload": file}, follow=True)


def test_an_editor_uploads_a_file_and_gets_it_back(editor: Client) -> None:
    upload(editor, "Mit ark.pdf", b"%PDF-1.7 ark")
    stored = StoredFile.objects.get()
    assert (stored.title, stored.name, stored.size) == ("Et ark", "mit-ark.pdf", 12)
    answer = editor.get(reverse("material_files:fetch", args=[stored.pk]))
    assert (b"".join(answer), answer.headers["Content-Disposition"]) == (
        b"%PDF-1.7 ark",
        'attachment; filename="mit-ark.pdf"',
    )
    assert "Et ark" in page(editor, reverse("material_files:index"))


@pytest.mark.parametrize(("name", "content"), [("ark.exe", b"MZ"), ("ark.pdf", b"<html>"), ("ark.docx", b"PK\x03\x04")])
def test_a_file_of_another_kind_is_refused_in_words(editor: Client, name: str, content: bytes) -> None:
    answer = upload(editor, name, content)
    assert StoredFile.objects.count() == 0
    text = text_of(answer)
    assert any(start in text for start in ("Den slags fil kan ikke bruges.", "Filen er ikke det, navnet siger"))


def test_a_file_is_chosen_or_uploaded_on_the_material(editor: Client) -> None:
    stored = make_file("Ark")
    generated = make_file("%PDF")
    StoredFile.objects.filter(pk=generated.pk).update(generated=True)
    html = editor.get(reverse("material_file_chooser:choose")).json()["html"]
    assert f"/{stored.pk}/" in html
    assert f"/{generated.pk}/" not in html
    assert 'enctype="multipart/form-data"' in html
    data = {"title": "Nyt ark", "upload": SimpleUploadedFile("nyt.txt", b"Nyt")}
    answer = editor.post(reverse("material_file_chooser:create"), data)
    assert answer.json()["step"] == "chosen"
    assert sorted(StoredFile.objects.values_list("title", flat=True)) == ["Nyt ark", "ark.txt", "ark.txt"]


@pytest.mark.parametrize("name", ["material_files:index", "material_files:add", "material_versions:index"])
def test_only_editors_get_in(name: str) -> None:
    client = Client()
    assert client.get(reverse(name)).status_code == 302
    client.force_login(make_user("coordinator"))
    assert client.get(reverse(name)).status_code == 302


def test_the_editors_form_opens_with_its_files_and_workshops(editor: Client) -> None:
    stored = make_file("Ark")
    material = make_material(files=[stored])
    workshop = MaterialWorkshop(workshop=make_workshop("Workshoppen"))
    republish(material, related_workshops=[workshop], goals=[("goal", {"text": "Et mål", "framework": "", "area": ""})])
    html = page(editor, reverse("wagtailadmin_pages:edit", args=[material.pk]))
    assert stored.title in html
    assert "Workshoppen" in html
    page(editor, reverse("wagtailadmin_pages:add", args=["materials", "materialpage", make_listing().pk]))


# -- report and withdrawal --------------------------------------------------------------------------------


@pytest.fixture
def counted() -> MaterialPage:
    """A material in two versions: 3 downloads of the first today and 4 last week, 2 of the second."""
    material = make_material("Talt", files=[make_file()])
    republish(material, title="Talt, ny")
    today = timezone.localdate()
    for number, day, times in ((1, today, 3), (1, today - dt.timedelta(days=7), 4), (2, today, 2)):
        file = VersionFile.objects.get(version__number=number)
        for _ in range(times):
            count_download(file_id=file.pk, day=day)
    return MaterialPage.objects.get(pk=material.pk)


@pytest.mark.parametrize(
    ("period", "total"),
    [
        ({}, 9),
        ({"first": "23.11.2026"}, 5),
        ({"last": "22.11.2026"}, 4),
        ({"first": "24.11.2026"}, 0),
        ({"first": "x"}, 9),
    ],
)
def test_the_report_counts_a_period(editor: Client, counted: MaterialPage, period: dict[str, str], total: int) -> None:
    html = page(editor, reverse("material_versions:inspect", args=[counted.pk]), **period)
    assert f"Hentet {total} gange i perioden" in html
    assert html.count('<section aria-labelledby="version-') == 2


@pytest.mark.parametrize("materials", [1, 3, 30])
def test_the_list_of_materials_reads_the_same(editor: Client, materials: int, django_assert_num_queries: Any) -> None:
    for _ in range(materials):
        make_material()
    url = reverse("material_versions:index")
    page(editor, url)
    with django_assert_num_queries(LIST_QUERIES):
        page(editor, url)


LIST_QUERIES = 15


def test_the_list_tells_version_and_downloads(editor: Client, counted: MaterialPage) -> None:
    url = reverse("material_versions:index")
    html = page(editor, url)
    assert "2 (23. november 2026)" in html
    assert ">\n    9\n" in html or "9</td>" in html.replace(" ", "").replace("\n", "")
    html = page(editor, url, period_from="2026-11-23", period_to="2026-11-23")
    assert "5</td>" in html.replace(" ", "").replace("\n", "")


def test_an_editor_withdraws_a_version_and_brings_it_back(editor: Client, counted: MaterialPage) -> None:
    version = counted.versions.get(number=1)
    url = reverse("material_versions:withdraw", args=[version.pk])
    assert "Træk versionen tilbage" in page(editor, url)
    answer = editor.post(url, {"reason": ""})
    assert (answer.status_code, counted.versions.filter(withdrawn_at=None).count()) == (200, 2)
    answer = editor.post(url, {"reason": "En kilde var forkert."}, follow=True)
    assert said("The version is withdrawn.") in text_of(answer)
    assert page(Client(), counted.url + "version/1/", 410).count("En kilde var forkert.") == 1
    answer = editor.post(url, {"reason": "Igen"}, follow=True)
    assert said("That had been done already.") in text_of(answer)
    editor.post(reverse("material_versions:bring_back", args=[version.pk]))
    page(Client(), counted.url + "version/1/")


def test_others_cannot_withdraw(counted: MaterialPage) -> None:
    client = Client()
    client.force_login(make_user("coordinator"))
    url = reverse("material_versions:withdraw", args=[counted.versions.first().pk])
    assert client.post(url, {"reason": "Nej"}).status_code == 302
    assert counted.versions.filter(withdrawn_at=None).count() == 2
