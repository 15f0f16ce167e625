"""A wish for a visit: a class asks for times of its own, and a coordinator answers (domain.md §3)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings.models.booking import Booking, ClassFields
from courses.models import WorkshopPage
from vaern.people.models import Organisation


class VisitRequest(models.Model):
    """One class or more ask for a visit on one of up to three times. Accepted, it has a booking of its own session."""

    class State(models.TextChoices):
        """Open until answered; the last three are ends."""

        OPEN = "open", _("Waiting for an answer")
        PROPOSED = "proposed", _("Another time is proposed")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("visit", "Withdrawn")

    ANSWERABLE: ClassVar = (State.OPEN, State.PROPOSED)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(_("reference"), max_length=12, unique=True)
    workshop = models.ForeignKey(
        WorkshopPage, on_delete=models.PROTECT, related_name="visit_requests", verbose_name=_("workshop")
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)

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
        related_name="visit_requests",
        verbose_name=_("school"),
    )
    school_name = models.CharField(_("school's name"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True, help_text=_("Empty: at the school."))

    proposed_starts_at = models.DateTimeField(_("proposed start"), null=True, blank=True)
    proposed_ends_at = models.DateTimeField(_("proposed end"), null=True, blank=True)
    proposed_facilitators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name=_("facilitators")
    )
    proposals_refused = models.PositiveSmallIntegerField(_("proposals the school could not use"), default=0)
    answer_text = models.CharField(_("answer"), max_length=200, blank=True)
    booking = models.OneToOneField(
        Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="visit_request"
    )

    idempotency_key = models.UUIDField(unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("request for a visit")
        verbose_name_plural = _("requests for visits")
        ordering: ClassVar = ["created_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="visit_accepted_has_a_booking",
                condition=Q(state="accepted", booking__isnull=False) | (~Q(state="accepted") & Q(booking__isnull=True)),
            ),
            models.CheckConstraint(
                name="visit_proposal_has_a_time",
                condition=Q(
                    state="proposed",
                    proposed_starts_at__isnull=False,
                    proposed_ends_at__isnull=False,
                    proposed_ends_at__gt=F("proposed_starts_at"),
                )
                | (~Q(state="proposed") & Q(proposed_starts_at__isnull=True, proposed_ends_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="visit_has_a_school",
                condition=Q(school__isnull=False) | ~Q(school_name=""),
            ),
            models.CheckConstraint(
                name="visit_declined_has_a_reason",
                condition=~Q(state="declined") | ~Q(answer_text=""),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Say whether somebody can still answer it."""
        return self.state in self.ANSWERABLE


class VisitWish(models.Model):
    """One of the times that would suit the school."""

    MOST: ClassVar = 3

    request = models.ForeignKey(VisitRequest, on_delete=models.CASCADE, related_name="wishes")
    number = models.PositiveSmallIntegerField(_("number"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))

    class Meta:
        verbose_name = _("wished time")
        verbose_name_plural = _("wished times")
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "number"], name="visit_wish_once"),
            models.UniqueConstraint(fields=["request", "starts_at"], name="visit_wish_another_time"),
            models.CheckConstraint(name="visit_wish_up_to_three", condition=Q(number__gte=1, number__lte=3)),
            models.CheckConstraint(name="visit_wish_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}.{self.number}"


class VisitGroup(ClassFields):
    """One class that asks for the visit."""

    request = models.ForeignKey(VisitRequest, on_delete=models.CASCADE, related_name="groups")

    class Meta:
        verbose_name = _("class of a request")
        verbose_name_plural = _("classes of requests")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "label_key"], name="visit_group_once"),
            models.CheckConstraint(name="visit_group_grade", condition=Q(grade__lte=10)),
            models.CheckConstraint(name="visit_group_has_pupils", condition=Q(pupils__gte=1)),
        ]
