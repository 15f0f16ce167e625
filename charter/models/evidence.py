"""What happened, in a chain of hashes; what is personal about it stands beside, and can be erased."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from charter.frozen import FrozenModel


class Event(FrozenModel):
    """One link of the chain: `hash` covers all other columns and the hash before it.

    Events name a request or a term by its UUID and never a partner: when an unsigned request is deleted, nothing in
    the chain says whose it was. `commitments` are keyed hashes of the personal facts (`evidence.commitment`).
    """

    class Kind(models.TextChoices):
        """What can happen."""

        REQUESTED = "requested", _("Request sent")
        RESENT = "resent", _("New link sent")
        CODE_SENT = "code_sent", _("Code sent")
        CODE_WRONG = "code_wrong", _("Wrong code")
        STALE = "stale", _("Refused: the text had been replaced")
        SIGNED = "signed", _("Signed")
        TERM = "term", _("Term begun")
        DECLINED = "declined", _("Declined")
        CANCELLED = "cancelled", _("Request cancelled")
        PROPOSED = "proposed", _("Another signatory named")
        APPROVED = "approved", _("Signatory approved")
        REFUSED = "refused", _("Signatory refused")
        REMINDED = "reminded", _("Reminder sent")
        RECEIPT = "receipt", _("Receipt issued")
        WITHDRAWN = "withdrawn", _("Term withdrawn")
        ANNULLED = "annulled", _("Term annulled")
        PUBLISHED = "published", _("Text published")

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    commitments = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("event of the charter")
        verbose_name_plural = _("events of the charter")
        ordering: ClassVar = ["number"]
        indexes: ClassVar = [models.Index(fields=["subject"], name="charter_event_subject")]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class Personal(models.Model):
    """One personal fact of an event with the key of its commitment: erased together, nobody can guess it again."""

    class Name(models.TextChoices):
        """What is known."""

        NAME = "name", _("Name")
        TITLE = "title", _("Title")
        ADDRESS = "address", _("E-mail address")
        NETWORK = "network", _("Network address")
        BROWSER = "browser", _("Browser")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="personal")
    name = models.CharField(max_length=10, choices=Name.choices)
    key = models.CharField(max_length=64)
    value = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("personal fact")
        verbose_name_plural = _("personal facts")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "name"], name="charter_personal_once"),
        ]

    def __str__(self) -> str:
        return self.name
