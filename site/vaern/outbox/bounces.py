"""Mails that came back: RFC 3464 delivery reports, alone or in an mbox. Whatever is not one of ours is passed over."""

from __future__ import annotations

import email
import email.policy
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message as Mail

from vaern.outbox.domain import bounce

MESSAGE_ID = re.compile(r"^message-id:\s*<([0-9a-f-]{36})@", re.I | re.M)
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
MBOX_LINE = re.compile(rb"^From [^\n]*\n", re.M)


@dataclass(frozen=True)
class Report:
    """What a delivery report says: about which message, and for good or not."""

    message: uuid.UUID
    status: str
    failed: bool


@dataclass(frozen=True)
class Fed:
    """What came of feeding reports: marked now, known or soft ones passed over, and what was none of ours."""

    bounced: int
    ignored: int
    unreadable: int


def feed(raw: bytes) -> Fed:
    """Take one mail or an mbox of them, and mark the messages that came back for good. Never fails on rubbish."""
    bounced = ignored = unreadable = 0
    for one in _mails(raw):
        report = read_report(one)
        if report is None:
            unreadable += 1
        elif report.failed and bounce(uuid=report.message, code=report.status):
            bounced += 1
        else:
            ignored += 1
    return Fed(bounced, ignored, unreadable)


def read_report(raw: bytes) -> Report | None:
    """Return what a mail says when it is a delivery report about a message of ours, otherwise None."""
    try:
        mail = email.message_from_bytes(raw, policy=email.policy.compat32)
        parts = list(mail.walk())
        status_parts = [part for part in parts if part.get_content_type() == "message/delivery-status"]
        original = _original(raw, parts)
        if not status_parts or original is None:
            return None
        blocks = [block for part in status_parts for block in _blocks(part)]
        actions = {
            str(block.get("Action", "")).split()[0].lower() for block in blocks if str(block.get("Action", "")).strip()
        }
        statuses = [match[1] for block in blocks if (match := STATUS.search(str(block.get("Status", ""))))]
    except Exception:  # noqa: BLE001 - what strangers send must not stop the feeding; it is counted as unreadable
        return None
    hard = next((status for status in statuses if status.startswith("5")), "")
    return Report(original, hard or (statuses[0] if statuses else ""), bool(hard) and "failed" in actions)


def _blocks(part: Mail) -> list[Mail]:
    """Return the groups of fields of a delivery-status part; each is read as a message of its own."""
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Mail)] if isinstance(payload, list) else []


def _original(raw: bytes, parts: list[Mail]) -> uuid.UUID | None:
    """Return the uuid in the Message-ID of the mail that came back: its headers are in the last part."""
    for part in reversed(parts):
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers"}:
            text = part.as_bytes().decode("utf-8", "replace")
            for match in MESSAGE_ID.finditer(text):
                try:
                    return uuid.UUID(match[1])
                except ValueError:
                    continue
    return None


def _mails(raw: bytes) -> Iterator[bytes]:
    """Return the mails of an mbox, or the one mail."""
    if not raw.strip():
        return
    if not raw.startswith(b"From "):
        yield raw
        return
    starts = [
        match
        for match in MBOX_LINE.finditer(raw)
        if match.start() == 0 or raw[: match.start()].endswith((b"\n\n", b"\r\n\r\n"))
    ]
    ends = [match.start() for match in starts[1:]] + [len(raw)]
    for match, end in zip(starts, ends, strict=True):
        yield raw[match.end() : end].replace(b"\n>From ", b"\nFrom ")
