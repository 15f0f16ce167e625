"""A hundred at the same moment, on real connections: one signature, one term, one receipt, one mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from charter import evidence
from charter.domain import receipts
from charter.domain.errors import Refused
from charter.domain.receipts import issue_receipts
from charter.domain.requests import send_request
from charter.domain.signing import ask_for_code, sign
from charter.domain.texts import publish_text
from charter.models import Event, Receipt, Signature, Term
from charter.sealing import Sealed
from tests.factories.charter import ORIGIN, code_for, invite, make_partner, make_seal, propose, publish, reading
from vaern.outbox.models import Message

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("site"),
]
MANY = 100
# SQLite has one writer: as many threads as one process has there, and as many tries.
THREADS = 25


def together(work: Callable[[int], Any], times: int = MANY) -> list[Any]:
    """Run `work` so many times in threads that begin at once, each on a connection of its own."""
    start = Barrier(THREADS)

    def run(thread: int) -> list[Any]:
        start.wait()
        try:
            return [work(number) for number in range(thread, times, THREADS)]
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return [result for found in pool.map(run, range(THREADS)) for result in found]


def tried(verb: Callable[[], Any]) -> str:
    try:
        verb()
    except Refused as error:
        return error.why
    return "signed"


def test_a_hundred_times_the_same_form(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    publish()
    invitation = invite(make_partner())
    codes = together(
        lambda _n: tried(
            lambda: ask_for_code(
                invitation_id=invitation.pk, text_sha256=reading(invitation).text_sha256, origin=ORIGIN
            )
        )
    )
    assert codes == ["signed"] * MANY
    assert Message.objects.filter(kind="charter.code").count() == 1
    facts = {"invitation_id": invitation.pk, "read": reading(invitation), "answer": code_for(invitation)}
    assert together(lambda _n: tried(lambda: sign(**facts, origin=ORIGIN))) == ["signed"] * MANY
    assert (Signature.objects.count(), Term.objects.count()) == (1, 1)
    # Workers that print the same receipt at once; the printer and the seal are tried in test_receipts.
    make_seal(tmp_path, settings, begins=timezone.now())
    monkeypatch.setattr(receipts, "make_pdfs", lambda documents: [b"%PDF" for _one in documents])
    monkeypatch.setattr(receipts, "seal", lambda pdf, now: Sealed(pdf, "0" * 64, timestamped=False))
    together(lambda _n: issue_receipts(), times=THREADS)
    assert (Receipt.objects.count(), Message.objects.filter(kind="charter.receipt").count()) == (1, 1)
    assert evidence.broken_at() is None


def test_two_colleagues_at_once_give_one_term() -> None:
    publish()
    request = send_request(partner_id=make_partner(signatories=2).pk, actor_id=None)
    invitations = list(request.invitations.order_by("pk"))
    facts = [(one.pk, reading(one), code_for(one)) for one in invitations]

    def work(number: int) -> str:
        key, read, answer = facts[number % 2]
        return tried(lambda: sign(invitation_id=key, read=read, answer=answer, origin=ORIGIN))

    assert Counter(together(work)) == {"signed": MANY // 2, Refused.GONE: MANY // 2}
    assert (Signature.objects.count(), Term.objects.count()) == (1, 1)


def test_publishing_among_a_hundred_signatures() -> None:
    old = publish()
    invitations = [invite(make_partner()) for _ in range(MANY)]
    facts = [(one.pk, reading(one, old), code_for(one)) for one in invitations]
    new = propose("Noget helt andet.")

    def work(number: int) -> str:
        if number == MANY // 2:
            publish_text(text_id=new.pk, approved_by="Udvalget", approved_on=timezone.localdate(), actor_id=None)
        key, read, answer = facts[number]
        return tried(lambda: sign(invitation_id=key, read=read, answer=answer, origin=ORIGIN))

    results = Counter(together(work))
    assert set(results) <= {"signed", Refused.STALE}
    assert sum(results.values()) == MANY
    assert results[Refused.STALE] >= 1  # at least the one that published before it signed
    published = Event.objects.get(kind=Event.Kind.PUBLISHED, facts__number="2.0").number
    events = Event.objects.filter(signature__isnull=False).values_list("number", "facts__text")
    assert len(events) == results["signed"]
    assert all((number < published) == (text == old.sha256) for number, text in events)
    assert all(text == old.sha256 for _number, text in events)
    assert evidence.broken_at() is None
