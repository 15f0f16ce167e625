"""How often one network and one address may come, and that nobody gets past by hiding."""

from __future__ import annotations

import datetime as dt
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.core.checks import run_checks
from django.db import DatabaseError, connection
from django.test import RequestFactory
from django.utils import timezone

from tests.factories.texts import said
from vaern.limits import domain
from vaern.limits.domain import Denied, admit, purge
from vaern.limits.doors import Door, Limit, parsed
from vaern.limits.models import Tally
from vaern.limits.networks import canonical, network_of
from vaern.limits.texts import sentence

HOUR, SECOND = dt.timedelta(hours=1), dt.timedelta(seconds=1)
DOOR = Door("tests", network=Limit(5), address=Limit(2))


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
class TestAdmit:
    def test_so_many_and_no_more_until_the_hour_is_over(self, clock: time_machine.Coordinates) -> None:
        until = timezone.now() + HOUR
        assert [admit(DOOR, network="192.0.2.1") for _ in range(5)] == [None] * 5
        clock.shift(10 * 60 * SECOND)
        assert admit(DOOR, network="192.0.2.1") == Denied(until, "network")
        clock.shift(50 * 60 * SECOND - SECOND)
        assert admit(DOOR, network="192.0.2.1") == Denied(until, "network")
        clock.shift(SECOND)
        assert admit(DOOR, network="192.0.2.1") is None

    def test_others_are_not_concerned(self) -> None:
        other = Door("tests2", network=Limit(5))
        for _ in range(6):
            admit(DOOR, network="192.0.2.1")
        assert admit(DOOR, network="192.0.2.2") is None
        assert admit(other, network="192.0.2.1") is None

    def test_an_address_is_one_from_wherever_and_however_written(self) -> None:
        for number in range(2):
            assert admit(DOOR, network=f"192.0.2.{number}", address="Aase@Example.dk ") is None
        denied = admit(DOOR, network="192.0.2.9", address="aase@example.dk")
        assert denied
        assert denied.scope == "address"
        assert admit(DOOR, network="192.0.2.9", address="bo@example.dk") is None

    def test_what_looks_like_a_machine_counts_more(self) -> None:
        assert admit(DOOR, network="192.0.2.1", weight=3) is None
        assert admit(DOOR, network="192.0.2.1", weight=3) is not None

    def test_nothing_that_names_anybody_is_stored(self) -> None:
        admit(DOOR, network="192.0.2.1", address="aase@example.dk")
        assert Tally.objects.count() == 2
        stored = str(list(Tally.objects.values()))
        assert "192.0.2.1" not in stored
        assert "aase" not in stored

    def test_the_hash_is_another_tomorrow(self) -> None:
        now = timezone.now()
        keys = {domain._key(DOOR, "network", "192.0.2.1", now + days * dt.timedelta(days=1)) for days in range(3)}
        assert len(keys) == 3

    def test_one_statement_for_both_counts(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(3):  # savepoint, count, release: one outside a test's transaction
            admit(DOOR, network="192.0.2.1", address="aase@example.dk")

    def test_a_site_changes_the_numbers(self, settings: Any) -> None:
        settings.VAERN_LIMITS = {"tests.network": "1/60"}
        assert admit(DOOR, network="192.0.2.1") is None
        assert admit(DOOR, network="192.0.2.1") == Denied(timezone.now() + 60 * SECOND, "network")

    @pytest.mark.parametrize(("is_open", "answer"), [(True, type(None)), (False, Denied)])
    def test_when_nobody_can_count_it_is_logged_and_the_door_decides(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, is_open: bool, answer: type
    ) -> None:
        def broken(*_args: Any) -> None:
            raise DatabaseError("192.0.2.1")

        monkeypatch.setattr(domain, "_count", broken)
        with caplog.at_level(logging.ERROR, "vaern.limits"):
            door = Door("tests", network=Limit(5), open_when_broken=is_open)
            assert isinstance(admit(door, network="192.0.2.1"), answer)
        assert [record.message for record in caplog.records] == ["limits cannot be counted"]
        assert "192.0.2.1" not in caplog.text

    def test_what_no_longer_counts_is_deleted(self, clock: time_machine.Coordinates) -> None:
        admit(DOOR, network="192.0.2.1")
        assert purge(now=timezone.now()) == 0
        clock.shift(HOUR)
        assert (purge(now=timezone.now()), Tally.objects.count()) == (1, 0)

    def test_the_answer_says_when_and_whom_to_call(self) -> None:
        denied = Denied(timezone.now() + 90 * SECOND, "network")
        assert denied.seconds(timezone.now()) == 90
        assert "9.02" in sentence(denied)
        assert "33 66 33 66" in sentence(denied)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_twenty_at_once_are_counted_exactly() -> None:
    def knock(number: int) -> bool:
        try:
            return admit(Door("crowd", network=Limit(7)), network="192.0.2.1") is None
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as crowd:
        assert sum(crowd.map(knock, range(20))) == 7


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_networks(address: str, network: str) -> None:
    assert canonical(address) == network


@pytest.mark.parametrize(
    ("proxies", "header", "network"),
    [
        (0, "198.51.100.7", "127.0.0.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        (2, "6.6.6.6, 198.51.100.7, 10.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "rubbish", "unknown"),
    ],
)
def test_a_visitor_cannot_choose_a_network(settings: Any, proxies: int, header: str, network: str) -> None:
    settings.VAERN_TRUSTED_PROXIES = proxies
    assert network_of(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=header)) == network


@pytest.mark.parametrize("written", ["0/3600", "off", "", "60", "-1/60", "60/0", "1e9/60"])
def test_a_limit_is_never_off(settings: Any, written: str) -> None:
    with pytest.raises(ValueError, match="is no limit"):
        parsed(written)
    settings.VAERN_LIMITS = {"booking.network": written}
    assert [message.id for message in run_checks() if message.id == "limits.E001"] == ["limits.E001"]


def test_the_words_are_there_in_both_languages() -> None:
    text = "A great deal has been sent from your network within a short time. Nothing has been lost."
    assert said(text, "da") != text == said(text, "en")
