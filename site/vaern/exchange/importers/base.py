"""What an importer is. One function looks a file through and takes it in, so that both decide alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise

from vaern.exchange.changes import Preview
from vaern.exchange.models import ImportBatch
from vaern.exchange.tables import Column


class Run(Protocol):
    """Reads the file and does what its rows say in one transaction; with `write` False it is undone at the end.

    Raises UnreadableFile, Outdated (nothing is written when a row is wrong or not as `expected`), or Busy.
    """

    def __call__(
        self,
        content: bytes,
        *,
        actor_id: int | None,
        write: bool,
        expected: Preview | None = None,
        batch: ImportBatch | None = None,
    ) -> Preview:
        """Return what each row does."""


@dataclass(frozen=True)
class Importer:
    """A kind of file: its columns, who may take it in (with `exchange.import_data` beside), and how."""

    key: str
    title: str | Promise
    text: str | Promise
    needs: str
    columns: Sequence[Column]
    run: Run
    warning: str | Promise = ""

    def allowed(self, user: Any) -> bool:
        """Say whether the user may take such a file in."""
        return bool(user.is_active and user.has_perm("exchange.import_data") and user.has_perm(self.needs))
