"""The mail backend of the demo: keeps each mail where the page "Demo-postkasse" shows it."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from vaern.demo.models import DemoMail


class DemoMailboxBackend(BaseEmailBackend):
    """Writes mails to the database and sends nothing."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each mail once for each recipient; return the number of mails."""
        for email in email_messages:
            raw = email.message()
            DemoMail.objects.bulk_create(
                DemoMail(
                    message_id=raw["Message-ID"],
                    recipient=recipient,
                    subject=str(email.subject),
                    body=str(email.body),
                    raw=raw.as_bytes(),
                )
                for recipient in email.recipients()
            )
        return len(email_messages)
