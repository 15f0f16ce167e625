"""Append-only events. They hold no personal data: a subject is a type and a key."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

APPEND_ONLY = "audit events are append-only"


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Events can be read and added; changing or deleting them in bulk is a mistake."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: an event never changes."""
        raise TypeError(APPEND_ONLY)

    def delete(self) -> NoReturn:
        """Refuse: an event never goes away."""
        raise TypeError(APPEND_ONLY)


class AuditEvent(models.Model):
    """One change: what was done to what, by whom, with facts that identify nobody."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["subject_type", "subject_key"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_key}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the event; refuse to write it a second time.

        A deleted user is still taken out of its events: the cascade goes by the base manager, not through here.
        """
        if not self._state.adding:
            raise TypeError(APPEND_ONLY)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: an event never goes away."""
        raise TypeError(APPEND_ONLY)
