"""The outbox: one row a message to one recipient, and the timed jobs' clock."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages by what the worker may do with them."""

    def pending(self) -> Self:
        """Return those that shall leave and have not."""
        return self.filter(state=Message.State.PENDING)

    def free(self, now: dt.datetime) -> Self:
        """Return those that no worker has in hand."""
        return self.filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now))

    def due(self, now: dt.datetime) -> Self:
        """Return what may be sent at `now`, the oldest first.

        Order is kept for one recipient and one thing: a message waits while an older one is on its way, and while an
        older one that it does not overtake waits for its next try.
        """
        older = Message.objects.filter(
            thread=OuterRef("thread"),
            recipient=OuterRef("recipient"),
            pk__lt=OuterRef("pk"),
            state=Message.State.PENDING,
        ).filter(Q(leased_until__gt=now) | Q(version__gte=OuterRef("version")))
        return (
            self.pending()
            .free(now)
            .filter(send_after__lte=now)
            .filter(Q(thread="") | ~Exists(older))
            .order_by("send_after", "pk")
        )

    def undelivered(self) -> Self:
        """Return those that somebody should know of: given up, or returned by the recipient's server."""
        return self.filter(state__in=[Message.State.FAILED, Message.State.BOUNCED])


class Message(models.Model):
    """A message that shall leave. It holds no secret link: links are made when it is sent.

    `thread` and `version` order the messages about one thing: a message that a newer one has overtaken is
    superseded, never sent late (domain.md §7). `context` is emptied when the message has ended, but for one that
    could not be sent: staff may send it again. One that is of no use after `expires_at` (a sign-in code) is not sent
    then. `tried_at` is the first try, from which the days are counted after which it is given up.
    """

    class State(models.TextChoices):
        """Pending until sent; superseded, failed and bounced are ends as well."""

        PENDING = "pending", _("Waiting to be sent")
        SENT = "sent", _("Sent")
        SUPERSEDED = "superseded", _("Replaced by a newer message")
        FAILED = "failed", _("Could not be sent")
        BOUNCED = "bounced", _("Returned by the recipient's mail server")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    recipient = models.EmailField()
    language = models.CharField(max_length=10)
    context = models.JSONField(default=dict)
    thread = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField()
    send_after = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=80, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes: ClassVar = [
            models.Index(fields=["send_after", "id"], name="message_due", condition=Q(state="pending")),
            models.Index(fields=["thread", "recipient", "version"], name="message_thread", condition=~Q(thread="")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="message_sent_has_time",
                condition=Q(state__in=["sent", "bounced"], sent_at__isnull=False)
                | (~Q(state__in=["sent", "bounced"]) & Q(sent_at__isnull=True)),
            ),
        ]
        permissions: ClassVar = [
            ("manage_messages", _("Can send messages again and give them up")),
            ("read_messages", _("Can read the text of messages that have not left")),
            ("change_texts", _("Can change the texts of messages")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class Told(models.Model):
    """That something has been told once: outlives the message, and names nobody."""

    key = models.CharField(max_length=160, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class TextVersion(models.Model):
    """What staff have made of a message's text. The newest holds; an empty one is the way back to our own text."""

    key = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=150, blank=True)
    body = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("text of a message")
        verbose_name_plural = _("texts of messages")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "language", "number"], name="text_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.language} {self.number}"

    @property
    def is_default(self) -> bool:
        """Say whether it is the way back to the text that Værn comes with."""
        return not self.body


class JobRun(models.Model):
    """When a timed job is due next; claimed by row, so that several workers never run one job twice at a time."""

    name = models.CharField(max_length=60, unique=True)
    due_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
