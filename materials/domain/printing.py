"""The lesson plan as PDF: made once a version, outside of every transaction, and kept among the version's files."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from materials.choices import Role
from materials.domain.files import store
from materials.models import MaterialVersion, VersionFile

Press = Callable[[Sequence[str]], list[bytes]]
Writer = Callable[[MaterialVersion], str]
AT_ONCE = 20
NAMES = {"da": "lektionsplan.pdf"}


def versions_without_plan(limit: int = AT_ONCE) -> list[MaterialVersion]:
    """Return versions whose lesson plan is not printed yet, the oldest first; withdrawn ones are left out."""
    waiting = MaterialVersion.objects.filter(withdrawn_at=None).exclude(files__role=Role.PLAN)
    return list(waiting.select_related("material__locale").order_by("pk")[:limit])


def print_plans(*, write: Writer, press: Press, limit: int = AT_ONCE) -> int:
    """Print the lesson plans that are missing and return how many were kept.

    `write` gives a version's HTML, `press` makes PDFs of several at once. Must not be called within a transaction.
    Raises what `press` raises.
    """
    versions = versions_without_plan(limit)
    if not versions:
        return 0
    printed = press([write(version) for version in versions])
    return sum(keep_plan(version, content) for version, content in zip(versions, printed, strict=True))


def keep_plan(version: MaterialVersion, content: bytes) -> bool:
    """Keep a version's PDF; returns False when another worker was first."""
    language = version.content["page_language"]
    with override(language):
        title = _("Lesson plan")
    name = NAMES.get(language, "lesson-plan.pdf")
    stored = store(content=content, name=name, title=f"{version} · {title}", generated=True)
    if version.files.filter(name=name).exists():
        name = f"pdf-{name}"
    try:
        with transaction.atomic():
            VersionFile.objects.create(
                version=version, stored=stored, name=name, title=title, role=Role.PLAN, language=language
            )
    except IntegrityError:
        return False
    return True
