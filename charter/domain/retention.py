"""What is forgotten, and when (domain.md §9); the chain stays whole, and the verification page says the same."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from charter import evidence
from charter.models import Personal, Request, Term
from vaern.audit.domain import record

KEEP_TRACES = dt.timedelta(days=365)
KEEP_PEOPLE = dt.timedelta(days=5 * 365)
KEEP_UNSIGNED = dt.timedelta(days=365)
TRACES = (Personal.Name.NETWORK, Personal.Name.BROWSER)


class Forgotten(NamedTuple):
    """How many rows are gone."""

    traces: int = 0
    people: int = 0
    requests: int = 0


def forget_evidence(*, now: dt.datetime, dry_run: bool = False) -> Forgotten:
    """Erase what is over its time before `now`, and return how much.

    Network address and browser go 12 months after the term (or the event, where no term came of it), names and
    addresses five years after it, and requests that were never signed a year after they ended: with them goes who
    declined. A dry run counts the same by doing it and taking it back.
    """
    with evidence.gate():
        today = timezone.localdate(now)
        forgotten = Forgotten(
            traces=_over(now, today, KEEP_TRACES).filter(name__in=TRACES).delete()[0],
            people=_over(now, today, KEEP_PEOPLE).delete()[0],
            requests=_requests(now),
        )
        if dry_run:
            transaction.set_rollback(True)
        elif any(forgotten):
            record(action="charter.forgotten", subject_type="charter", subject_key="", **forgotten._asdict())
    return forgotten


def _over(now: dt.datetime, today: dt.date, kept: dt.timedelta) -> QuerySet[Personal]:
    """Return the personal facts of events that are `kept` no longer; of a request with a term its end counts."""
    since = today - kept
    lasting = Term.objects.filter(Q(ended_on=None, valid_until__gt=since) | Q(ended_on__gt=since))
    subjects = [str(key) for pair in lasting.values_list("request_uuid", "uuid") for key in pair]
    return Personal.objects.filter(event__at__lt=now - kept).exclude(event__subject__in=subjects)


def _requests(now: dt.datetime) -> int:
    """Delete requests that ended unsigned, and count them; their links go along, partial signatures stay evidence."""
    ended = (Request.State.DECLINED, Request.State.CANCELLED)
    rows = Request.objects.filter(state__in=ended, ended_at__lt=now - KEEP_UNSIGNED)
    deleted: int = rows.delete()[1].get("charter.Request", 0)
    return deleted
