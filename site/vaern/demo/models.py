"""What the demo's mailbox holds."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone


class DemoMail(models.Model):
    """A mail that would have left, as it was."""

    sent_at = models.DateTimeField(default=timezone.now)
    message_id = models.CharField(max_length=200)
    recipient = models.EmailField()
    subject = models.CharField(max_length=400)
    body = models.TextField()
    raw = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.subject
