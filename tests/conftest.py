"""What every test stands on: an installation as `setup_site` leaves it, and a clock that is the same every day."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from vaern.goals.models import Goal

frozen = importlib.import_module("charter.migrations.0002_evidence_is_frozen")

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
# An ordinary Monday morning in term time; tests that are about other days say so.
NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=COPENHAGEN)


FLUSHING = {"transactional_db", "django_db_reset_sequences", "live_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that flush the database together, after all others: so two processes can share the suite."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        flushes = marker is not None and marker.kwargs.get("transaction", False)
        if flushes or FLUSHING.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group("flushing"))


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    """Keep rate limits, Wagtail's site paths and kept pages of one test out of the next.

    Pages too: a test that is rolled back gives its stamps' numbers to the next.
    """
    _clear_caches()
    yield
    _clear_caches()


def _clear_caches() -> None:
    for one in caches:
        caches[one].clear()


@pytest.fixture(autouse=True)
def _danish() -> None:
    """A request leaves its language behind, and the next test begins in Danish."""
    translation.activate("da")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Set the site up once, for all tests: it takes a third of a second, and most tests need it."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        call_command("setup_site", verbosity=0)
        if connection.vendor == "sqlite":
            # A flush of SQLite deletes row by row, which these refuse; tests/charter/test_frozen.py puts them back.
            with connection.cursor() as cursor:
                for table in frozen.DELETIONS:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_kept")
        if hasattr(connection, "_test_serialized_contents"):
            # What `serialized_rollback` gives back after a flush: the whole site, not the bare migrations.
            connection._test_serialized_contents = connection.creation.serialize_db_to_string()


@pytest.fixture
def site(db: None) -> None:
    """An installation: roles, reference data and the first pages. A test that flushed the database took them along."""
    if not Goal.objects.exists():
        call_command("setup_site", verbosity=0)


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """Stand the clock at NOW; `clock.move_to(...)` moves it."""
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates
