"""Files on their way in or out. A file lives a day; what was done is in the audit log."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.models import Session


class Progress(models.TextChoices):
    """How far a file has come."""

    WAITING = "waiting", _("Waiting")
    WORKING = "working", _("Being made")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")


class ExportFile(models.Model):
    """A file that somebody has ordered; made by the worker when it is large. Only who ordered it fetches it."""

    State = Progress

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    dataset = models.CharField(max_length=40)
    form = models.CharField(max_length=10)
    filters = models.JSONField(default=dict)
    language = models.CharField(max_length=10, default="da")
    state = models.CharField(max_length=10, choices=Progress.choices, default=Progress.WAITING)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    ordered_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        verbose_name = _("exported file")
        verbose_name_plural = _("exported files")
        ordering: ClassVar = ["-ordered_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "ordered_at"], name="export_in_line")]
        permissions: ClassVar = [
            ("export_own_administration", _("Can export the sign-ups of the own administration")),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.form}"

    @property
    def percent(self) -> int:
        """Return how much of it is made."""
        return 100 if self.state == Progress.DONE else min(99, self.rows_done * 100 // max(self.rows_total, 1))


class ExportPart(models.Model):
    """A piece of a file, in the database: that is the one place which all servers share, and no web server serves."""

    export = models.ForeignKey(ExportFile, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["export", "number"], name="export_part_once")]

    def __str__(self) -> str:
        return f"{self.export_id}.{self.number}"


class ImportBatch(models.Model):
    """A file that somebody has sent: looked through first, then taken in as a whole or not at all."""

    class State(models.TextChoices):
        """Looked through, waiting for the worker, being taken in, taken in, or refused."""

        SEEN = "seen", _("Looked through")
        WAITING = "waiting", _("Waiting")
        WORKING = "working", _("Being taken in")
        DONE = "done", _("Taken in")
        FAILED = "failed", _("Not taken in")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    preview = models.JSONField(default=dict)  # what each row does, as it was shown
    state = models.CharField(max_length=10, choices=State.choices, default=State.SEEN)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")
        ordering: ClassVar = ["-sent_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "sent_at"], name="import_in_line")]
        permissions: ClassVar = [("import_data", _("Can take in files"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def percent(self) -> int:
        """Return how much of it is taken in."""
        return 100 if self.state == self.State.DONE else min(99, self.rows_done * 100 // max(self.rows_total, 1))


class ImportedSession(models.Model):
    """Marks a session of the past that came from a file, and which."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, primary_key=True, related_name="imported")
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, null=True, related_name="sessions")

    class Meta:
        verbose_name = _("imported session")
        verbose_name_plural = _("imported sessions")

    def __str__(self) -> str:
        return str(self.session_id)
