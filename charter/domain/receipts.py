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
    """Make the receipts that are missing and return how many. Until they can be sealed, they wait."""
    waiting = Term.objects.filter(receipt=None, end_kind="").select_related("partner__organisation", "text")
    terms = list(waiting.order_by("pk")[:BATCH])
    if not terms:
        return 0
    try:
        if not present().holds(timezone.now()):
            raise SealUnavailable("the certificate has lapsed, or does not hold yet")
        printed = make_pdfs([document(term) for term in terms])
        return sum(_keep(term, seal(pdf, now=timezone.now())) for term, pdf in zip(terms, printed, strict=True))
    except (PdfUnavailable, SealUnavailable) as error:
        log.warning("receipts wait: %s", error)
        return 0


def _keep(term: Term, sealed: Sealed) -> bool:
    """Store a receipt, and tell those who signed; False when another worker was first."""
    storage = storages["private"]
    sha256 = hashlib.sha256(sealed.content).hexdigest()
    path = storage.save(f"charter/{term.uuid}/{sha256[:16]}.pdf", ContentFile(sealed.content))
    now = timezone.now()
    try:
        with evidence.gate():
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
    except IntegrityError:
        storage.delete(path)
        return False
    return True
