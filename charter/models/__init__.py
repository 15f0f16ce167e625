"""What the charter's tables hold."""

from charter.models.agreements import Agreement
from charter.models.evidence import Event, Personal
from charter.models.partners import Partner, Signatory
from charter.models.requests import Invitation, Request
from charter.models.terms import Receipt, Signature, Term
from charter.models.texts import CharterText

__all__ = [
    "Agreement",
    "CharterText",
    "Event",
    "Invitation",
    "Partner",
    "Personal",
    "Receipt",
    "Request",
    "Signatory",
    "Signature",
    "Term",
]
