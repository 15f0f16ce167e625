"""The kinds of files that can be taken in."""

from __future__ import annotations

from typing import Any

from vaern.exchange.importers.base import Importer
from vaern.exchange.importers.history import HISTORY
from vaern.exchange.importers.organisations import ORGANISATIONS
from vaern.exchange.importers.participants import PARTICIPANTS
from vaern.exchange.importers.sessions import SESSIONS

__all__ = ["IMPORTERS", "Importer", "importers_of"]

IMPORTERS: dict[str, Importer] = {each.key: each for each in (ORGANISATIONS, SESSIONS, HISTORY, PARTICIPANTS)}


def importers_of(user: Any) -> list[Importer]:
    """Return the kinds of files that the user may take in."""
    return [importer for importer in IMPORTERS.values() if importer.allowed(user)]
