"""Reads of versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.db.models import OuterRef, Subquery
from wagtail.models import Page

from vaern.guidance.models import PlanFile, PlanPage, PlanVersion
from vaern.guidance.plans import rules
from vaern.guidance.plans.outline import Outline, fingerprint
from vaern.guidance.plans.text import PlanText, decode


def adopted_versions(slug: str) -> list[PlanVersion]:
    """Return the adopted versions at an address, the newest first, without their text."""
    return list(PlanVersion.objects.adopted().light().filter(slug=slug))


def current_version(plan_key: UUID | str) -> PlanVersion | None:
    """Return the version in force, without its text."""
    return PlanVersion.objects.adopted().light().filter(plan_key=plan_key).first()


def frozen_text(version: PlanVersion) -> dict[str, PlanText]:
    """Return a version's text by language."""
    return decode(version.content)


def plan_at(slug: str) -> UUID | None:
    """Return the key of the plan at a page's address today, in whatever language: for old and guessed links."""
    page = PlanPage.objects.filter(slug=slug, live=True).first()
    return page.translation_key if page else None


def live_plan(plan_key: UUID | str, language: str) -> Page | None:
    """Return the plan's published page in a language."""
    found: Page | None = (
        PlanPage.objects.filter(translation_key=plan_key, live=True, locale__language_code=language)
        .exclude(Page.objects.private_q())
        .select_related("locale")
        .first()
    )
    return found


def files_of(version: PlanVersion, language: str) -> dict[tuple[str, str], PlanFile]:
    """Return a version's files in a language by kind and key."""
    return {(file.kind, file.key): file for file in PlanFile.objects.filter(version=version, language=language)}


@dataclass(frozen=True)
class FileFacts:
    """A file as a link to it tells."""

    name: str
    size: int

    @property
    def extension(self) -> str:
        """Return what kind of file it is."""
        return self.name.rsplit(".", 1)[-1]


def current_with_files(
    plan_key: UUID | str, asked: Mapping[str, tuple[str, str, str]]
) -> tuple[PlanVersion, dict[str, FileFacts | None]] | None:
    """Return the version in force and the files `asked` for by language, kind and key. One query."""
    columns: dict[str, Subquery] = {}
    for label, (language, kind, key) in asked.items():
        rows = PlanFile.objects.filter(version=OuterRef("pk"), language=language, kind=kind, key=key)
        columns |= {
            f"{label}_name": Subquery(rows.values("name")[:1]),
            f"{label}_size": Subquery(rows.values("size")[:1]),
        }
    version = PlanVersion.objects.adopted().light().filter(plan_key=plan_key).annotate(**columns).first()
    if version is None:
        return None
    names = {label: (getattr(version, f"{label}_name"), getattr(version, f"{label}_size")) for label in asked}
    return version, {label: FileFacts(name, size) if name else None for label, (name, size) in names.items()}


@dataclass(frozen=True)
class Standing:
    """How the published pages stand to the version in force."""

    version: PlanVersion
    outlines: dict[str, Outline]
    today: dt.date
    files: dict[str, FileFacts | None] = field(default_factory=dict)

    @cached_property
    def changed(self) -> bool:
        """Say whether the published pages are other than when the version was frozen."""
        return fingerprint(self.outlines) != self.version.source

    @property
    def due(self) -> rules.Due:
        """Say how near the next revision is."""
        if self.version.revision_due_on is None:
            return rules.Due.LATER
        return rules.due(self.version.revision_due_on, self.today)
