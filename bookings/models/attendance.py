"""Reported attendance: append-only; a correction supersedes and keeps the old record (domain.md §4)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import GroupLine, PersonLine
from bookings.models.session import Session
from vaern.people.models import Administration, Organisation

APPEND_ONLY = "attendance is append-only: a correction is a new record"


class WalkIn(models.Model):
    """A class or persons that came without having booked: they count toward goals and take no seats (domain.md §4).

    Never a pupil's name. The e-mail address is that of a person who has checked in at the door, or empty.
    """

    class Kind(models.TextChoices):
        """What came."""

        CLASS = "class", _("A class")
        PERSONS = "persons", _("Persons")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="walk_ins", verbose_name=_("session"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    school = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school")
    )
    school_name = models.CharField(_("school's name"), max_length=200, blank=True)
    school_key = models.CharField(max_length=210, blank=True)
    institution_type = models.CharField(
        _("institution type"), max_length=4, blank=True, help_text=_("As it was on the day of the session.")
    )
    label = models.CharField(_("class"), max_length=20, blank=True)
    label_key = models.CharField(max_length=20, blank=True)
    grade = models.PositiveSmallIntegerField(_("grade"), null=True, blank=True)
    administration = models.ForeignKey(
        Administration,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("administration"),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    client_key = models.UUIDField(unique=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("came without a booking")
        verbose_name_plural = _("came without a booking")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="walk_in_class_or_persons",
                condition=(
                    Q(kind="class", administration__isnull=True, grade__isnull=False, grade__lte=10, email="")
                    & ~Q(school_key="")
                    & ~Q(label_key="")
                )
                | Q(kind="persons", school__isnull=True, school_key="", label_key="", grade__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["session", "school_key", "label_key"], condition=Q(kind="class"), name="walk_in_class_once"
            ),
            models.UniqueConstraint("session", Lower("email"), condition=~Q(email=""), name="walk_in_person_once"),
        ]

    def __str__(self) -> str:
        return self.label or str(self.get_kind_display())

    @property
    def is_class(self) -> bool:
        """Say whether a class came."""
        return self.kind == self.Kind.CLASS


class SubstituteLink(models.Model):
    """A link to one session's roll for somebody without an account. Only the hash of its token is stored."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="substitute_links", verbose_name=_("session")
    )
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created"))
    revoked_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("link for a substitute")
        verbose_name_plural = _("links for substitutes")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return str(self.uuid)


class AttendanceQuerySet(models.QuerySet["AttendanceRecord"]):
    """Records by when they were known; they can be read and added."""

    def current(self, as_of: dt.datetime | None = None) -> Self:
        """Return each line's last record: now, or as it was known at `as_of`."""
        if as_of is None:
            return self.filter(superseded_by__isnull=True)
        later = AttendanceRecord.objects.filter(supersedes=OuterRef("pk"), recorded_at__lte=as_of)
        return self.filter(recorded_at__lte=as_of).exclude(Exists(later))

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: a record never changes."""
        raise TypeError(APPEND_ONLY)

    def delete(self) -> NoReturn:
        """Refuse: a record never goes away."""
        raise TypeError(APPEND_ONLY)


class AttendanceRecord(models.Model):
    """How many of a class came, whether a person came, or that it did not take place. No record: not reported.

    It is about exactly one of `line`, `person` and `walk_in`. Of a person `persons_present` is 1 or 0. Triggers in the
    database refuse a change (migration 0051).
    """

    class Reason(models.TextChoices):
        """Why a session did not take place."""

        CLASS_CANCELLED = "class", _("The class cancelled")
        FACILITATOR_AWAY = "facilitator", _("The facilitator could not come")
        NOBODY_CAME = "nobody", _("Nobody came")
        OTHER = "other", _("Something else")

    line = models.ForeignKey(
        GroupLine, on_delete=models.PROTECT, null=True, blank=True, related_name="records", verbose_name=_("class")
    )
    person = models.ForeignKey(
        PersonLine, on_delete=models.PROTECT, null=True, blank=True, related_name="records", verbose_name=_("person")
    )
    walk_in = models.ForeignKey(
        WalkIn,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="records",
        verbose_name=_("came without a booking"),
    )
    took_place = models.BooleanField(_("took place"))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True)
    pupils_present = models.PositiveIntegerField(_("pupils present"), null=True, blank=True)
    adults_present = models.PositiveIntegerField(_("adults present"), null=True, blank=True)
    persons_present = models.PositiveIntegerField(_("persons present"), null=True, blank=True)
    client_key = models.UUIDField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_with = models.ForeignKey(
        SubstituteLink,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded with the link"),
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
            models.UniqueConstraint(fields=["person", "client_key"], name="attendance_person_sent_once"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(supersedes__isnull=True), name="attendance_person_one_first"
            ),
            models.UniqueConstraint(fields=["walk_in", "client_key"], name="attendance_walk_in_sent_once"),
            models.UniqueConstraint(
                fields=["walk_in"], condition=Q(supersedes__isnull=True), name="attendance_walk_in_one_first"
            ),
            models.CheckConstraint(
                name="attendance_of_one",
                condition=Q(line__isnull=False, person__isnull=True, walk_in__isnull=True)
                | Q(line__isnull=True, person__isnull=False, walk_in__isnull=True)
                | Q(line__isnull=True, person__isnull=True, walk_in__isnull=False),
            ),
            models.CheckConstraint(
                name="attendance_numbers_or_reason",
                condition=Q(
                    took_place=True,
                    reason="",
                    person__isnull=True,
                    pupils_present__isnull=False,
                    adults_present__isnull=False,
                    persons_present__isnull=True,
                )
                | Q(
                    took_place=True,
                    reason="",
                    line__isnull=True,
                    pupils_present__isnull=True,
                    adults_present__isnull=True,
                    persons_present__isnull=False,
                )
                | (
                    Q(
                        took_place=False,
                        pupils_present__isnull=True,
                        adults_present__isnull=True,
                        persons_present__isnull=True,
                    )
                    & ~Q(reason="")
                ),
            ),
            models.CheckConstraint(
                name="attendance_person_is_one", condition=Q(person__isnull=True) | ~Q(persons_present__gt=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.pupils_present if self.persons_present is None else self.persons_present}"

    @property
    def subject(self) -> tuple[str, int]:
        """Return what it is about: ("line" | "person" | "walk_in", id)."""
        for name in ("line", "person", "walk_in"):
            pk: int | None = getattr(self, f"{name}_id")
            if pk is not None:
                return name, pk
        raise AssertionError("the database requires one")

    @property
    def came(self) -> bool:
        """Say whether at least one pupil or person of it came; adults with a class do not count (domain.md §4)."""
        return self.took_place and (self.pupils_present or 0) + (self.persons_present or 0) > 0

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the record; refuse to write it a second time."""
        if not self._state.adding:
            raise TypeError(APPEND_ONLY)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: a record never goes away."""
        raise TypeError(APPEND_ONLY)
