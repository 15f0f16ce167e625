"""Sends what is due: at least once, always with the same Message-ID, over one connection a batch (domain.md §7)."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone, translation

from vaern.outbox.domain import BATCH, claim_batch, keep, mark_failed, mark_sent, release
from vaern.outbox.models import Message
from vaern.outbox.registry import Attachment, Mail, renderer_of
from vaern.outbox.texts import html_of

log = logging.getLogger("vaern.outbox")


def send_next() -> bool:
    """Send one due message; return False when none is due. A failure is recorded and never raised."""
    return send_batch(size=1) > 0


def send_batch(*, size: int = BATCH, stop: Callable[[], bool] = lambda: False) -> int:
    """Send up to `size` due messages and return how many were tried. Once `stop` says so, the rest is given back."""
    messages = claim_batch(now=timezone.now(), size=size)
    connection = get_connection() if messages else None
    tried = 0
    try:
        for message in messages:
            if stop():
                release(message=message)
            elif tried == 0 or keep(message=message, now=timezone.now()):
                _send(message, connection)
                tried += 1
    finally:
        _close(connection)
    return tried


def _send(message: Message, connection: Any) -> None:
    """Try to send one message and record how it went."""
    try:
        email = _build(message)
        email.connection = connection
        # Opened here, it stays open for the next one; a connection that broke was closed below.
        connection.open()
        email.send()
    except (OSError, smtplib.SMTPException) as error:
        _close(connection)
        mark_failed(message=message, now=timezone.now(), error=error)
        log.warning("message not sent", extra={"mail": str(message.uuid), "error": type(error).__name__})
    except Exception as error:
        mark_failed(message=message, now=timezone.now(), error=error)
        log.exception("message could not be written", extra={"mail": str(message.uuid)})
    else:
        mark_sent(message=message, now=timezone.now())


def _close(connection: Any) -> None:
    try:
        if connection is not None:
            connection.close()
    except (OSError, smtplib.SMTPException):
        log.info("mail server went away")


def written(message: Message) -> Mail:
    """Return the message's text in the recipient's language; secret links come into being here, outside every lock."""
    with translation.override(message.language):
        return renderer_of(message.kind)(message.context)


def _build(message: Message) -> EmailMultiAlternatives:
    """Write the mail: plain text, the same as HTML, and its files."""
    mail = written(message)
    host = urlsplit(settings.VAERN_BASE_URL).hostname or "localhost"
    subject = " ".join(mail.subject.split())
    email = EmailMultiAlternatives(
        subject=subject,
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
    email.attach_alternative(mail.html or html_of(subject, mail.body, message.language), "text/html")
    for attachment in mail.attachments:
        email.attach(_mime(attachment))
    return email


def _mime(attachment: Attachment) -> MIMENonMultipart:
    """Return the attachment as a MIME part whose parameters (a calendar's method) stand in its Content-Type."""
    main, sub = attachment.mimetype.split("/")
    part = MIMENonMultipart(main, sub)
    for name, value in attachment.parameters.items():
        part.set_param(name, value)
    if main == "text":
        charset = Charset("utf-8")
        charset.body_encoding = QP
        part.set_payload(attachment.content.decode("utf-8"), charset=charset)
    else:
        part.set_payload(attachment.content)
        encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=attachment.filename)
    return part


def organizer_address() -> str:
    """Return the bare address that messages come from, which is a mailbox that exists."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
