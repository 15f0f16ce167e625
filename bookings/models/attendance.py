"""Reported attendance: append-only; a correction supersedes and keeps the old record (domain.md §4)."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import GroupLine


class AttendanceQuerySet(models.QuerySet["AttendanceRecord"]):
    """Records by when they were known."""

    def current(self, as_of: dt.datetime | None = None) -> Self:
        """Return each line's last record: now, or as it was known at `as_of`."""
        if as_of is None:
            return self.filter(superseded_by__isnull=True)
        later = AttendanceRecord.objects.filter(supersedes=OuterRef("pk"), recorded_at__lte=as_of)
        return self.filter(recorded_at__lte=as_of).exclude(Exists(later))


class AttendanceRecord(models.Model):
    """How many of a class came, or that it did not take place. No record means: not reported."""

    class Reason(models.TextChoices):
        """Why a class's session did not take place."""

        CLASS_CANCELLED = "class", _("The class cancelled")
        FACILITATOR_AWAY = "facilitator", _("The facilitator could not come")
        NOBODY_CAME = "nobody", _("Nobody came")
        OTHER = "other", _("Something else")

    line = models.ForeignKey(GroupLine, on_delete=models.PROTECT, related_name="records", verbose_name=_("class"))
    took_place = models.BooleanField(_("took place"))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True)
    pupils_present = models.PositiveIntegerField(_("pupils present"), null=True, blank=True)
    adults_present = models.PositiveIntegerField(_("adults present"), null=True, blank=True)
    client_key = models.UUIDField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded"))
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance record")
        verbose_name_plural = _("attendance records")
        ordering: ClassVar = ["recorded_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "client_key"], name="attendance_sent_once"),
            models.UniqueConstraint(fields=["line"], condition=Q(supersedes__isnull=True), name="attendance_one_first"),
            models.CheckConstraint(
                name="attendance_numbers_or_reason",
                condition=Q(took_place=True, reason="", pupils_present__isnull=False, adults_present__isnull=False)
                | (Q(took_place=False, pupils_present__isnull=True, adults_present__isnull=True) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.pupils_present}"
