"""A workshop's dated session (afholdelse)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.fields import HttpsURLField
from courses.models import WorkshopPage
from vaern.design.formats import COPENHAGEN
from vaern.people.models import Organisation


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions by what a reader may see."""

    def upcoming(self, now: dt.datetime) -> Self:
        """Return the planned sessions that start after `now`, soonest first."""
        return self.filter(status=Session.Status.PLANNED, starts_at__gt=now).order_by("starts_at", "pk")

    def announced(self, now: dt.datetime) -> Self:
        """Return the sessions that start after `now` as readers were told of them: planned or cancelled."""
        return self.exclude(status=Session.Status.HELD).filter(starts_at__gt=now).order_by("starts_at", "pk")

    def listed(self) -> Self:
        """Return those that the workshop's page may show."""
        return self.filter(visibility=Session.Visibility.PUBLIC)

    def of_workshops(self, keys: list[uuid.UUID]) -> Self:
        """Return the sessions of these workshops, whichever language's page they hang on (by translation key)."""
        return self.filter(workshop__translation_key__in=keys)


class Session(models.Model):
    """One date of a workshop. `seats_taken` is written by `bookings.domain.seats` alone (domain.md I1, I9)."""

    class Unit(models.TextChoices):
        """What a seat is."""

        PEOPLE = "people", _("People")
        GROUPS = "groups", _("Groups")

    class WaitingRule(models.TextChoices):
        """How the waiting list moves."""

        BOUNDED_BYPASS = "bounded", _("Whoever fits, but nobody is passed over more than three times")
        STRICT = "strict", _("Strictly in order")
        NONE = "none", _("No waiting list")

    class Visibility(models.TextChoices):
        """Who finds it."""

        PUBLIC = "public", _("Public")
        LINK = "link", _("Only by link")

    class Status(models.TextChoices):
        """Held follows from reported attendance; nobody sets it by hand."""

        PLANNED = "planned", _("Planned")
        CANCELLED = "cancelled", _("Cancelled")
        HELD = "held", _("Held")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workshop = models.ForeignKey(
        WorkshopPage, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("workshop")
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True, help_text=_("Empty: at the school that books."))
    district = models.CharField(
        _("district"),
        max_length=40,
        choices=Organisation.District.choices,
        blank=True,
        help_text=_("Where the place is, so that schools can find dates near them. Empty: at the school that books."),
    )
    online_link = HttpsURLField(_("link for taking part online"), blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=[("da", _("Danish")), ("en", _("English"))], default="da"
    )
    capacity = models.PositiveIntegerField(
        _("capacity"), null=True, blank=True, help_text=_("Empty: no limit. 0: full at once.")
    )
    capacity_unit = models.CharField(_("capacity counts"), max_length=10, choices=Unit.choices, default=Unit.PEOPLE)
    opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("registration closes"), null=True, blank=True, help_text=_("Empty: when the session starts.")
    )
    cancel_until = models.DateTimeField(
        _("cancellation deadline"), null=True, blank=True, help_text=_("Empty: when the session starts.")
    )
    approval_needed = models.BooleanField(_("a coordinator approves each booking"), default=False)
    waiting_rule = models.CharField(
        _("waiting list"), max_length=10, choices=WaitingRule.choices, default=WaitingRule.NONE
    )
    visibility = models.CharField(_("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC)
    facilitators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="sessions", blank=True, verbose_name=_("facilitators")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    cancel_reason = models.CharField(_("reason for cancelling"), max_length=200, blank=True)
    seats_taken = models.PositiveIntegerField(_("seats taken"), default=0, editable=False)
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)
    announced_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering: ClassVar = ["starts_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["starts_at", "status"], name="session_by_start"),
            # The catalogue's cards ask for the coming dates of two dozen workshops.
            models.Index(
                fields=["workshop", "starts_at"],
                name="session_public_dates",
                condition=Q(status="planned", visibility="public"),
            ),
        ]
        permissions: ClassVar = [
            ("report_own_attendance", _("Can report attendance of own sessions")),
            ("report_any_attendance", _("Can report attendance of every session")),
            ("manage_bookings", _("Can see and change every booking")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="session_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The session must end after it starts."),
            ),
            models.CheckConstraint(
                name="session_seats_within_capacity",
                condition=Q(capacity__isnull=True) | Q(seats_taken__lte=F("capacity")),
                violation_error_message=_("There cannot be fewer places than are taken already."),
            ),
            models.CheckConstraint(
                name="session_opens_before_closing",
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(opens_at__lt=F("closes_at")),
                violation_error_message=_("Registration must open before it closes."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workshop.title} {timezone.localtime(self.starts_at, COPENHAGEN):%Y-%m-%d %H:%M}"

    @property
    def free(self) -> int | None:
        """Return the number of free seats, or None when there is no limit."""
        return None if self.capacity is None else max(self.capacity - self.seats_taken, 0)

    def place_for(self, schools: Iterable[str] = ()) -> str:
        """Return where it is held: its own place, online, or at the schools that have booked; empty when nobody has."""
        if self.place:
            return self.place
        return str(_("Online")) if self.online_link else ", ".join(dict.fromkeys(schools))

    @property
    def booking_ends_at(self) -> dt.datetime:
        """Return when registration closes: its own time, never after the start."""
        return min(self.closes_at, self.starts_at) if self.closes_at else self.starts_at

    @property
    def cancel_ends_at(self) -> dt.datetime:
        """Return until when the booker may cancel: its own time, never after the start."""
        return min(self.cancel_until, self.starts_at) if self.cancel_until else self.starts_at
