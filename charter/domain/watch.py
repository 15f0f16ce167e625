"""What the platform watches by itself: that the chain is whole, and that the seal does not lapse unseen.

Looking takes no lock, however long the chain is; only what is told is written together.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.utils import timezone

from charter import evidence
from charter.models import Term
from charter.sealing import WARN_DAYS, SealUnavailable, present
from charter.staff import tell_staff

log = logging.getLogger("vaern.jobs")
ALARM = "charter.alarm"


def check_chain(*, now: dt.datetime) -> int | None:
    """Check every link, and tell the managers of the first that does not hold; return its number, or None."""
    broken = evidence.broken_at()
    if broken is not None:
        log.error("the charter's chain of evidence is broken", extra={"number": broken})
        _tell(f"chain:{timezone.localdate(now)}", what="chain", number=broken)
    return broken


def check_seal(*, now: dt.datetime) -> str:
    """Tell the managers that the seal's certificate lapses, at each of WARN_DAYS once; return what was told of."""
    try:
        certificate = present()
    except SealUnavailable:
        if Term.objects.filter(receipt=None, end_kind="").exists():
            _tell(f"seal:none:{timezone.localdate(now):%Y-%m}", what="no_seal")
            return "none"
        return ""
    reached = [days for days in WARN_DAYS if certificate.days_left(now) < days]
    if not reached:
        return ""
    step = min(reached)
    until = timezone.localdate(certificate.ends).isoformat()
    _tell(f"seal:{certificate.fingerprint[:16]}:{step}", what="seal", until=until)
    return "lapsed" if not certificate.holds(now) else "lapsing"


@transaction.atomic
def _tell(once: str, **context: Any) -> None:
    """Tell all the managers or none, so that nobody is left out when the same is seen again."""
    tell_staff(ALARM, once=once, **context)
