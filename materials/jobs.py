"""The timed job of materials."""

from __future__ import annotations

import datetime as dt
import logging

from materials.domain.printing import print_plans
from materials.printout import plan_html
from vaern.outbox.registry import timed_job
from vaern.pdf.press import PdfUnavailable, make_pdfs

logger = logging.getLogger(__name__)


@timed_job("print_lesson_plans", every=dt.timedelta(minutes=1))
def print_lesson_plans() -> int:
    """Print the lesson plans of new versions; where no PDF can be made, say so and try again later."""
    try:
        return print_plans(write=plan_html, press=make_pdfs)
    except PdfUnavailable as error:
        logger.warning("lesson plans are not printed: %s", error)
        return 0
