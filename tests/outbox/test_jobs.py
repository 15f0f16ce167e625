"""The timed jobs: each once in its interval, whoever asks, and a failing one again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from tests.factories.courses import make_workshop
from vaern.outbox import registry
from vaern.outbox.jobs import run_due
from vaern.outbox.models import JobRun
from vaern.outbox.registry import timed_job, timed_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Only these two jobs; what they did is listed."""
    done: list[str] = []
    monkeypatch.setattr(registry, "_jobs", {})
    timed_job("hourly", every=HOUR)(lambda: done.append("hourly"))
    timed_job("daily", every=24 * HOUR)(lambda: done.append("daily"))
    return done


def test_a_job_runs_once_in_its_interval(clock: time_machine.Coordinates, runs: list[str]) -> None:
    assert run_due() == ["daily", "hourly"]
    assert run_due() == []
    clock.shift(HOUR - SECOND)
    assert run_due() == []
    clock.shift(SECOND)
    assert run_due() == ["hourly"]
    clock.shift(23 * HOUR)
    assert run_due() == ["daily", "hourly"]
    assert runs == ["daily", "hourly", "hourly", "daily", "hourly"]


def test_after_an_outage_a_job_runs_once_and_not_once_an_hour(clock: time_machine.Coordinates, runs: list[str]) -> None:
    run_due()
    clock.shift(100 * HOUR)
    assert run_due() == ["daily", "hourly"]
    assert run_due() == []


def test_a_job_that_another_worker_has_taken_is_left_to_it(runs: list[str]) -> None:
    JobRun.objects.create(name="hourly", due_at=timezone.now() + SECOND)
    assert run_due() == ["daily"]


@pytest.mark.parametrize(("every", "again"), [(24 * HOUR, 15 * 60 * SECOND), (60 * SECOND, 60 * SECOND)])
def test_a_failing_job_stops_no_other_and_is_tried_again(
    clock: time_machine.Coordinates, runs: list[str], every: dt.timedelta, again: dt.timedelta
) -> None:
    failing = True

    def sometimes() -> None:
        if failing:
            raise RuntimeError
        runs.append("sometimes")

    timed_job("a_first", every=every)(sometimes)
    assert run_due() == ["daily", "hourly"]
    assert JobRun.objects.get(name="a_first").finished_at is None
    clock.shift(again - SECOND)
    assert run_due() == []
    clock.shift(SECOND)
    failing = False
    assert run_due() == ["a_first"]
    assert runs == ["daily", "hourly", "sometimes"]
    assert JobRun.objects.get(name="a_first").finished_at == timezone.now()


def test_the_worker_runs_the_jobs(runs: list[str]) -> None:
    call_command("work", once=True)
    call_command("work", once=True)
    assert runs == ["daily", "hourly"]


def test_the_jobs_of_the_ground_are_registered_and_run(site: None) -> None:
    names = [job.name for job in timed_jobs()]
    assert {"clear_sessions", "publish_scheduled", "purge_messages"} <= set(names)
    assert run_due() == names


def test_a_page_that_is_due_is_published_by_the_worker(
    clock: time_machine.Coordinates, site: None, client: Any
) -> None:
    workshop = make_workshop("Kommer snart", live=False)
    workshop.go_live_at = timezone.now() + HOUR
    workshop.save_revision(approved_go_live_at=workshop.go_live_at)
    path = workshop.get_url_parts()[2]
    call_command("work", once=True)
    assert client.get(path).status_code == 404
    clock.shift(HOUR + SECOND)
    call_command("work", once=True)
    assert client.get(path).status_code == 200
