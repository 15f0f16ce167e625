"""Files of materials: kept once by their content, outside of what a web server shows, and never changed."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, ClassVar, NoReturn

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

NEVER_CHANGED = "a stored file never changes; store another one"


def private_storage() -> Storage:
    """Return where files lie that only our views hand out."""
    return storages["private"]


class StoredFile(models.Model):
    """Some bytes, known by their SHA-256. `materials.domain.files.store` writes them."""

    title = models.CharField(_("title"), max_length=120)
    file = models.FileField(_("file"), storage=private_storage, max_length=200)
    name = models.CharField(_("file name"), max_length=120)
    sha256 = models.CharField("SHA-256", max_length=64, unique=True, editable=False)
    size = models.PositiveIntegerField(_("size"), editable=False)
    generated = models.BooleanField(_("made by the site"), default=False, editable=False)
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files for materials")
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="storedfile_has_content", condition=Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.name})"

    @property
    def extension(self) -> str:
        """Return the kind of file, as "pdf"."""
        return PurePosixPath(self.name).suffix.lower().lstrip(".")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; refuse to write it a second time."""
        if not self._state.adding:
            raise TypeError(NEVER_CHANGED)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: a version that names the file must be able to give it."""
        raise TypeError(NEVER_CHANGED)
