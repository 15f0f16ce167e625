"""Messages leave at least once, in order, under one Message-ID, and are forgotten afterwards (domain.md §7)."""

from __future__ import annotations

import datetime as dt
import itertools
import smtplib
from email.header import decode_header, make_header
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories.people import make_user
from vaern.audit.models import AuditEvent
from vaern.outbox import registry
from vaern.outbox.domain import (
    BACK_OFF,
    LEASE,
    claim,
    claim_batch,
    enqueue,
    enqueue_once,
    give_up,
    mark_failed,
    mark_sent,
    purge,
    send_again,
)
from vaern.outbox.models import Message
from vaern.outbox.registry import Attachment, Mail, renderer_of, renders
from vaern.outbox.relay import send_batch, send_next
from vaern.people.adapter import AccountAdapter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "kinds")]
SECOND = dt.timedelta(seconds=1)


class Down(BaseEmailBackend):
    """A mail server that is not there, or refuses."""

    error: Exception = ConnectionRefusedError("nobody@example.dk")

    def send_messages(self, email_messages: Any) -> int:
        raise self.error


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two kinds of messages for these tests: one that can be written and one that cannot."""
    monkeypatch.setattr(registry, "_renderers", dict(registry._renderers))

    @renders("tests.plain")
    def plain(context: dict[str, Any]) -> Mail:
        return Mail(context.get("subject", "Emne"), context.get("body", "Tekst"))

    @renders("tests.broken")
    def broken(context: dict[str, Any]) -> Mail:
        raise KeyError("gone")


def put(recipient: str = "aase@example.dk", kind: str = "tests.plain", **fields: Any) -> Message:
    values: dict[str, Any] = {"language": "da", "context": {"body": "Hej"}}
    return enqueue(kind=kind, recipient=recipient, **(values | fields))


def send_all() -> int:
    number = 0
    while send_next():
        number += 1
    return number


def claimed() -> Message:
    message = claim(now=timezone.now())
    assert message
    return message


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def ids() -> list[str]:
    return [str(sent.message()["Message-ID"]) for sent in mail.outbox]


def test_a_message_leaves_once_and_its_content_is_forgotten() -> None:
    message = put()
    assert (send_all(), len(mail.outbox)) == (1, 1)
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.context, message.attempts) == ("sent", timezone.now(), {}, 1)
    assert (send_all(), len(mail.outbox)) == (0, 1)


def test_headers_of_a_message() -> None:
    message = put(language="en", context={"subject": "Two\r\nlines  here"})
    send_all()
    headers = mail.outbox[0].message()
    others = {"Date", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
    assert {name: str(make_header(decode_header(headers[name]))) for name in headers if name not in others} == {
        "Subject": "Two lines here",
        "From": "Værn <vaern@example.dk>",
        "To": "aase@example.dk",
        "Message-ID": f"<{message.uuid}@testserver>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": "en",
    }


def test_messages_leave_in_the_order_they_came() -> None:
    messages = [put(context={"subject": str(number)}) for number in range(3)]
    assert send_all() == len(messages)
    assert [sent.subject for sent in mail.outbox] == ["0", "1", "2"]


def test_a_message_goes_with_its_transaction_or_not_at_all() -> None:
    def change() -> None:
        with transaction.atomic():
            put()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change()
    assert (Message.objects.count(), send_all()) == (0, 0)
    with transaction.atomic():
        put()
    assert (Message.objects.count(), send_all()) == (1, 1)


def test_a_claimed_message_is_nobody_elses_until_the_lease_ends(clock: time_machine.Coordinates) -> None:
    message = put()
    assert claim(now=timezone.now()) == message
    assert claim(now=timezone.now()) is None
    clock.shift(LEASE - SECOND)
    assert claim(now=timezone.now()) is None
    clock.shift(SECOND)
    assert claim(now=timezone.now()) == message
    message.refresh_from_db()
    assert message.attempts == 2


def test_a_killed_workers_message_leaves_again_under_the_same_id(
    clock: time_machine.Coordinates, monkeypatch: pytest.MonkeyPatch
) -> None:
    put()
    with monkeypatch.context() as killed:
        killed.setattr("vaern.outbox.relay.mark_sent", lambda **_: None)  # sent, and killed before it could say so
        assert send_next()
    assert not send_next()
    clock.shift(LEASE)
    assert send_next()
    assert len(ids()) == 2
    assert len(set(ids())) == 1
    clock.shift(LEASE)
    assert not send_next()


@pytest.mark.parametrize("error", [ConnectionRefusedError(), TimeoutError(), smtplib.SMTPServerDisconnected()])
def test_a_mail_server_that_is_down_gets_the_message_later_and_once(
    clock: time_machine.Coordinates, settings: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(Down, "error", error)
    message = put()
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Down"
    for wait in BACK_OFF[:3]:
        assert send_next()
        assert not send_next()
        message.refresh_from_db()
        assert (message.state, message.last_error) == ("pending", type(error).__name__)
        assert message.send_after == timezone.now() + wait * SECOND
        clock.shift((wait - 1) * SECOND)
        assert not send_next()
        clock.shift(SECOND)
    settings.EMAIL_BACKEND = backend
    assert (send_all(), len(mail.outbox), state(message), message.last_error) == (1, 1, "sent", "")
    assert ids() == [f"<{message.uuid}@testserver>"]


def test_the_whole_schedule_of_a_mail_server_that_never_comes_back(
    clock: time_machine.Coordinates, settings: Any
) -> None:
    """10, 30, 60, 300, 900 seconds, then once an hour, a last time after 72 hours; then staff can send it again."""
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    message = put()
    began, tries = timezone.now(), []
    while state(message) == "pending":
        clock.move_to(message.send_after)
        assert send_all() == 1
        tries.append(int((timezone.now() - began).total_seconds()))
    assert tries[:8] == [0, 10, 40, 100, 400, 1300, 4900, 8500]
    assert {later - earlier for earlier, later in itertools.pairwise(tries[5:-1])} == {3600}
    assert tries[-1] == 72 * 3600
    assert (len(tries), message.attempts) == (78, 78)
    assert (message.state, message.last_error, message.context) == ("failed", "ConnectionRefusedError", {"body": "Hej"})
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    clock.shift(24 * 3600)
    assert send_all() == 0
    assert send_again(message_id=message.pk, actor_id=make_user().pk)
    assert (send_all(), state(message), message.context) == (1, "sent", {})
    assert ids() == [f"<{message.uuid}@testserver>"]


def test_a_worker_that_was_away_for_days_still_tries_for_three(clock: time_machine.Coordinates, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    message = put()
    clock.shift(dt.timedelta(days=5))
    assert send_all() == 1
    assert state(message) == "pending"


def test_order_is_kept_while_the_older_one_waits_for_its_next_try(
    clock: time_machine.Coordinates, settings: Any
) -> None:
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Down"
    first = put(thread="booking:1", version=1, context={"subject": "first"})
    send_all()
    settings.EMAIL_BACKEND = backend
    second = put(thread="booking:1", version=1, context={"subject": "second"})
    other = put(thread="booking:1", version=1, recipient="bo@example.dk", context={"subject": "other"})
    assert send_all() == 1
    assert [state(one) for one in (first, second, other)] == ["pending", "pending", "sent"]
    clock.shift(BACK_OFF[0])
    assert send_all() == 2
    assert [sent.subject for sent in mail.outbox] == ["other", "first", "second"]


def test_one_batch_has_one_message_of_each_thread(clock: time_machine.Coordinates) -> None:
    for number in range(3):
        for _ in range(2):
            put(thread=f"booking:{number}", version=1)
    batch = claim_batch(now=timezone.now(), size=20)
    assert [one.thread for one in batch] == ["booking:0", "booking:1", "booking:2"]
    assert claim_batch(now=timezone.now(), size=20) == []


def test_a_worker_told_to_stop_gives_the_rest_of_its_batch_back() -> None:
    messages = [put() for _ in range(5)]
    assert send_batch(stop=lambda: len(mail.outbox) == 2) == 2
    assert [state(one) for one in messages] == ["sent", "sent", "pending", "pending", "pending"]
    assert {(one.leased_until, one.attempts) for one in messages[2:]} == {(None, 0)}
    assert send_all() == 3


def test_what_was_told_once_is_not_told_again_even_when_the_message_is_gone(clock: time_machine.Coordinates) -> None:
    fields: dict[str, Any] = {"kind": "tests.plain", "recipient": "aase@example.dk", "language": "da", "context": {}}
    assert enqueue_once(key="reminder:1", **fields)
    assert not enqueue_once(key="reminder:1", **fields)
    assert enqueue_once(key="reminder:2", **fields)
    assert send_all() == 2
    clock.shift(dt.timedelta(days=31))
    assert (purge(now=timezone.now()), Message.objects.count()) == (2, 0)
    assert not enqueue_once(key="reminder:1", **fields)


def test_staff_give_a_message_up_and_what_was_in_it_is_forgotten() -> None:
    message, actor = put(), make_user()
    assert give_up(message_id=message.pk, actor_id=actor.pk)
    assert (state(message), message.context, send_all()) == ("failed", {}, 0)
    assert not give_up(message_id=message.pk, actor_id=actor.pk)
    assert not send_again(message_id=message.pk, actor_id=actor.pk)  # nothing is left to send
    assert list(AuditEvent.objects.values_list("action", "actor", "subject_key")) == [
        ("message.given_up", actor.pk, str(message.uuid))
    ]


def test_a_message_on_its_way_is_left_alone_by_staff() -> None:
    message, actor = put(), make_user()
    claimed()
    assert not give_up(message_id=message.pk, actor_id=actor.pk)
    assert not send_again(message_id=message.pk, actor_id=actor.pk)


def test_an_overtaken_message_sent_again_by_staff_stays_unsent(settings: Any, clock: time_machine.Coordinates) -> None:
    old = put(thread="booking:1", version=1)
    Message.objects.update(state="failed")
    put(thread="booking:1", version=2)
    assert send_all() == 1
    assert send_again(message_id=old.pk, actor_id=make_user().pk)
    assert (send_all(), state(old), len(mail.outbox)) == (0, "superseded", 1)


@pytest.mark.parametrize("late", ["sent", "failed"])
@pytest.mark.parametrize("answered", [True, False])
def test_a_late_answer_of_a_worker_whose_lease_ran_out_changes_nothing(
    clock: time_machine.Coordinates, late: str, answered: bool
) -> None:
    message = put()
    slow = claimed()
    clock.shift(LEASE)
    second = claimed()
    if answered:
        mark_failed(message=second, now=timezone.now(), error=TimeoutError())
    before = Message.objects.values().get()
    clock.shift(SECOND)
    if late == "sent":
        mark_sent(message=slow, now=timezone.now())
    else:
        mark_failed(message=slow, now=timezone.now(), error=ConnectionRefusedError())
    assert Message.objects.values().get() == before
    if not answered:
        mark_sent(message=second, now=timezone.now())
        assert state(message) == "sent"


def test_the_lease_outlasts_a_slow_mail_server(settings: Any) -> None:
    assert 12 * settings.EMAIL_TIMEOUT * SECOND < LEASE


def test_an_expired_message_is_not_sent_and_forgotten(clock: time_machine.Coordinates, settings: Any) -> None:
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Down"
    message = put(expires_at=timezone.now() + 60 * SECOND)
    assert send_next()
    settings.EMAIL_BACKEND = backend
    clock.shift(60 * SECOND)
    later = put()
    assert (send_all(), len(mail.outbox)) == (1, 1)
    assert (state(message), message.last_error, message.context, message.sent_at) == ("failed", "expired", {}, None)
    assert state(later) == "sent"


def test_a_message_is_sent_until_it_expires(clock: time_machine.Coordinates) -> None:
    message = put(expires_at=timezone.now() + 60 * SECOND)
    clock.shift(59 * SECOND)
    assert (send_all(), state(message)) == (1, "sent")


def test_a_sign_in_code_expires_when_it_no_longer_works(settings: Any, rf: Any) -> None:
    AccountAdapter(rf.get("/")).send_mail("account/email/login_code", "aase@example.dk", {"code": "ABC"})
    expires_at = Message.objects.get(kind="people.sign_in_code").expires_at
    assert expires_at == timezone.now() + settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT * SECOND


def test_the_error_of_the_mail_server_is_not_kept_word_by_word(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    message = put()
    send_next()
    message.refresh_from_db()
    assert message.last_error == "ConnectionRefusedError"
    assert "example.dk" not in caplog.text
    assert [record.message for record in caplog.records if record.name == "vaern.outbox"] == ["message not sent"]


def test_a_message_that_cannot_be_written_stops_no_other() -> None:
    broken, unknown, plain = put(kind="tests.broken"), put(kind="tests.nobody"), put()
    assert send_all() == 3
    assert [state(message) for message in (broken, unknown, plain)] == ["pending", "pending", "sent"]
    assert len(mail.outbox) == 1


def test_overtaken_messages_never_leave() -> None:
    first, second, third = (put(thread="booking:1", version=version) for version in (1, 2, 3))
    assert send_all() == 1
    assert [state(message) for message in (first, second, third)] == ["superseded", "superseded", "sent"]
    assert first.context == {}


def test_only_newer_news_to_the_same_person_about_the_same_thing_overtake() -> None:
    put(thread="booking:1", version=1)
    put(thread="booking:2", version=2)
    put(thread="booking:1", version=2, recipient="bo@example.dk")
    put(version=0)
    put(version=9)
    assert (send_all(), len(mail.outbox)) == (5, 5)


def test_a_message_waits_while_an_older_one_is_on_its_way(clock: time_machine.Coordinates) -> None:
    put(thread="booking:1", version=1)
    first = claimed()
    put(thread="booking:1", version=2)
    assert claim(now=timezone.now()) is None
    mark_sent(message=first, now=timezone.now())
    assert send_all() == 1


def test_news_that_failed_are_not_sent_after_newer_ones(clock: time_machine.Coordinates, settings: Any) -> None:
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Down"
    old = put(thread="booking:1", version=1)
    send_next()
    settings.EMAIL_BACKEND = backend
    new = put(thread="booking:1", version=2)
    assert send_all() == 1
    clock.shift(dt.timedelta(days=1))
    assert send_all() == 0
    assert (state(old), state(new), len(mail.outbox)) == ("superseded", "sent", 1)


def test_ended_messages_are_deleted_after_30_days_and_waiting_ones_never(clock: time_machine.Coordinates) -> None:
    put()
    send_all()
    waiting = put(kind="tests.broken")
    clock.shift(dt.timedelta(days=30))
    assert (purge(now=timezone.now()), Message.objects.count()) == (0, 2)
    clock.shift(SECOND)
    assert purge(now=timezone.now()) == 1
    assert list(Message.objects.all()) == [waiting]


def test_the_command_purges_and_says_how_many(clock: time_machine.Coordinates, capsys: pytest.CaptureFixture) -> None:
    put()
    send_all()
    clock.shift(dt.timedelta(days=31))
    call_command("purge_messages")
    assert capsys.readouterr().out == "1 messages deleted.\n"


def test_work_once_sends_all_that_is_due_and_stops(clock: time_machine.Coordinates) -> None:
    later = put()
    Message.objects.update(send_after=timezone.now() + SECOND)
    due = [put() for _ in range(3)]
    call_command("work", once=True)
    assert ([state(message) for message in due], state(later)) == (["sent"] * 3, "pending")
    clock.shift(SECOND)
    call_command("work", once=True)
    assert (state(later), len(mail.outbox)) == ("sent", 4)


def test_a_sent_message_has_a_time_and_only_it() -> None:
    message = put()
    for change in ({"state": "sent"}, {"sent_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=message.pk).update(**change)


def test_a_kind_has_one_writer() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        renders("tests.plain")(lambda context: Mail("", ""))
    with pytest.raises(KeyError):
        renderer_of("tests.nobody")


def test_attachments_keep_their_bytes_and_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    content = "BEGIN:VCALENDAR\r\nSUMMARY:Æøå = 1\r\nEND:VCALENDAR\r\n".encode()

    @renders("tests.file")
    def with_file(context: dict[str, Any]) -> Mail:
        return Mail("E", "B", (Attachment("invite.ics", content, "text/calendar", {"method": "REQUEST"}),))

    put(kind="tests.file")
    send_all()
    both, part = mail.outbox[0].message().get_payload()
    assert [half.get_content_type() for half in both.get_payload()] == ["text/plain", "text/html"]
    assert (part.get_content_type(), part.get_param("method"), part.get_filename()) == (
        "text/calendar",
        "REQUEST",
        "invite.ics",
    )
    assert part.get_payload(decode=True).replace(b"\r\n", b"\n") == content.replace(b"\r\n", b"\n")
