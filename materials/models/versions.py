"""What has been published: versions, their files, and how often those were fetched."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from materials.choices import Language, Role
from materials.models.files import StoredFile
from materials.models.pages import MaterialPage

FROZEN = "a published version never changes; publish another one"


class MaterialVersion(models.Model):
    """A material as it was published: its content as data, and a digest of that and of its files.

    Only `is_current` and the withdrawal change, by the verbs of `materials.domain.versions`.
    """

    material = models.ForeignKey(MaterialPage, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    digest = models.CharField("SHA-256", max_length=64)
    published_at = models.DateTimeField(_("published"))
    is_current = models.BooleanField(_("current"), default=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("version of a material")
        verbose_name_plural = _("versions of materials")
        ordering: ClassVar = ["material", "-number"]
        permissions: ClassVar = [("withdraw_material", "Can withdraw versions of materials")]
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_version_a_number", fields=["material", "number"]),
            models.UniqueConstraint(name="one_current_version", fields=["material"], condition=Q(is_current=True)),
            models.CheckConstraint(
                name="withdrawn_is_not_current", condition=Q(is_current=False) | Q(withdrawn_at__isnull=True)
            ),
            models.CheckConstraint(
                name="withdrawn_with_a_reason",
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.content.get('title', '')} · {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the version; refuse to write it a second time."""
        if not self._state.adding:
            raise TypeError(FROZEN)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: somebody may have linked to it."""
        raise TypeError(FROZEN)


class VersionFile(models.Model):
    """A file of one version, under the name it is fetched by."""

    version = models.ForeignKey(MaterialVersion, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("file name"), max_length=120)
    title = models.CharField(_("title"), max_length=120)
    role = models.CharField(_("kind"), max_length=20, choices=Role.choices)
    language = models.CharField(_("language"), max_length=10, choices=Language.choices)

    class Meta:
        verbose_name = _("file of a version")
        verbose_name_plural = _("files of a version")
        ordering: ClassVar = ["version", "order", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_file_a_name", fields=["version", "name"]),
            models.UniqueConstraint(name="one_plan_a_version", fields=["version"], condition=Q(role=Role.PLAN)),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; refuse to write it a second time."""
        if not self._state.adding:
            raise TypeError(FROZEN)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse, as for its version."""
        raise TypeError(FROZEN)


class DownloadCount(models.Model):
    """How often a file was fetched on a day. Nothing else about it is kept."""

    file = models.ForeignKey(VersionFile, on_delete=models.PROTECT, related_name="counts")
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("downloads"), default=0)

    class Meta:
        verbose_name = _("downloads of a day")
        verbose_name_plural = _("downloads by day")
        constraints: ClassVar = [models.UniqueConstraint(name="one_count_a_day", fields=["file", "day"])]

    def __str__(self) -> str:
        return f"{self.file_id} {self.day}: {self.count}"
