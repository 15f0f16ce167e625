"""Reads of versions, their files and their numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from materials.content import FileLine
from materials.listing import readable
from materials.models import DownloadCount, MaterialPage, MaterialVersion, VersionFile
from vaern.pages.access import closed


def versions_of(material: MaterialPage) -> list[MaterialVersion]:
    """Return all versions of a material without their content, the newest first; one query."""
    return list(material.versions.defer("content").order_by("-number"))


def file_lines(material: MaterialPage, version: MaterialVersion) -> list[FileLine]:
    """Return a version's files with their addresses, the lesson plan first; one query."""
    folder = {"en": "files"}.get(material.locale.language_code, "filer")
    base = f"{material.get_url_parts()[2]}version/{version.number}/{folder}/"
    return [
        FileLine(
            title=file.title,
            language=file.language,
            role=file.role,
            extension=file.stored.extension,
            size=file.stored.size,
            url=base + file.name,
        )
        for file in version.files.select_related("stored").order_by("order", "pk")
    ]


def public_file(material: MaterialPage, number: int, name: str) -> VersionFile | None:
    """Return a file that anybody who may read the material may fetch, or None; one query."""
    files = VersionFile.objects.select_related("stored")
    return files.filter(
        version__material=material, version__number=number, version__withdrawn_at=None, name=name
    ).first()


def materials_of_workshop(workshop: Any, language: str) -> list[MaterialPage]:
    """Return the materials that name any translation of the workshop, for readers of `language`; one query."""
    related = MaterialPage.related_workshops.rel.related_model.objects.filter(
        page=OuterRef("pk"), workshop__translation_key=workshop.translation_key
    )
    return list(
        readable(MaterialPage.objects.all(), language)
        .filter(Exists(related))
        .select_related("locale")
        .order_by("grade_from", "title")
    )


def workshops_of_material(material: MaterialPage, language: str) -> list[Any]:
    """Return the workshops of a material that can be read, each in `language` or else in Danish; one query."""
    field = MaterialPage.related_workshops.rel.related_model._meta.get_field("workshop")
    chosen = material.related_workshops.values("workshop__translation_key")
    found = field.related_model.objects.live().filter(~closed(), translation_key__in=chosen)
    wanted = found.filter(Q(locale__language_code=language) | Q(locale__language_code=settings.LANGUAGE_CODE))
    by_key: dict[Any, Any] = {}
    for page in wanted.select_related("locale").order_by("title"):
        if page.translation_key not in by_key or page.locale.language_code == language:
            by_key[page.translation_key] = page
    return sorted(by_key.values(), key=lambda page: page.title)


def downloads(*, first: dt.date | None = None, last: dt.date | None = None) -> QuerySet[DownloadCount]:
    """Return the numbers of a period, both days included."""
    found = DownloadCount.objects.all()
    if first:
        found = found.filter(day__gte=first)
    if last:
        found = found.filter(day__lte=last)
    return found


def downloads_by_material(found: QuerySet[DownloadCount]) -> dict[int, int]:
    """Return {material: downloads}; one query."""
    rows = found.values_list("file__version__material").annotate(total=Sum("count"))
    return dict(rows.order_by())


def downloads_by_file(found: QuerySet[DownloadCount], material_id: int) -> dict[int, int]:
    """Return {file: downloads} of a material; one query."""
    rows = found.filter(file__version__material=material_id).values_list("file").annotate(total=Sum("count"))
    return dict(rows.order_by())
