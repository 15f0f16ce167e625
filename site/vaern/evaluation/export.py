"""Results as a table for a spreadsheet: the same figures as the page, and no formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from bookings.opendata.catalogue import BOM
from vaern.design.cells import harmless
from vaern.evaluation.results import Result


def table(results: Iterable[Result]) -> bytes:
    """Return one row an answer that can be chosen and one a comment, UTF-8 with a mark and semicolons (RFC 4180)."""
    text = io.StringIO(newline="")
    text.write(BOM)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Question"), _("Version"), _("Answers"), _("Answer"), _("How many"), _("Percent")])
    for row in _rows(results):
        writer.writerow([harmless("" if cell is None else str(cell)) for cell in row])
    return text.getvalue().encode()


def _rows(results: Iterable[Result]) -> Iterator[list[object]]:
    for result in results:
        head = [result.question.text, result.question.number]
        if not result.number:
            yield [*head, _("fewer than five"), "", "", ""]
            continue
        for bar in result.bars:
            yield [*head, result.number, bar.label, bar.number, bar.percent]
        for comment in result.comments:
            yield [*head, result.number, comment, "", ""]
