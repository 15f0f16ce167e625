"""Reads: who is covered when, how each partner stands, and which text is in force."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from charter.models import CharterText, Event, Invitation, Partner, Request, Term
from charter.rules import Cover, cover
from vaern.people.models import Organisation


def covered_on(organisation: Organisation | int, day: dt.date) -> bool:
    """Say whether an organisation's signature is valid on a day."""
    key = organisation if isinstance(organisation, int) else organisation.pk
    return Term.objects.on(day).filter(partner__organisation=key).exists()


def uncovered(asked: Iterable[tuple[int, dt.date]]) -> set[tuple[int, dt.date]]:
    """Return those (organisation's id, day) on which one that must sign is not covered: the rule for sessions.

    Partners and suppliers sign; schools and the city itself do not (domain.md §2). Two queries, none for nothing.
    """
    wanted = set(asked)
    if not wanted:
        return set()
    bound = set(
        Organisation.objects.filter(
            pk__in={pk for pk, _day in wanted}, kind__in=[Organisation.Kind.PARTNER, Organisation.Kind.SUPPLIER]
        ).values_list("pk", flat=True)
    )
    terms: dict[int, list[Term]] = {pk: [] for pk in bound}
    for term in Term.objects.standing().filter(partner__organisation__in=bound).select_related("partner"):
        terms[term.partner.organisation_id].append(term)
    return {
        (pk, day)
        for pk, day in wanted
        if pk in bound and not any(term.valid_from <= day < term.until for term in terms[pk])
    }


def partners_covered_on(day: dt.date) -> QuerySet[Partner]:
    """Return the partners who were covered on a day, by name."""
    terms = Term.objects.on(day).values("partner")
    return Partner.objects.filter(pk__in=terms).select_related("organisation")


def covered_until(partner: Partner) -> dt.date | None:
    """Return the first day that no term of a partner covers any more, past or to come; None without a term."""
    return ends_of([partner.pk]).get(partner.pk)


def ends_of(partners: Collection[int]) -> dict[int, dt.date]:
    """Return {partner's id: first day that no term covers any more}, without those that have no term. One query."""
    terms: dict[int, list[Term]] = defaultdict(list)
    for term in Term.objects.standing().filter(partner__in=partners):
        terms[term.partner_id].append(term)
    found = {key: last_end(rows) for key, rows in terms.items()}
    return {key: end for key, end in found.items() if end is not None}


def last_end(terms: Iterable[Term]) -> dt.date | None:
    """Return where the last of these terms ends; one that was withdrawn before it began covers nothing."""
    return max((term.until for term in terms if term.valid_from < term.until), default=None)


def current_text() -> CharterText | None:
    """Return the text that is in force."""
    return CharterText.objects.published().first()


def open_invitation(token_hash: str, now: dt.datetime) -> Invitation | None:
    """Return the invitation of a link that can be used: unknown, expired and used ones look alike."""
    found = Invitation.objects.with_whole().filter(token_hash=token_hash).first()
    return found if found is not None and found.is_usable(now) else None


@dataclass(frozen=True)
class Standing:
    """A partner as the register shows it."""

    partner: Partner
    cover: Cover
    until: dt.date | None
    request: Request | None
    last_request: Request | None

    @property
    def state(self) -> str:
        """Return the one word that the register shows."""
        if self.cover in {Cover.COVERED, Cover.LAPSING}:
            return str(self.cover.value)
        if self.request is not None:
            return "in_progress"
        if self.last_request is not None and self.last_request.state == Request.State.DECLINED:
            return "declined"
        return str(self.cover.value)


def with_standing(partners: QuerySet[Partner]) -> QuerySet[Partner]:
    """Read what `standing` needs with the partners: three queries for a whole list."""
    return partners.select_related("organisation").prefetch_related(
        Prefetch("terms", Term.objects.standing(), to_attr="standing_terms"),
        Prefetch("requests", Request.objects.order_by("-created_at", "-pk"), to_attr="all_requests"),
    )


def standing(partner: Partner, today: dt.date | None = None) -> Standing:
    """Return how a partner read by `with_standing` stands."""
    terms: Sequence[Term] = partner.standing_terms  # type: ignore[attr-defined]
    requests: Sequence[Request] = partner.all_requests  # type: ignore[attr-defined]
    until = last_end(terms)
    return Standing(
        partner=partner,
        cover=cover(until, today or timezone.localdate()),
        until=until,
        request=next((row for row in requests if row.state == Request.State.OPEN), None),
        last_request=requests[0] if requests else None,
    )


def public_partners(day: dt.date) -> list[str]:
    """Return the names of those who are covered and have said yes to being named."""
    rows = partners_covered_on(day).filter(on_public_list=True)
    return list(rows.order_by("organisation__name").values_list("organisation__name", flat=True))


def timeline(partner: Partner) -> QuerySet[Event]:
    """Return what has happened with a partner's requests and terms, the newest first, without who it was."""
    subjects = [str(key) for key in Request.objects.filter(partner=partner).values_list("uuid", flat=True)]
    subjects += [str(key) for key in Term.objects.filter(partner=partner).values_list("uuid", flat=True)]
    return Event.objects.filter(subject__in=subjects).order_by("-number")
