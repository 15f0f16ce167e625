"""Publishing freezes, old versions stay, and what is withdrawn or private cannot be read by address."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from materials.domain.files import FileChanged, FileRefused, store
from materials.domain.versions import NothingToDo, bring_back, publish_version, withdraw
from materials.models import DownloadCount, MaterialPage, MaterialVersion, StoredFile, VersionFile
from tests.factories.materials import make_file, make_listing, make_material, republish, steps
from tests.factories.people import make_user
from tests.factories.texts import page, said
from vaern.audit.models import AuditEvent

pytestmark = pytest.mark.usefixtures("site", "clock")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def path_of(material: MaterialPage, rest: str = "") -> str:
    return f"{material.get_url_parts()[2]}{rest}"


def file_path(material: MaterialPage, number: int = 1, name: str = "ark-1.txt") -> str:
    return path_of(material, f"version/{number}/filer/{name}")


def versions(material: MaterialPage) -> list[tuple[int, bool]]:
    return list(material.versions.order_by("number").values_list("number", "is_current"))


def fetch(path: str, client: Client | None = None, **headers: str) -> Any:
    """The answer, read to its end, which closes the file."""
    answer = (client or Client()).get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer.body = b"".join(answer) if answer.streaming else answer.content
    return answer


def status(path: str, client: Client | None = None) -> int:
    return fetch(path, client).status_code


def statuses(*paths: str, client: Client | None = None) -> list[int]:
    return [status(path, client) for path in paths]


def take_back(material: MaterialPage, number: int) -> None:
    version = material.versions.get(number=number)
    withdraw(version_id=version.pk, reason="En kilde var forkert.", now=timezone.now())


# -- publishing -------------------------------------------------------------------------------------------


def test_publishing_freezes_content_and_files(client: Client) -> None:
    material = make_material("Første titel", files=[make_file("Første ark")])
    republish(material, title="Anden titel", attachments=[])
    assert versions(material) == [(1, False), (2, True)]
    assert "<h1>Første titel</h1>" in page(client, path_of(material, "version/1/"))
    assert "<h1>Anden titel</h1>" in page(client, path_of(material, "version/2/"))
    assert "<h1>Anden titel</h1>" in page(client, path_of(material))
    assert fetch(file_path(material, 1)).body == "Første ark".encode()
    assert status(file_path(material, 2)) == 404
    kept = VersionFile.objects.get()
    assert kept.stored.sha256 == hashlib.sha256("Første ark".encode()).hexdigest()


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({}, 1),
        ({"whats_new": "Rettelser"}, 1),
        ({"seo_title": "Noget andet"}, 1),
        ({"title": "Nyt"}, 2),
        ({"lessons": 2}, 2),
        ({"steps": steps(("Andet", 45))}, 2),
    ],
)
def test_only_what_readers_see_makes_a_version(changes: dict[str, Any], count: int) -> None:
    material = make_material()
    republish(material, **changes)
    assert material.versions.count() == count


def test_a_draft_changes_nothing_for_readers(client: Client) -> None:
    material = make_material("Udgivet")
    material.title = "Kladden"
    material.attachments = [type(material.attachments.model())(stored=make_file("Hemmeligt"), title="Ark 1")]
    material.save_revision()
    html = page(client, path_of(material))
    assert "Kladden" not in html
    assert "<h1>Udgivet</h1>" in html
    assert status(file_path(material)) == 404
    assert versions(material) == [(1, True)]


def test_a_version_set_for_later_is_nothing_until_then(client: Client, clock: Any) -> None:
    material = make_material("I dag", files=[make_file("Fra i morgen")], publish=False)
    material.go_live_at = timezone.now() + dt.timedelta(days=1)
    material.save_revision(approved_go_live_at=material.go_live_at)
    MaterialPage.objects.get(pk=material.pk).get_latest_revision().publish()
    assert [status(path) for path in (path_of(material), path_of(material, "version/1/"), file_path(material))] == [
        404
    ] * 3
    clock.shift(dt.timedelta(days=2))
    call_command("publish_scheduled")
    assert [status(path) for path in (path_of(material), path_of(material, "version/1/"), file_path(material))] == [
        200
    ] * 3


def test_unpublished_and_published_again(client: Client) -> None:
    material = make_material(files=[make_file()])
    paths = [
        path_of(material),
        path_of(material, "version/1/"),
        path_of(material, "version/1/udskriv/"),
        file_path(material),
    ]
    assert statuses(*paths) == [200] * 4
    MaterialPage.objects.get(pk=material.pk).unpublish()
    assert statuses(*paths) == [404] * 4
    republish(material)
    assert statuses(*paths) == [200] * 4
    assert versions(material) == [(1, True)]


@pytest.mark.parametrize("where", ["material", "list"])
def test_a_private_material_asks_for_sign_in_at_every_address(where: str) -> None:
    material = make_material("Kun for os", files=[make_file()])
    republish(material, title="Kun for os, ny")
    paths = [
        path_of(material),
        path_of(material, "version/1/"),
        path_of(material, "version/1/udskriv/"),
        path_of(material, "version/2/"),
        file_path(material, 1),
        file_path(material, 2),
    ]
    assert statuses(*paths) == [200] * 6
    restricted = material if where == "material" else make_listing()
    PageViewRestriction.objects.create(page=restricted, restriction_type="login")
    assert statuses(*paths) == [302] * 6
    assert DownloadCount.objects.count() == 0
    member = Client()
    member.force_login(make_user())
    assert statuses(*paths, client=member) == [200] * 6


def test_files_are_in_no_public_place() -> None:
    make_material(files=[make_file("Hemmeligt ark")])
    stored = StoredFile.objects.get()
    assert [status(f"{start}{stored.file.name}") for start in ("/media/", "/dokumenter/", "/static/", "/")] == [404] * 4
    assert [status(f"/dokumenter/{stored.pk}/{stored.name}"), status(f"/media/{stored.name}")] == [404] * 2


def test_the_database_keeps_one_current_version() -> None:
    material = make_material()
    facts = {"material": material, "content": {}, "digest": "x", "published_at": timezone.now()}
    for number in (1, 2):
        with pytest.raises(IntegrityError), transaction.atomic():
            MaterialVersion.objects.create(number=number, **facts)
    MaterialVersion.objects.create(number=2, is_current=False, **facts)


def test_versions_and_files_are_never_changed() -> None:
    material = make_material(files=[make_file()])
    for row in (material.versions.get(), VersionFile.objects.get(), StoredFile.objects.get()):
        with pytest.raises(TypeError):
            row.save()
        with pytest.raises(TypeError):
            row.delete()


def test_a_file_that_is_not_what_was_uploaded_is_not_published() -> None:
    material = make_material(files=[make_file("Rigtigt")], publish=False)
    path = StoredFile.objects.get().file.path
    with open(path, "w") as handle:
        handle.write("Byttet")
    with pytest.raises(FileChanged):
        publish_version(material_id=material.pk, now=timezone.now())
    assert MaterialVersion.objects.count() == 0
    with open(path, "w") as handle:
        handle.write("Rigtigt")
    publish_version(material_id=material.pk, now=timezone.now())
    assert versions(material) == [(1, True)]


def test_publishing_is_recorded_without_content() -> None:
    material = make_material("Titel")
    (event,) = AuditEvent.objects.filter(action="material.published")
    assert event.facts == {"material": material.pk, "number": 1}


def test_two_files_with_the_same_title_get_names_of_their_own() -> None:
    material = make_material(files=[make_file("a"), make_file("b")])
    attachments = list(material.attachments.all())
    for attachment in attachments:
        attachment.title = "Ærø / øvelse"
    material.attachments = attachments
    material.save_revision().publish()
    names = VersionFile.objects.filter(version__number=2).values_list("name", flat=True)
    assert list(names) == ["aeroe-oevelse.txt", "aeroe-oevelse-2.txt"]


# -- withdrawing ------------------------------------------------------------------------------------------


def test_a_withdrawn_version_says_so_and_gives_no_file(client: Client) -> None:
    material = make_material("Første", files=[make_file()])
    republish(material, title="Anden")
    take_back(material, 1)
    for path in (path_of(material, "version/1/"), path_of(material, "version/1/udskriv/"), file_path(material, 1)):
        html = page(client, path, 410)
        assert said("This version has been withdrawn") in html
        assert "En kilde var forkert." in html
        assert "Første" not in html
    assert "<h1>Anden</h1>" in page(client, path_of(material))
    assert status(file_path(material, 2)) == 200


def test_the_version_before_takes_over_and_steps_back_again(client: Client) -> None:
    material = make_material("Første")
    republish(material, title="Anden")
    take_back(material, 2)
    assert versions(material) == [(1, True), (2, False)]
    html = page(client, path_of(material))
    assert "<h1>Første</h1>" in html
    assert said("A newer version exists") not in html
    bring_back(version_id=material.versions.get(number=2).pk)
    assert versions(material) == [(1, False), (2, True)]
    with pytest.raises(NothingToDo):
        bring_back(version_id=material.versions.get(number=2).pk)


def test_without_any_version_the_material_is_withdrawn(client: Client) -> None:
    material = make_material("Det hele", files=[make_file()])
    take_back(material, 1)
    html = page(client, path_of(material), 410)
    assert said("This material has been withdrawn") in html
    assert "Det hele" not in page(client, "/materialer/")
    assert material.get_sitemap_urls() == []
    with pytest.raises(NothingToDo):
        take_back(material, 1)
    republish(material)
    assert versions(material) == [(1, False), (2, True)]
    assert "Det hele" in page(client, "/materialer/")
    assert status(file_path(material, 1)) == 410


# -- addresses --------------------------------------------------------------------------------------------


def test_an_old_version_names_the_newer_one(client: Client) -> None:
    material = make_material()
    newer = said("A newer version exists")
    assert newer not in page(client, path_of(material, "version/1/"))
    republish(material, title="Nyere")
    html = page(client, path_of(material, "version/1/"))
    assert newer in html
    assert f'href="{material.url}"' in html
    assert '<meta name="robots" content="noindex">' in html
    assert newer not in page(client, path_of(material, "version/2/"))
    assert newer in page(client, path_of(material, "version/1/udskriv/"))


@pytest.mark.parametrize(
    "rest",
    [
        "version/",
        "version/0/",
        "version/2/",
        "version/01/",
        "version/-1/",
        "version/99999999999999999999/",
        "version/1/andet/",
        "version/1/filer/",
        "version/1/filer/findes-ikke.txt",
        "version/1/filer/../1/filer/ark-1.txt",
        "version/1/filer/%2e%2e",
        "version/2/filer/ark-1.txt",
        "andet/",
    ],
)
def test_other_addresses_are_not_found(rest: str) -> None:
    assert status(path_of(make_material(files=[make_file()]), rest)) == 404


def test_a_material_with_versions_is_kept(client: Client) -> None:
    published, draft = make_material(), make_material(publish=False)
    client.force_login(make_user("editor"))
    for material, left in ((published, 1), (draft, 0)):
        client.post(f"/admin/pages/{material.pk}/delete/")
        assert MaterialPage.objects.filter(pk=material.pk).count() == left


# -- files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ark.exe", b"MZ"),
        ("ark.html", b"<script>"),
        ("ark", b"tekst"),
        ("ark.pdf", b"<html>"),
        ("ark.pdf", b"%PDF-1.7 /JavaScript (x)"),
        ("ark.docx", b"PK\x03\x04 not a zip"),
        ("ark.docx", b"%PDF-1.7"),
        ("ark.txt", b"a\x00b"),
        ("ark.txt", b""),
    ],
)
def test_other_kinds_of_files_are_refused(name: str, content: bytes) -> None:
    with pytest.raises(FileRefused):
        store(content=content, name=name, title="Ark")
    assert StoredFile.objects.count() == 0


def test_the_same_bytes_are_stored_once() -> None:
    first = store(content=b"%PDF-1.7 ark", name="Ærø ark.PDF", title="Et")
    assert first == store(content=b"%PDF-1.7 ark", name="andet.pdf", title="To")
    assert (first.name, first.size) == ("aeroe-ark.pdf", 12)


def test_a_file_is_a_download_that_the_browser_may_not_guess_about() -> None:
    material = make_material(files=[make_file("Æble")])
    answer = fetch(file_path(material))
    assert {
        name: answer.headers[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options")
    } == {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Disposition": 'attachment; filename="ark-1.txt"',
        "X-Content-Type-Options": "nosniff",
    }
    assert answer.headers["ETag"] == f'"{StoredFile.objects.get().sha256}"'
    again = fetch(file_path(material), If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.body) == (304, b"")


# -- counting ---------------------------------------------------------------------------------------------


def counts() -> list[tuple[str, int]]:
    return list(DownloadCount.objects.order_by("day").values_list("day", "count"))


def test_downloads_are_counted_by_version_file_and_day(clock: Any) -> None:
    material = make_material(files=[make_file()])
    republish(material, title="Nyere")
    reader = Client(headers={"User-Agent": FIREFOX})
    today = timezone.localdate()
    for _ in range(3):
        fetch(file_path(material, 1), reader)
    fetch(file_path(material, 2), reader)
    clock.shift(dt.timedelta(days=1))
    fetch(file_path(material, 1), reader)
    rows = DownloadCount.objects.order_by("file__version__number", "day")
    assert list(rows.values_list("file__version__number", "day", "count")) == [
        (1, today, 3),
        (1, today + dt.timedelta(days=1), 1),
        (2, today, 1),
    ]
    assert sorted(field.name for field in DownloadCount._meta.fields) == ["count", "day", "file", "id"]


def test_what_is_no_download_by_a_reader_is_not_counted() -> None:
    material = make_material(files=[make_file()])
    path = file_path(material)
    reader = Client(headers={"User-Agent": FIREFOX})
    etag = fetch(path).headers["ETag"]
    head = reader.head(path)
    assert (head.content, head.headers["Content-Length"], head.headers["ETag"]) == (b"", "7", etag)
    fetch(path, reader, If_None_Match=etag)
    fetch(path, reader, Range="bytes=100-")
    fetch(path, Client(headers={"User-Agent": "Googlebot/2.1"}))
    editor = Client(headers={"User-Agent": FIREFOX})
    editor.force_login(make_user("editor"))
    fetch(path, editor)
    assert counts() == []
    teacher = Client(headers={"User-Agent": FIREFOX})
    teacher.force_login(make_user("facilitator"))
    fetch(path, teacher)
    fetch(path, reader)
    assert [count for _day, count in counts()] == [2]


def test_a_database_that_cannot_count_costs_no_reader_the_file(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def locked(*_args: Any) -> bool:
        raise OperationalError("database is locked")

    material = make_material(files=[make_file("Ark")])
    monkeypatch.setattr("materials.domain.counting._add_one", locked)
    answer = fetch(file_path(material), Client(headers={"User-Agent": FIREFOX}))
    assert (answer.status_code, answer.body) == (200, b"Ark")
    assert "was not counted" in caplog.text
