"""Mails that came back: the right message is marked, once; rubbish changes nothing and breaks nothing."""

from __future__ import annotations

import io
import sys
import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from vaern.audit.models import AuditEvent
from vaern.outbox.bounces import Fed, feed
from vaern.outbox.domain import enqueue
from vaern.outbox.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def sent() -> Message:
    message = enqueue(kind="people.unknown_account", recipient="aase@example.dk", language="da", context={})
    Message.objects.filter(pk=message.pk).update(state="sent", sent_at=timezone.now())
    return message


def report(message_id: str, *, action: str = "failed", status: str = "5.1.1", headers: str = "message/rfc822") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example.dk\r\nTo: vaern@example.dk\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.dk\r\n\r\n"
        f"Final-Recipient: rfc822; aase@example.dk\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: {headers}\r\n\r\n"
        f"Message-ID: <{message_id}>\r\nSubject: Booket\r\n\r\nHej\r\n--b--\r\n"
    ).encode()


def state(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.last_error


@pytest.mark.parametrize("headers", ["message/rfc822", "text/rfc822-headers"])
def test_a_hard_bounce_marks_its_message_once(headers: str) -> None:
    message, other = sent(), sent()
    raw = report(f"{message.uuid}@testserver", headers=headers)
    assert feed(raw) == Fed(1, 0, 0)
    assert feed(raw) == Fed(0, 1, 0)
    assert state(message) == ("bounced", "bounced 5.1.1")
    assert state(other) == ("sent", "")
    assert AuditEvent.objects.filter(action="message.bounced", subject_key=str(message.uuid)).count() == 1


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("failed", "4.2.2"), ("delivered", "2.0.0"), ("delayed", "5.1.1")]
)
def test_soft_ones_are_passed_over(action: str, status: str) -> None:
    message = sent()
    assert feed(report(f"{message.uuid}@testserver", action=action, status=status)) == Fed(0, 1, 0)
    assert state(message) == ("sent", "")


def test_unknown_messages_and_those_that_have_not_left_are_passed_over() -> None:
    waiting = enqueue(kind="people.unknown_account", recipient="a@example.dk", language="da", context={})
    assert feed(report(f"{uuid.uuid4()}@testserver")) == Fed(0, 1, 0)
    assert feed(report(f"{waiting.uuid}@testserver")) == Fed(0, 1, 0)
    assert state(waiting) == ("pending", "")


@pytest.mark.parametrize(
    "raw",
    [b"\x00\xff" * 500, b"From nobody\n\n", b"hello", b"Content-Type: multipart/report; boundary=\n\n--\n", report("x"),
     report("------------------------------------@x"), b"From: a\n\n" + b"\xc3\x28" * 99],
)  # fmt: skip
def test_rubbish_breaks_nothing(raw: bytes) -> None:
    assert feed(raw) == Fed(0, 0, 1)
    assert feed(b"") == Fed(0, 0, 0)


def test_an_mbox_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = sent(), sent()
    reports = [report(f"{one.uuid}@testserver"), b"Subject: spam\r\n\r\nBuy\r\n", report(f"{two.uuid}@testserver")]
    mbox = b"".join(b"From x@y Mon Nov 23 09:00:00 2026\n" + raw.replace(b"\r\n", b"\n") + b"\n" for raw in reports)
    path = tmp_path / "mbox"
    path.write_bytes(mbox)
    call_command("feed_bounces", str(path))
    assert capsys.readouterr().out == "2 marked, 0 passed over, 1 not a report of ours.\n"
    assert [state(message)[0] for message in (one, two)] == ["bounced", "bounced"]


def test_what_a_mail_server_pipes_in(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    message = sent()
    raw = io.BytesIO(report(f"{message.uuid}@testserver"))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=raw))
    call_command("feed_bounces", "-")
    assert state(message)[0] == "bounced"
    with pytest.raises(CommandError):
        call_command("feed_bounces", "/nowhere/at/all")
