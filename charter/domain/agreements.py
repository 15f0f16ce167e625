"""The verb on cooperation agreements: no new one without a valid signature."""

from __future__ import annotations

import datetime as dt

from charter import evidence
from charter.domain.errors import Refused
from charter.models import Agreement
from charter.queries import covered_on


def write_agreement(*, agreement: Agreement) -> Agreement:
    """Write a new agreement or a changed one. Raises Refused, as `check_agreement` does.

    It takes the lock that signing and withdrawing take: whose signature ends at the same moment is before or after it.
    The caller records who did it, in the same transaction.
    """
    with evidence.gate():
        check_agreement(
            organisation_id=agreement.partner.organisation_id,
            agreed_on=agreement.agreed_on,
            unless=agreement.pk,
        )
        agreement.save()
        return agreement


def check_agreement(*, organisation_id: int, agreed_on: dt.date, unless: int | None = None) -> None:
    """Refuse an agreement with one whose signature is not valid on its day (domain.md §2). Raises Refused: NOT_COVERED.

    An agreement (`unless`, its key) that stands with the same partner and day is not asked again: its end and its
    number can be written also when the signature was annulled later.
    """
    same = Agreement.objects.filter(partner__organisation=organisation_id, agreed_on=agreed_on)
    stands = unless is not None and same.filter(pk=unless).exists()
    if not stands and not covered_on(organisation_id, agreed_on):
        raise Refused(Refused.NOT_COVERED)
