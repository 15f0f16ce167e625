"""The timed jobs of certificates."""

from __future__ import annotations

import datetime as dt
import logging

from django.utils import timezone

from vaern.certificates.domain.ending import forget_holders
from vaern.certificates.domain.issuing import print_missing
from vaern.certificates.printout import certificate_html
from vaern.outbox.registry import timed_job
from vaern.pdf.press import PdfUnavailable, make_pdfs

logger = logging.getLogger(__name__)


@timed_job("print_certificates", every=dt.timedelta(minutes=1))
def print_certificates() -> int:
    """Print the certificates that could not be printed at once."""
    try:
        return print_missing(page=certificate_html, press=make_pdfs)
    except PdfUnavailable as error:
        logger.warning("certificates are not printed: %s", error)
        return 0


@timed_job("forget_certificates", every=dt.timedelta(days=1))
def forget_certificates() -> int:
    """Forget the holders of certificates that have expired (domain.md §9)."""
    return forget_holders(now=timezone.now())
