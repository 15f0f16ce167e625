"""The outbox: one row a message to one recipient, and the timed jobs' clock."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages by what the worker may do with them."""

    def due(self, now: dt.datetime) -> Self:
        """Return what may be sent at `now`: due, held by nobody, and no older one on its thread on its way."""
        on_its_way = Message.objects.filter(
            thread=OuterRef("thread"),
            recipient=OuterRef("recipient"),
            pk__lt=OuterRef("pk"),
            state=Message.State.PENDING,
            leased_until__gt=now,
        )
        return (
            self.filter(state=Message.State.PENDING, send_after__lte=now)
            .filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now))
            .exclude(Exists(on_its_way.exclude(thread="")))
            .order_by("pk")
        )


class Message(models.Model):
    """A message that shall leave. It holds no secret link: links are made when it is sent.

    `thread` and `version` order the messages about one thing: a message that a newer one has overtaken is
    superseded, never sent late (domain.md §7). `context` is emptied when the message has ended, sent or not.
    A message that is of no use after `expires_at` (a sign-in code) is not sent then.
    """

    class State(models.TextChoices):
        """Pending until sent; superseded and failed are ends as well."""

        PENDING = "pending", _("Waiting to be sent")
        SENT = "sent", _("Sent")
        SUPERSEDED = "superseded", _("Replaced by a newer message")
        FAILED = "failed", _("Could not be sent")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    recipient = models.EmailField()
    language = models.CharField(max_length=10)
    context = models.JSONField(default=dict)
    thread = models.CharField(max_length=80, blank=True, db_index=True)
    version = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField()
    send_after = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes: ClassVar = [
            models.Index(fields=["send_after", "id"], name="message_due", condition=Q(state="pending")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="message_sent_has_time",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class JobRun(models.Model):
    """When a timed job is due next; claimed by row, so that several workers never run one job twice at a time."""

    name = models.CharField(max_length=60, unique=True)
    due_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
