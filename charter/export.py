"""What goes to the records system: the receipt, and who, what and when as JSON. No person's name beside the PDF."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from django.core.files.storage import storages
from django.utils import timezone

from charter.codes import shown
from charter.models import Receipt, Term


class NotReady(Exception):
    """The receipt has not been made yet."""


def metadata(term: Term) -> dict[str, Any]:
    """Return what a records system asks of a document."""
    receipt = _receipt(term)
    return {
        "title": f"{term.text.title_da}, version {term.text.number}: {term.organisation_name}",
        "date": timezone.localdate(term.signed_at).isoformat(),
        "parties": ["Københavns Kommune", term.organisation_name],
        "valid_from": term.valid_from.isoformat(),
        "valid_until": term.valid_until.isoformat(),
        "ended_on": term.ended_on.isoformat() if term.ended_on else None,
        "verification_code": shown(term.code),
        "text_sha256": term.text.sha256,
        "file": {"name": "kvittering.pdf", "sha256": receipt.sha256, "size": receipt.size},
    }


def package(term: Term) -> bytes:
    """Return the receipt and its metadata as one file. Raises NotReady."""
    receipt = _receipt(term)
    with storages["private"].open(receipt.path) as stored:
        content = stored.read()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("kvittering.pdf", content)
        packed.writestr("metadata.json", json.dumps(metadata(term), ensure_ascii=False, indent=2))
    return buffer.getvalue()


def _receipt(term: Term) -> Receipt:
    receipt: Receipt | None = getattr(term, "receipt", None)
    if receipt is None:
        raise NotReady
    return receipt
