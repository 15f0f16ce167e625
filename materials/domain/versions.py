"""Publishing, withdrawing and bringing back versions of a material."""

from __future__ import annotations

import datetime as dt
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction
from wagtail.models import Page

from materials.content import digest, snapshot
from materials.domain.files import safe_name, verify
from materials.models import MaterialPage, MaterialVersion, VersionFile
from vaern.audit.domain import record


class NothingToDo(Exception):
    """The version is withdrawn already, or was not."""


def publish_version(*, material_id: int, now: dt.datetime, actor_id: int | None = None) -> MaterialVersion:
    """Freeze what the live material says, with its files, as its next version; returns that version.

    Nothing is written when the newest version says the same, has the same files and is not withdrawn. Raises
    MaterialPage.DoesNotExist, and FileChanged when a file is not what was uploaded.
    """
    page = MaterialPage.objects.select_related("locale").get(pk=material_id)
    content, files = snapshot(page), _files(page)
    for facts in files:
        verify(facts["stored"])
    said = digest(content, [_told(facts) for facts in files])
    with transaction.atomic():
        _lock(material_id)
        newest = MaterialVersion.objects.filter(material_id=material_id).order_by("-number").first()
        if newest is not None and newest.digest == said and newest.withdrawn_at is None:
            return newest
        MaterialVersion.objects.filter(material_id=material_id, is_current=True).update(is_current=False)
        version = MaterialVersion.objects.create(
            material_id=material_id,
            number=newest.number + 1 if newest else 1,
            content=content.as_data(),
            digest=said,
            published_at=now,
        )
        VersionFile.objects.bulk_create(VersionFile(version=version, **facts) for facts in files)
        _record("published", version, actor_id)
    return version


def withdraw(*, version_id: int, reason: str, now: dt.datetime, actor_id: int | None = None) -> None:
    """Take a version back: its address says so and why, and nobody gets its files.

    The newest of the other versions becomes the current one; without any, the material is withdrawn.
    Raises NothingToDo.
    """
    with transaction.atomic():
        version = _locked(version_id)
        if version.withdrawn_at is not None:
            raise NothingToDo
        MaterialVersion.objects.filter(pk=version_id).update(
            is_current=False, withdrawn_at=now, withdrawn_reason=reason
        )
        _make_newest_current(version.material_id)
        _record("withdrawn", version, actor_id)


def bring_back(*, version_id: int, actor_id: int | None = None) -> None:
    """Undo a withdrawal. Raises NothingToDo."""
    with transaction.atomic():
        version = _locked(version_id)
        if version.withdrawn_at is None:
            raise NothingToDo
        MaterialVersion.objects.filter(pk=version_id).update(withdrawn_at=None, withdrawn_reason="")
        _make_newest_current(version.material_id)
        _record("brought_back", version, actor_id)


def _files(page: MaterialPage) -> list[dict[str, Any]]:
    """Return the facts of the files that a version of the page has, each under a name of its own."""
    taken: set[str] = set()
    files = []
    for order, attachment in enumerate(page.attachments.select_related("stored").order_by("sort_order", "pk"), start=1):
        stored = attachment.stored
        name = _free_name(safe_name(attachment.title + ".x", stored.extension), taken)
        taken.add(name)
        files.append(
            {
                "stored": stored,
                "order": order,
                "name": name,
                "title": attachment.title,
                "role": attachment.role,
                "language": attachment.language,
            }
        )
    return files


def _free_name(name: str, taken: set[str]) -> str:
    path, number = PurePosixPath(name), 2
    while name in taken:
        name, number = f"{path.stem}-{number}{path.suffix}", number + 1
    return name


def _told(facts: dict[str, Any]) -> tuple[str, ...]:
    return (facts["name"], facts["title"], str(facts["role"]), str(facts["language"]), facts["stored"].sha256)


def _lock(material_id: int) -> None:
    """Let one transaction at a time number and choose versions (SQLite: the transaction is immediate)."""
    Page.objects.select_for_update(no_key=True).only("pk").get(pk=material_id)


def _locked(version_id: int) -> MaterialVersion:
    material_id = MaterialVersion.objects.values_list("material_id", flat=True).get(pk=version_id)
    _lock(material_id)
    return MaterialVersion.objects.get(pk=version_id)


def _make_newest_current(material_id: int) -> None:
    versions = MaterialVersion.objects.filter(material_id=material_id)
    newest = versions.filter(withdrawn_at=None).order_by("-number").first()
    versions.filter(is_current=True).update(is_current=False)
    if newest is not None:
        versions.filter(pk=newest.pk).update(is_current=True)


def _record(what: str, version: MaterialVersion, actor_id: int | None) -> None:
    record(
        action=f"material.{what}",
        subject_type="materialversion",
        subject_key=str(version.pk),
        actor_id=actor_id,
        material=version.material_id,
        number=version.number,
    )
