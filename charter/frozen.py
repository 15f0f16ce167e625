"""Rows that are written once: what Django refuses before the database's triggers would (migration 0002)."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

FROZEN = "what the charter's evidence rests on never changes"


class FrozenQuerySet(models.QuerySet[Any]):
    """Rows can be read and added; changing or deleting them in bulk is a mistake."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: see FROZEN."""
        raise TypeError(FROZEN)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: see FROZEN."""
        raise TypeError(FROZEN)

    def delete(self) -> NoReturn:
        """Refuse: see FROZEN."""
        raise TypeError(FROZEN)


class FrozenModel(models.Model):
    """A row that is added and then stands."""

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; refuse to write it a second time."""
        if not self._state.adding:
            raise TypeError(FROZEN)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: see FROZEN."""
        raise TypeError(FROZEN)
