"""What the rows of a file do, or would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

NEW, CHANGED, UNCHANGED, ERROR = "new", "changed", "unchanged", "error"


@dataclass(frozen=True)
class Change:
    """One row: its number in the file, what it does, what it is about, and the fields as "name: old → new"."""

    number: int
    kind: str
    label: str
    details: tuple[str, ...] = ()

    @property
    def kind_name(self) -> str:
        """Return what it does, in words."""
        return {NEW: _("New"), CHANGED: _("Changed"), UNCHANGED: _("Unchanged"), ERROR: _("Wrong")}[self.kind]


@dataclass
class Preview:
    """All rows of a file, in its order."""

    changes: list[Change] = field(default_factory=list)
    passed_over: int = 0

    def add(self, number: int, kind: str, label: str, details: Sequence[str] = ()) -> None:
        """Add a row."""
        self.changes.append(Change(number, kind, label, tuple(details)))

    def count(self, kind: str) -> int:
        """Return how many rows do this."""
        return sum(1 for change in self.changes if change.kind == kind)

    @property
    def new(self) -> int:
        """Return how many rows make something."""
        return self.count(NEW)

    @property
    def changed(self) -> int:
        """Return how many rows change something."""
        return self.count(CHANGED)

    @property
    def unchanged(self) -> int:
        """Return how many rows do nothing."""
        return self.count(UNCHANGED)

    @property
    def errors(self) -> list[Change]:
        """Return the rows that are wrong."""
        return [change for change in self.changes if change.kind == ERROR]

    def shown(self, kind: str) -> list[Change]:
        """Return the rows of one kind; for all, those that are wrong come first."""
        if kind:
            return [change for change in self.changes if change.kind == kind]
        return sorted(self.changes, key=lambda change: (change.kind != ERROR, change.number))

    def as_facts(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        rows = [[change.number, change.kind, change.label, list(change.details)] for change in self.changes]
        return {"rows": rows, "passed_over": self.passed_over}

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Preview:
        """Return what `as_facts` wrote."""
        rows = [Change(number, kind, label, tuple(details)) for number, kind, label, details in facts.get("rows", [])]
        return cls(rows, facts.get("passed_over", 0))


class Outdated(Exception):
    """What the file would do now is not what was shown; `preview` is what it would do."""

    def __init__(self, preview: Preview) -> None:
        super().__init__("the preview is outdated")
        self.preview = preview


class Undo(Exception):
    """Ends the transaction of a file that was only looked through."""


def keep_or_undo(preview: Preview, *, write: bool, expected: Preview | None) -> None:
    """Decide at the end of a file's transaction. Raises Undo when nothing was to be written.

    Raises Outdated when a row is wrong, or does something else than was shown.
    """
    if not write:
        raise Undo
    said = [(change.number, change.kind) for change in expected.changes] if expected else None
    if preview.errors or said not in (None, [(change.number, change.kind) for change in preview.changes]):
        raise Outdated(preview)
