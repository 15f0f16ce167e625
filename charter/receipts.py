"""The document of a receipt: what was signed, by whom, when and how. In the partner's language; the text in Danish."""

from __future__ import annotations

import io
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from charter.codes import shown
from charter.models import Event, Personal, Signature, Term
from charter.prose import blocks
from charter.rules import masked
from charter.words import level_in_words


@dataclass(frozen=True)
class Signer:
    """Who signed, from the personal part of the evidence."""

    signature: Signature
    name: str
    title: str
    address: str

    @property
    def masked(self) -> str:
        """Return the address as others may see it."""
        return masked(self.address) if self.address else ""


def signers(term: Term) -> list[Signer]:
    """Return who signed for a term; names are empty once they are erased."""
    rows = Signature.objects.filter(request_uuid=term.request_uuid, text=term.text).prefetch_related("event__personal")
    found = []
    for row in rows:
        known = {fact.name: fact.value for fact in row.event.personal.all()}
        names = (Personal.Name.NAME, Personal.Name.TITLE, Personal.Name.ADDRESS)
        found.append(Signer(row, *(known.get(name, "") for name in names)))
    return found


def check_address(term: Term) -> str:
    """Return the absolute address of the verification page."""
    return settings.VAERN_BASE_URL + reverse("charter:verified", kwargs={"code": term.code})


def document(term: Term) -> str:
    """Return the page from which the receipt is printed."""
    with translation.override(term.partner.language):
        people = signers(term)
        subjects = [str(term.request_uuid), str(term.uuid)]
        events = list(Event.objects.filter(subject__in=subjects).exclude(kind=Event.Kind.CODE_WRONG).order_by("number"))
        context: dict[str, Any] = {
            "term": term,
            "text": term.text,
            "blocks": blocks(term.text.body_da),
            "language": term.partner.language,
            "signers": people,
            "first": people[0],
            "statement": people[0].signature.statement,
            "level": level_in_words(people[0].signature.level),
            "events": events,
            "head": events[-1].hash if events else "",
            "code": shown(term.code),
            "address": check_address(term),
            "qr": _qr(check_address(term)),
        }
        return render_to_string("charter/receipt.html", context)


def _qr(address: str) -> str:
    """Return a QR code as the address of a picture; an address in one's own data is all that the printer needs."""
    buffer = io.BytesIO()
    segno.make(address, error="m").save(buffer, kind="svg", scale=3, xmldecl=False, svgns=True, border=2)
    return f"data:image/svg+xml;base64,{b64encode(buffer.getvalue()).decode()}"
