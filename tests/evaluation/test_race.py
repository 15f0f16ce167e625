"""The same link and the same certificate from many threads at once, on real connections."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from bookings.links import link_to
from tests.factories.evaluation import make_past_staff, make_question, report_person
from tests.factories.forms import served
from vaern.certificates import views
from vaern.certificates.models import Certificate
from vaern.evaluation.links import path_to_form
from vaern.evaluation.models import Answer, Release, SpentLink
from vaern.evaluation.rules import Role

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("site"),
]
THREADS = 8


def at_once(jobs: list[Callable[[], Any]]) -> Counter[Any]:
    """Run all jobs at the same moment, each on a connection of its own; return what came out."""
    barrier, seen = threading.Barrier(len(jobs)), Counter[Any]()

    def run(job: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            seen[job()] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def test_one_link_sent_by_many_threads_is_one_answer() -> None:
    question = make_question("scale")
    _session, bookings = make_past_staff(6)
    sent = {"served": served(), f"q{question.pk}": "4"}
    path = path_to_form(bookings[0], Role.CONTACT)
    assert at_once([lambda: Client().post(path, sent).status_code] * THREADS) == {302: 1, 404: THREADS - 1}
    assert (Answer.objects.count(), SpentLink.objects.count()) == (1, 1)


def test_many_people_at_once_lose_no_answer_and_let_none_out_too_early() -> None:
    question = make_question("scale")
    session, bookings = make_past_staff(THREADS)
    sent = {"served": served(), f"q{question.pk}": "4"}
    paths = [path_to_form(booking, Role.CONTACT) for booking in bookings]
    assert at_once([lambda path=path: Client().post(path, sent).status_code for path in paths]) == {302: THREADS}
    assert (Answer.objects.count(), SpentLink.objects.count()) == (THREADS, THREADS)
    assert Release.objects.get().answers.count() == 5
    assert Answer.objects.filter(session=session, release=None).count() == THREADS - 5


def test_one_certificate_made_by_many_threads_is_one(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    # Each print differs: the first that is kept stands, and everybody gets that one.
    printed = iter(range(1000))
    monkeypatch.setattr(views, "make_pdfs", lambda pages: [b"%%PDF-%d" % next(printed) for _page in pages])
    _session, (booking,) = make_past_staff(1)
    report_person(booking)
    path = f"{link_to(booking)}bevis/person:{booking.people.get().pk}/"
    made = at_once([lambda: Client().post(path)["Location"]] * THREADS)
    certificate = Certificate.objects.get()
    assert made == {f"{link_to(booking)}bevis/{certificate.code}.pdf": THREADS}
    assert Client().get(next(iter(made))).status_code == 200
