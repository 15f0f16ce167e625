"""Real workers (`manage.py work`), a real mail server, and what happens when either goes away (domain.md §7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from django.utils import timezone

from tests.concurrency.mailserver import MailServer
from tests.concurrency.processes import Process, until
from tests.factories.bookings import make_booking, make_session
from vaern.outbox.domain import enqueue
from vaern.outbox.models import Message

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("site"),
]
StartWorker = Callable[[], Process]


def all_sent() -> bool:
    return not Message.objects.exclude(state=Message.State.SENT).exists()


def message_id(message: Message) -> str:
    return f"<{message.uuid}@testserver>"


def test_mail_waits_for_a_worker_and_for_the_mail_server(start_worker: StartWorker, mail_server: MailServer) -> None:
    booking = make_booking(make_session())  # neither worker nor mail server is there
    message = Message.objects.get()
    assert (message.state, message.attempts) == (Message.State.PENDING, 0)

    start_worker()
    until(lambda: Message.objects.filter(attempts__gte=1, leased_until=None).exists(), "a try that fails")
    message.refresh_from_db()
    assert (message.state, message.last_error) == (Message.State.PENDING, "ConnectionRefusedError")
    assert message.send_after > timezone.now()

    mail_server.start()
    Message.objects.update(send_after=timezone.now())  # the back-off is 5 s: no need to wait it out
    until(all_sent, "the mail to leave")
    [mail] = mail_server.taken
    assert mail["Message-ID"] == message_id(message)
    assert mail["To"] == booking.contact_email
    assert Message.objects.get().context == {}


def test_a_worker_killed_while_the_mail_server_has_the_mail(start_worker: StartWorker, mail_server: MailServer) -> None:
    mail_server.start()
    mail_server.gate.clear()
    make_booking(make_session())
    message = Message.objects.get()

    worker = start_worker()
    mail_server.wait_for(lambda: len(mail_server.begun) == 1, "the first worker's mail")
    worker.kill()
    message.refresh_from_db()
    assert message.state == Message.State.PENDING
    assert message.leased_until > timezone.now()
    mail_server.gate.set()

    Message.objects.update(leased_until=timezone.now())  # the lease is five minutes: no need to wait it out
    start_worker()
    until(all_sent, "the mail to leave again")
    # At least once, and recognisably the same.
    assert [mail["Message-ID"] for mail in mail_server.begun] == [message_id(message)] * 2
    assert Message.objects.get().attempts == 2


def test_two_workers_send_forty_mails_once_each_and_stop_when_told(
    start_worker: StartWorker, mail_server: MailServer
) -> None:
    for number in range(40):
        enqueue(kind="people.unknown_account", recipient=f"p{number}@example.dk", language="da", context={})
    mail_server.start()
    mail_server.gate.clear()
    workers = [start_worker(), start_worker()]
    # Two conversations at a time, so both are at work, and about different messages.
    mail_server.wait_for(lambda: len(mail_server.begun) == 2, "both workers at work")
    assert len({mail["Message-ID"] for mail in mail_server.begun}) == 2
    mail_server.gate.set()

    mail_server.wait_for(lambda: len(mail_server.taken) >= 40, "forty mails")
    until(all_sent, "forty messages marked as sent")
    assert Counter(mail["Message-ID"] for mail in mail_server.taken) == {
        message_id(message): 1 for message in Message.objects.all()
    }
    assert [worker.stop() for worker in workers] == [0, 0]


def test_a_worker_told_to_stop_finishes_the_mail_in_hand(start_worker: StartWorker, mail_server: MailServer) -> None:
    mail_server.start()
    mail_server.gate.clear()
    for number in range(2):
        enqueue(kind="people.unknown_account", recipient=f"p{number}@example.dk", language="da", context={})
    worker = start_worker()
    mail_server.wait_for(lambda: len(mail_server.begun) == 1, "the first mail")
    worker.popen.terminate()
    mail_server.gate.set()
    assert worker.wait(5) == 0
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "pending"]
    assert len(mail_server.begun) == 1
