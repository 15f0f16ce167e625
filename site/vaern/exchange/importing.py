"""Files that come in: looked through, shown, and then taken in as a whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from bookings.domain.locking import Busy
from vaern.exchange.changes import Outdated, Preview
from vaern.exchange.importers import IMPORTERS, Importer
from vaern.exchange.models import ImportBatch
from vaern.exchange.tables import MAX_BYTES
from vaern.people.schoolfile import UnreadableFile

__all__ = [
    "MAX_BYTES",
    "NotAllowed",
    "Outdated",
    "confirm",
    "preview_of",
    "purge_imports",
    "receive",
    "take_in_waiting",
]

log = logging.getLogger("vaern.exchange")

AT_ONCE = 1000  # rows; more than that is the worker's
LIVES = dt.timedelta(days=1)
LOST = dt.timedelta(minutes=10)


class NotAllowed(Exception):
    """Whoever sent the file may not take it in any more."""


def receive(*, importer: Importer, name: str, content: bytes, user: Any) -> ImportBatch:
    """Look a file through and keep it with what it would do; nothing else is written. Raises UnreadableFile."""
    if len(content) > MAX_BYTES:
        raise UnreadableFile(_("The file is larger than 10 MB. Divide it into several."))
    try:
        preview = importer.run(content, actor_id=user.pk, write=False)
    except Busy as error:
        raise UnreadableFile(_("The system is busy right now. Try again in a moment.")) from error
    now = timezone.now()
    return ImportBatch.objects.create(
        kind=importer.key,
        sent_by=user,
        name=name[-120:],
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        rows_total=len(preview.changes),
        new=preview.new,
        changed=preview.changed,
        unchanged=preview.unchanged,
        preview=preview.as_facts(),
        sent_at=now,
        touched_at=now,
    )


def preview_of(batch: ImportBatch) -> Preview:
    """Return what was found when the file was looked through."""
    return Preview.of(batch.preview)


def confirm(*, batch: ImportBatch) -> bool:
    """Take a file in that was looked through: True when it is in, False when the worker will do it.

    Sent twice, it is taken in once. Raises Outdated, and writes nothing, when it would do something else by now, and
    Busy, with the file looked through as it was, when the locks were not to be had (domain.md I9).
    """
    if preview_of(batch).errors:
        raise Outdated(preview_of(batch))
    mine = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.SEEN)
    now = timezone.now()
    large = batch.rows_total > AT_ONCE
    to = ImportBatch.State.WAITING if large else ImportBatch.State.WORKING
    if not mine.update(state=to, touched_at=now):
        return False
    if large:
        return False
    _take_in(batch, when_busy=ImportBatch.State.SEEN)
    return True


def take_in_waiting() -> int:
    """Take in the files that wait; return how many. A worker that is gone has written nothing: all or none."""
    lost = ImportBatch.objects.filter(state=ImportBatch.State.WORKING, touched_at__lt=timezone.now() - LOST)
    lost.update(state=ImportBatch.State.WAITING)
    done = 0
    for key in (
        ImportBatch.objects.filter(state=ImportBatch.State.WAITING).order_by("sent_at").values_list("pk", flat=True)
    ):
        mine = ImportBatch.objects.filter(pk=key, state=ImportBatch.State.WAITING)
        if not mine.update(state=ImportBatch.State.WORKING, touched_at=timezone.now()):
            continue
        try:
            with translation.override("da"):
                _take_in(ImportBatch.objects.select_related("sent_by").get(pk=key), when_busy=ImportBatch.State.WAITING)
        except (Busy, NotAllowed, Outdated):
            continue  # it waits for the next round, or its page says why
        except Exception:
            log.exception("import failed", extra={"batch": key})
            continue
        done += 1
    return done


def _take_in(batch: ImportBatch, *, when_busy: str) -> None:
    """Write the file, and say how it went. Whatever goes wrong, nothing of the file is written.

    `when_busy`: the state to go back to when the locks were not to be had. Who sent it must still be allowed to: their
    role may have gone while it waited.
    """
    mine = ImportBatch.objects.filter(pk=batch.pk)
    shown = preview_of(batch)
    importer = IMPORTERS[batch.kind]
    if batch.sent_by is None or not importer.allowed(batch.sent_by):
        problem = _("Whoever sent the file may not take such files in any more.")
        mine.update(state=ImportBatch.State.FAILED, problem=problem, touched_at=timezone.now())
        raise NotAllowed
    try:
        done = importer.run(
            bytes(batch.content or b""), actor_id=batch.sent_by_id, write=True, expected=shown, batch=batch
        )
    except Busy:
        mine.update(state=when_busy, rows_done=0, touched_at=timezone.now())
        raise
    except Outdated as error:
        # Looked through anew, so that the page shows what is in the way.
        facts = error.preview.as_facts()
        mine.update(
            state=ImportBatch.State.SEEN,
            preview=facts,
            new=error.preview.new,
            changed=error.preview.changed,
            unchanged=error.preview.unchanged,
            touched_at=timezone.now(),
        )
        raise
    except Exception:
        problem = _("Something went wrong on our side. Try again; if it fails once more, tell your administrator.")
        mine.update(state=ImportBatch.State.FAILED, problem=problem, touched_at=timezone.now())
        raise
    mine.update(
        state=ImportBatch.State.DONE,
        content=None,
        preview={},
        rows_done=len(done.changes),
        touched_at=timezone.now(),
    )


def purge_imports(*, now: dt.datetime) -> int:
    """Forget the content of files that are a day old; that they came, and what they did, stays.

    What is confirmed and not taken in yet is kept: the worker was away, and the file is still to be done.
    """
    in_hand = (ImportBatch.State.WAITING, ImportBatch.State.WORKING)
    old = ImportBatch.objects.filter(sent_at__lt=now - LIVES).exclude(content=None, preview={})
    old = old.exclude(state__in=in_hand)
    old.filter(state=ImportBatch.State.SEEN).update(state=ImportBatch.State.FAILED, problem=_("It was not confirmed."))
    return old.update(content=None, preview={})
