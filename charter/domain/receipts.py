"""The verb that issues receipts: printed, sealed, stored and mailed once. Works outside every lock."""

from __future__ import annotations

import hashlib
import logging

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError
from django.utils import timezone

from charter import evidence
from charter.models import Event, Receipt, Term
from charter.receipts import document, signers
from charter.sealing import Sealed, SealUnavailable, present, seal
from vaern.outbox.domain import enqueue
from vaern.pdf.press import PdfUnavailable, make_pdfs

log = logging.getLogger("vaern.jobs")
RECEIPT = "charter.receipt"
BATCH = 20


def issue_receipts() -> int:
    """Make the receipts that are missing and return how many. Until they can be sealed, they wait.

    One that fails is logged and waits alone: it holds up none of those behind it.
    """
    waiting = Term.objects.filter(receipt=None, end_kind="").select_related("partner__organisation", "text")
    terms = list(waiting.order_by("pk"))
    if not terms:
        return 0
    try:
        if not present().holds(timezone.now()):
            raise SealUnavailable("the certificate has lapsed, or does not hold yet")
        written = _written(terms)
        printed = make_pdfs([page for _term, page in written]) if written else []
    except (PdfUnavailable, SealUnavailable) as error:
        log.warning("receipts wait: %s", error)
        return 0
    return sum(_issue(term, pdf) for (term, _page), pdf in zip(written, printed, strict=True))


def _written(terms: list[Term]) -> list[tuple[Term, str]]:
    """Return the first terms whose document can be written, with it."""
    written: list[tuple[Term, str]] = []
    for term in terms:
        if len(written) == BATCH:
            break
        try:
            written.append((term, document(term)))
        except Exception:
            log.exception("a receipt cannot be written", extra={"term": str(term.uuid)})
    return written


def _issue(term: Term, pdf: bytes) -> bool:
    """Seal and keep one receipt; False when it must wait, or another worker was first."""
    try:
        return _keep(term, seal(pdf, now=timezone.now()))
    except SealUnavailable as error:
        log.warning("a receipt waits: %s", error, extra={"term": str(term.uuid)})
    except Exception:
        log.exception("a receipt cannot be kept", extra={"term": str(term.uuid)})
    return False


def _keep(term: Term, sealed: Sealed) -> bool:
    """Store a receipt, and tell those who signed; False when another worker was first."""
    storage = storages["private"]
    sha256 = hashlib.sha256(sealed.content).hexdigest()
    path = storage.save(f"charter/{term.uuid}/{sha256[:16]}.pdf", ContentFile(sealed.content))
    try:
        _write(term, sealed, path, sha256)
    except Exception as error:
        # A connection that was lost while it committed may have kept the row: its file stays.
        if not Receipt.objects.filter(path=path).exists():
            storage.delete(path)
        if isinstance(error, IntegrityError):
            return False
        raise
    return True


def _write(term: Term, sealed: Sealed, path: str, sha256: str) -> None:
    with evidence.gate():
        now = timezone.now()
        receipt = Receipt.objects.create(
            term=term,
            path=path,
            sha256=sha256,
            size=len(sealed.content),
            made_at=now,
            certificate=sealed.certificate,
            timestamped=sealed.timestamped,
        )
        evidence.append(Event.Kind.RECEIPT, subject=term.uuid, now=now, **receipt.as_facts())
        for signer in signers(term):
            if signer.address:
                enqueue(
                    kind=RECEIPT,
                    recipient=signer.address,
                    language=term.partner.language,
                    context={"term": str(term.uuid), "name": signer.name},
                )
