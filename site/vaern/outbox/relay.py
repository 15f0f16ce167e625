"""Sends what is due. One message at a time, at least once, always with the same Message-ID (domain.md §7)."""

from __future__ import annotations

import logging
import smtplib
from email.charset import QP, Charset
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation

from vaern.outbox.domain import claim, mark_failed, mark_sent
from vaern.outbox.models import Message
from vaern.outbox.registry import Attachment, renderer_of

log = logging.getLogger("vaern.outbox")


def send_next() -> bool:
    """Send one due message; return False when none is due. A failure is recorded and never raised."""
    message = claim(now=timezone.now())
    if message is None:
        return False
    try:
        _build(message).send()
    except (OSError, smtplib.SMTPException) as error:
        mark_failed(message=message, now=timezone.now(), error=error)
        log.warning("message not sent", extra={"mail": str(message.uuid), "error": type(error).__name__})
    except Exception as error:
        mark_failed(message=message, now=timezone.now(), error=error)
        log.exception("message could not be written", extra={"mail": str(message.uuid)})
    else:
        mark_sent(message=message, now=timezone.now())
    return True


def _build(message: Message) -> EmailMessage:
    """Write the mail in the recipient's language; secret links come into being here, outside every lock."""
    with translation.override(message.language):
        mail = renderer_of(message.kind)(message.context)
    host = urlsplit(settings.VAERN_BASE_URL).hostname or "localhost"
    email = EmailMessage(
        subject=" ".join(mail.subject.split()),
        body=mail.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.recipient],
        headers={
            "Message-ID": f"<{message.uuid}@{host}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": message.language,
        },
    )
    for attachment in mail.attachments:
        email.attach(_mime(attachment))
    return email


def _mime(attachment: Attachment) -> MIMENonMultipart:
    """Return the attachment as a MIME part whose parameters (a calendar's method) stand in its Content-Type."""
    main, sub = attachment.mimetype.split("/")
    part = MIMENonMultipart(main, sub)
    for name, value in attachment.parameters.items():
        part.set_param(name, value)
    charset = Charset("utf-8")
    charset.body_encoding = QP
    part.set_payload(attachment.content.decode("utf-8"), charset=charset)
    part.add_header("Content-Disposition", "attachment", filename=attachment.filename)
    return part


def organizer_address() -> str:
    """Return the bare address that messages come from, which is a mailbox that exists."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
