"""What the types of page are called for a reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from vaern.search.queries import Found

# Types that are one thing to a reader; all others go by their own name.
SAME = {
    "pages.homepage": "pages.articlepage",
    "courses.cataloguepage": "pages.articlepage",
}


@dataclass(frozen=True)
class Kind:
    """A choice of the filter: its key in the address, its name, how many were found."""

    key: str
    name: str
    count: int


def key_of(kind: str) -> str:
    """Return the filter's key of a type of page, "pages.articlepage" → "articlepage"."""
    return SAME.get(kind, kind).partition(".")[2]


def name_of(kind: str) -> str:
    """Return what a reader calls a type of page, in the reader's language."""
    kind = SAME.get(kind, kind)
    if kind == "pages.articlepage":
        return _("Page")
    if kind == "guidance.worriedpage":
        return _("Help and contact")
    return str(capfirst(str(apps.get_model(kind)._meta.verbose_name)))


def kinds_of(found: Iterable[Found]) -> list[Kind]:
    """Return the kinds that were found, the most frequent first."""
    counted = Counter(SAME.get(one.kind, one.kind) for one in found)
    kinds = [Kind(key_of(kind), name_of(kind), count) for kind, count in counted.items()]
    return sorted(kinds, key=lambda kind: (-kind.count, kind.name))
