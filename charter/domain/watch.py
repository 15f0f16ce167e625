"""What the platform watches by itself: that the chain is whole, and that the seal does not lapse unseen."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone

from charter import evidence
from charter.models import Term
from charter.sealing import WARN_DAYS, SealUnavailable, present
from charter.staff import tell_staff

log = logging.getLogger("vaern.jobs")
ALARM = "charter.alarm"


@transaction.atomic
def check_chain(*, now: dt.datetime) -> int | None:
    """Check every link, and tell the managers of the first that does not hold; return its number, or None."""
    broken = evidence.broken_at()
    if broken is not None:
        log.error("the charter's chain of evidence is broken", extra={"number": broken})
        tell_staff(ALARM, once=f"chain:{timezone.localdate(now)}", what="chain", number=broken)
    return broken


@transaction.atomic
def check_seal(*, now: dt.datetime) -> str:
    """Tell the managers that the seal's certificate lapses, at each of WARN_DAYS once; return what was told of."""
    try:
        certificate = present()
    except SealUnavailable:
        if Term.objects.filter(receipt=None, end_kind="").exists():
            tell_staff(ALARM, once=f"seal:none:{timezone.localdate(now):%Y-%m}", what="no_seal")
            return "none"
        return ""
    reached = [days for days in WARN_DAYS if certificate.days_left(now) < days]
    if not reached:
        return ""
    step = min(reached)
    until = timezone.localdate(certificate.ends).isoformat()
    tell_staff(ALARM, once=f"seal:{certificate.fingerprint[:16]}:{step}", what="seal", until=until)
    return "lapsed" if not certificate.holds(now) else "lapsing"
