"""A request to sign, and the secret link of each who is to sign it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charter.models.partners import Partner, Signatory
from charter.models.texts import CharterText


class Request(models.Model):
    """One partner is asked to sign one text; when all have signed that must, it gives a term."""

    class State(models.TextChoices):
        """Open, or how it ended."""

        OPEN = "open", _("In progress")
        SIGNED = "signed", _("Signed")
        DECLINED = "declined", _("Declined")
        CANCELLED = "cancelled", _("Cancelled")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="requests", verbose_name=_("partner"))
    text = models.ForeignKey(CharterText, on_delete=models.PROTECT, related_name="+", verbose_name=_("text"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(_("sent at"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("request to sign")
        verbose_name_plural = _("requests to sign")
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partner"], condition=Q(state="open"), name="charter_one_open_request"),
            models.CheckConstraint(
                name="charter_request_end_known",
                condition=Q(state="open", ended_at__isnull=True) | (~Q(state="open") & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.partner)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Links to sign."""

    def with_whole(self) -> Self:
        """Read with them whom and what they are about."""
        return self.select_related("request__partner__organisation", "request__text", "signatory")


class Invitation(models.Model):
    """One signatory's link, of which only the hash is kept, and the code that confirms the signature."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="invitations")
    signatory = models.ForeignKey(Signatory, on_delete=models.PROTECT, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    link_number = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(_("link expires at"))
    code_hash = models.CharField(max_length=64, blank=True)
    code_number = models.PositiveIntegerField(default=0)
    code_sent_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to sign")
        verbose_name_plural = _("links to sign")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "signatory"], name="charter_invited_once"),
        ]

    def __str__(self) -> str:
        return str(self.signatory)

    @property
    def is_standing(self) -> bool:
        """Say whether there is something to sign, and this person is to sign it, be the link old or new."""
        return self.request.state == Request.State.OPEN and self.signatory.state == Signatory.State.ACTIVE

    def is_usable(self, now: dt.datetime) -> bool:
        """Say whether the link opens something at `now`: the one rule for pages and verbs."""
        return self.is_standing and self.expires_at > now
