"""Files that go out: made at once when they are small, by the worker when they are large; each is recorded."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from vaern.audit.domain import record
from vaern.exchange.datasets import DATASETS, Dataset, Period
from vaern.exchange.models import ExportFile, ExportPart, Progress
from vaern.exchange.writers import csv_pieces, ics_pieces, suffix_of, xlsx_pieces
from vaern.people.models import User

log = logging.getLogger("vaern.exchange")

AT_ONCE = 5000  # rows; more than that is the worker's
PART_BYTES = 512 * 1024
LIVES = dt.timedelta(days=1)
# A worker that has not said a word for so long is gone, and another takes its file up.
LOST = dt.timedelta(minutes=3)
TOLD_EVERY = 2000


class NotAllowed(Exception):
    """The user may not take this out."""


def rows_in(dataset: Dataset, user: User, period: Period) -> int:
    """Return about how many rows the file will have, for the progress bar and to choose who makes it."""
    found = dataset.query(user, period)
    return len(found) if isinstance(found, list) else int(found.count())


def pieces(dataset: Dataset, user: User, period: Period, form: str, *, told: Callable[[int], None]) -> Iterator[bytes]:
    """Yield the file; `told` is called with the number of rows read so far, the last time when all are."""
    query = dataset.query(user, period)
    if form == "ics":
        if dataset.calendar is None:
            raise NotAllowed
        rows = _counted(dataset.calendar(query), told)
        yield from ics_pieces(
            str(dataset.title),
            rows,
            host=urlsplit(settings.VAERN_BASE_URL).hostname or "localhost",
            stamp=timezone.now(),
        )
        return
    rows = _counted(dataset.rows(query), told)
    headings = [str(heading) for heading in dataset.headings]
    if form == "xlsx":
        yield from xlsx_pieces(str(dataset.title), headings, rows)
    else:
        yield from csv_pieces(headings, rows, for_excel=form == "csv")


def _counted(rows: Iterable[Sequence[Any]], told: Callable[[int], None]) -> Iterator[Sequence[Any]]:
    count = 0
    for row in rows:
        count += 1
        if count % TOLD_EVERY == 0:
            told(count)
        yield row
    told(count)


def export_at_once(*, dataset: Dataset, form: str, period: Period, user: User) -> bytes:
    """Return a small file, and record who took out what. Raises NotAllowed."""
    if not dataset.allowed(user) or form not in dict(dataset.forms):
        raise NotAllowed
    counts = [0]
    content = b"".join(pieces(dataset, user, period, form, told=counts.append))
    _record(dataset.key, form, period, user.pk, counts[-1])
    return content


@transaction.atomic
def order_export(*, dataset: Dataset, form: str, period: Period, user: User) -> ExportFile:
    """Put a file in line for the worker. Raises NotAllowed."""
    if not dataset.allowed(user) or form not in dict(dataset.forms):
        raise NotAllowed
    now = timezone.now()
    order = ExportFile.objects.create(
        ordered_by=user,
        dataset=dataset.key,
        form=form,
        filters=period.as_facts(),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        rows_total=rows_in(dataset, user, period),
        ordered_at=now,
        touched_at=now,
    )
    record(
        action="export.ordered",
        subject_type="export",
        subject_key=dataset.key,
        actor_id=user.pk,
        form=form,
        **period.as_facts(),
    )
    return order


def make_waiting_exports() -> int:
    """Make the files that wait, and those whose worker is gone; return how many were made."""
    made = 0
    while (order := _claim()) is not None:
        made += _make(order)
    return made


def _claim() -> ExportFile | None:
    """Take the oldest file in line; only one worker gets it."""
    now = timezone.now()
    ExportFile.objects.filter(state=Progress.WORKING, touched_at__lt=now - LOST).update(state=Progress.WAITING)
    for key in ExportFile.objects.filter(state=Progress.WAITING).order_by("ordered_at").values_list("pk", flat=True):
        mine = ExportFile.objects.filter(pk=key, state=Progress.WAITING)
        if mine.update(state=Progress.WORKING, touched_at=now, rows_done=0):
            return ExportFile.objects.select_related("ordered_by").get(pk=key)
    return None


def _make(order: ExportFile) -> bool:
    try:
        with translation.override(order.language):
            _write(order)
    except Exception:
        # A row that cannot be written must not hold up those behind it, and the page says that it failed.
        log.exception("export failed", extra={"dataset": order.dataset})
        ExportPart.objects.filter(export=order).delete()
        ExportFile.objects.filter(pk=order.pk).update(state=Progress.FAILED, touched_at=timezone.now())
        return False
    return True


def _write(order: ExportFile) -> None:
    """Write the file in parts, each committed by itself; then say that it is ready, with the event."""
    dataset, user, period = DATASETS[order.dataset], order.ordered_by, Period.of(order.filters)
    if not dataset.allowed(user):
        raise NotAllowed
    ExportPart.objects.filter(export=order).delete()
    mine = ExportFile.objects.filter(pk=order.pk)

    def told(count: int) -> None:
        order.rows_done = count
        mine.update(rows_done=count, touched_at=timezone.now())

    number, size, waiting = 0, 0, bytearray()
    for piece in pieces(dataset, user, period, order.form, told=told):
        waiting += piece
        if len(waiting) >= PART_BYTES:
            ExportPart.objects.create(export=order, number=number, content=bytes(waiting))
            number, size = number + 1, size + len(waiting)
            waiting.clear()
    with transaction.atomic():
        ExportPart.objects.create(export=order, number=number, content=bytes(waiting))
        mine.update(
            state=Progress.DONE, size=size + len(waiting), rows_total=order.rows_done, touched_at=timezone.now()
        )
        _record(order.dataset, order.form, period, user.pk, order.rows_done)


def parts_of(order: ExportFile) -> Iterator[bytes]:
    """Yield a file that is ready, one part at a time."""
    for number in range(order.parts.count()):
        yield bytes(ExportPart.objects.get(export=order, number=number).content)


def filename_of(dataset: Dataset, form: str, day: dt.date) -> str:
    """Return what the file is called."""
    return f"vaern-{dataset.key}-{day:%Y-%m-%d}.{suffix_of(form)}"


def purge_exports(*, now: dt.datetime) -> int:
    """Delete files that are a day old; they hold names and addresses."""
    old = ExportFile.objects.filter(ordered_at__lt=now - LIVES)
    count = old.count()
    old.delete()
    return count


def _record(key: str, form: str, period: Period, actor_id: int, rows: int) -> None:
    record(
        action="export.made",
        subject_type="export",
        subject_key=key,
        actor_id=actor_id,
        form=form,
        rows=rows,
        **period.as_facts(),
    )
