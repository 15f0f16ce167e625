"""A booking and, for school classes, its group lines."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from bookings.models.session import Session
from bookings.rules import ACTIVE, SEAT_HOLDING, State
from courses.fields import ChoiceListField
from vaern.people.models import Administration, Organisation


class BookingQuerySet(models.QuerySet["Booking"]):
    """Bookings by state."""

    def active(self) -> Self:
        """Return those that are not at an end."""
        return self.filter(state__in=ACTIVE)

    def waiting(self) -> Self:
        """Return those on the waiting list, the first in line first."""
        return self.filter(state=State.WAITLISTED).order_by("queued_at", "pk")

    def holding_seats(self) -> Self:
        """Return those whose seats are taken (offered, confirmed)."""
        return self.filter(state__in=SEAT_HOLDING)


class Booking(models.Model):
    """One contact, one session, all or nothing. The secret link's token is stored as a hash only (domain.md §7)."""

    State = State

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(_("reference"), max_length=12, unique=True)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("session"))
    audience = models.CharField(_("audience"), max_length=20)
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    seats = models.PositiveIntegerField(_("seats"))

    contact_name = models.CharField(_("contact"), max_length=120)
    contact_email = models.EmailField(_("contact's e-mail"))
    contact_phone = models.CharField(_("contact's phone"), max_length=20, blank=True)
    responsible_name = models.CharField(_("adult in charge on the day"), max_length=120, blank=True)
    responsible_email = models.EmailField(_("e-mail of the adult in charge"), blank=True)
    language = models.CharField(_("language of messages"), max_length=10, default="da")

    school = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("school"),
    )
    school_name = models.CharField(
        _("school's name"), max_length=200, blank=True, help_text=_("As it was called when it booked.")
    )
    school_unlisted = models.BooleanField(_("the school is not in the register"), default=False)

    administration = models.ForeignKey(
        Administration,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("administration"),
    )
    workplace = models.CharField(_("workplace"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=120, blank=True)

    idempotency_key = models.UUIDField(unique=True)
    series_key = models.UUIDField(
        null=True, blank=True, db_index=True, help_text="The same for the bookings that were made together."
    )
    token_hash = models.CharField(max_length=64, unique=True)
    link_number = models.PositiveIntegerField(
        default=0, editable=False, help_text="How often the link has been renewed; the old ones are dead."
    )
    version = models.PositiveIntegerField(default=1)
    calendar_sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("created"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end_reason = models.CharField(_("reason"), max_length=200, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True)
    confirm_at_once = models.BooleanField(_("confirm at once when there is room"), default=False)
    passed_over = models.PositiveSmallIntegerField(_("passed over"), default=0)
    offer_expires_at = models.DateTimeField(null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering: ClassVar = ["created_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["session", "queued_at", "id"], name="booking_line", condition=Q(state="waitlisted")),
            models.Index(fields=["offer_expires_at"], name="booking_offers", condition=Q(state="offered")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="booking_has_a_seat", condition=Q(seats__gte=1)),
            models.CheckConstraint(
                name="booking_offer_has_an_end",
                condition=Q(state=State.OFFERED, offer_expires_at__isnull=False)
                | (~Q(state=State.OFFERED) & Q(offer_expires_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="booking_ended_has_time",
                condition=Q(state__in=sorted(ACTIVE), ended_at__isnull=True)
                | (~Q(state__in=sorted(ACTIVE)) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="booking_class_has_a_school",
                condition=~Q(audience="class")
                | Q(school__isnull=False)
                | (Q(school_unlisted=True) & ~Q(school_name="")),
            ),
            models.CheckConstraint(
                name="booking_staff_has_an_administration",
                condition=Q(audience="staff", administration__isnull=False)
                | (~Q(audience="staff") & Q(administration__isnull=True)),
            ),
            models.CheckConstraint(
                name="booking_confirmed_has_time",
                condition=~Q(state=State.CONFIRMED) | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_waits_since",
                condition=~Q(state=State.WAITLISTED) | Q(queued_at__isnull=False),
            ),
            models.UniqueConstraint(
                "session",
                Lower("contact_email"),
                condition=Q(state__in=sorted(ACTIVE)) & ~Q(audience="class") & ~Q(contact_email=""),
                name="booking_person_once_a_session",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_active(self) -> bool:
        """Say whether the booking is not at an end."""
        return self.state in ACTIVE

    @property
    def is_of_classes(self) -> bool:
        """Say whether it is made of classes (`lines`), and not of persons (`people`)."""
        return self.audience == "class"


class ClassFields(models.Model):
    """A class in a booking or in a request for a visit: label, grade, and pupils and adults as two numbers.

    Never a pupil's name (domain.md §3).
    """

    # About the room, not about persons (danish-context.md §3.2).
    NEEDS: ClassVar = [
        ("step_free", _("Step-free access")),
        ("hearing_loop", _("Hearing loop")),
        ("large_screen", _("Large screen")),
        ("quiet_room", _("A quiet room nearby")),
    ]

    label = models.CharField(_("class"), max_length=20)
    label_key = models.CharField(max_length=20)
    grade = models.PositiveSmallIntegerField(_("grade"))
    pupils = models.PositiveIntegerField(_("pupils"))
    adults = models.PositiveIntegerField(_("adults"))
    needs = ChoiceListField(_("needs"), options=NEEDS, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def need_names(self) -> list[str]:
        """Return the chosen needs in the reader's language."""
        return [str(name) for key, name in self.NEEDS if key in self.needs]


class GroupLine(ClassFields):
    """One class of a booking."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="lines", verbose_name=_("booking"))
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="lines", verbose_name=_("session"))
    active = models.BooleanField(default=True, help_text="Follows the booking's state, for the constraint below.")
    school_key = models.CharField(
        max_length=210, help_text="Institution number, or the folded name of an unlisted school."
    )
    institution_type = models.CharField(
        _("institution type"), max_length=4, blank=True, help_text=_("As it was on the day of booking.")
    )

    class Meta:
        verbose_name = _("class of a booking")
        verbose_name_plural = _("classes of bookings")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "school_key", "label_key"],
                condition=Q(active=True),
                name="group_line_class_once_a_session",
            ),
            models.CheckConstraint(name="group_line_grade", condition=Q(grade__lte=10)),
            models.CheckConstraint(name="group_line_has_pupils", condition=Q(pupils__gte=1)),
        ]


class PersonLine(models.Model):
    """One person of a parents' or staff booking. The first is the one who booked, when that person takes part.

    A colleague or a second adult may be known by no name yet: the seat is there, and a name can be written on it later.
    Never a child (domain.md §3).
    """

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="people", verbose_name=_("booking"))
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="people", verbose_name=_("session"))
    active = models.BooleanField(default=True, help_text="Follows the booking's state, for the constraint below.")
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    class Meta:
        verbose_name = _("person of a booking")
        verbose_name_plural = _("persons of bookings")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "session",
                Lower("email"),
                condition=Q(active=True) & ~Q(email=""),
                name="person_line_once_a_session",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)


class Overtaking(models.Model):
    """Why somebody on the waiting list was passed over, and by whom: told to staff, kept for good (domain.md I5)."""

    class Reason(models.TextChoices):
        """What let the other go first."""

        TOO_LARGE = "too_large", _("There was not room for the one who waited, but for the other")
        CLOSING = "closing", _("Registration closes within seven days, so places go to whoever fits")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="overtakings")
    passed = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="passed_by")
    by = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="overtook")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    wanted = models.PositiveIntegerField(_("places wanted"))
    taken = models.PositiveIntegerField(_("places taken"))
    free = models.PositiveIntegerField(_("places free"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("overtaking on the waiting list")
        verbose_name_plural = _("overtakings on the waiting list")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.by} > {self.passed}"
