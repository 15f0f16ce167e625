"""The timed jobs that belong to the ground, and how the worker runs what is due."""

from __future__ import annotations

import datetime as dt
import logging

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from vaern.limits.domain import purge as purge_tallies
from vaern.outbox.domain import purge
from vaern.outbox.models import JobRun
from vaern.outbox.registry import TimedJob, timed_job, timed_jobs

log = logging.getLogger("vaern.jobs")


@timed_job("purge_messages", every=dt.timedelta(days=1))
def purge_messages() -> int:
    """Delete messages that ended 30 days ago (domain.md §9)."""
    return purge(now=timezone.now())


@timed_job("purge_tallies", every=dt.timedelta(hours=1))
def purge_old_tallies() -> int:
    """Delete the counts of rate limits that no longer count."""
    return purge_tallies(now=timezone.now())


@timed_job("publish_scheduled", every=dt.timedelta(minutes=5))
def publish_scheduled() -> None:
    """Publish and expire the pages whose time has come (Wagtail's own command)."""
    call_command("publish_scheduled", verbosity=0)


@timed_job("clear_sessions", every=dt.timedelta(days=1))
def clear_sessions() -> None:
    """Delete browser sessions that have ended."""
    call_command("clearsessions", verbosity=0)


def run_due() -> list[str]:
    """Run each job that is due, and return their names. A failing job is logged and tried again."""
    later = set(JobRun.objects.filter(due_at__gt=timezone.now()).values_list("name", flat=True))
    return [job.name for job in timed_jobs() if job.name not in later and _claim(job) and _run(job)]


@transaction.atomic
def _claim(job: TimedJob) -> bool:
    """Take the job's turn by moving its clock forward before it runs; only one worker can."""
    now = timezone.now()
    JobRun.objects.get_or_create(name=job.name, defaults={"due_at": now})
    rows = JobRun.objects.filter(name=job.name, due_at__lte=now)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    row = rows.first()
    if row is None:
        return False
    row.due_at = now + job.every
    row.save(update_fields=["due_at"])
    return True


def _run(job: TimedJob) -> bool:
    try:
        job.run()
    except Exception:
        log.exception("job failed", extra={"job": job.name})
        JobRun.objects.filter(name=job.name).update(due_at=timezone.now() + min(job.every, dt.timedelta(minutes=15)))
        return False
    JobRun.objects.filter(name=job.name).update(finished_at=timezone.now())
    return True
