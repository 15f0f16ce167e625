"""Signing: the text, the code, joint signatories, no, somebody else; and terms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.utils import timezone

from charter import evidence
from charter.domain.agreements import write_agreement
from charter.domain.errors import Refused
from charter.domain.requests import cancel_request, decline_request, resend_link, send_request
from charter.domain.retention import forget_evidence
from charter.domain.signatories import approve_signatory
from charter.domain.signing import ask_for_code, name_other, sign
from charter.domain.terms import annul_term, withdraw_terms
from charter.domain.texts import decline_text, publish_text
from charter.links import hash_of, link_to, token_of
from charter.models import (
    Agreement,
    CharterText,
    Event,
    Invitation,
    Partner,
    Personal,
    Request,
    Signatory,
    Signature,
    Term,
)
from charter.queries import covered_on, open_invitation, public_partners, uncovered
from tests.conftest import NOW
from tests.factories.charter import (
    ORIGIN,
    code_for,
    invite,
    make_partner,
    propose,
    publish,
    reading,
    signed,
)
from tests.factories.people import make_school, make_user
from vaern.outbox.models import Message
from vaern.outbox.registry import renderer_of

pytestmark = pytest.mark.usefixtures("site", "clock")
DAY = dt.timedelta(days=1)


def why(verb: object, **facts: object) -> str:
    with pytest.raises(Refused) as refused:
        verb(**facts)  # type: ignore[operator]
    return refused.value.why


def attempt(invitation: Invitation, answer: str, **fields: object) -> str:
    return why(sign, invitation_id=invitation.pk, read=reading(invitation, **fields), answer=answer, origin=ORIGIN)


def test_a_signature_gives_a_term() -> None:
    text, partner = publish(), make_partner("Foreningen Æble")
    done = signed(partner, on_public_list=True)
    term = Term.objects.get()
    assert (term.valid_from, term.valid_until) == (dt.date(2026, 11, 23), dt.date(2027, 11, 23))
    assert (done.signature.text_sha256, done.signature.organisation_name) == (text.sha256, "Foreningen Æble")
    assert done.signature.level == "SES"
    assert public_partners(timezone.localdate()) == ["Foreningen Æble"]
    kinds = list(Event.objects.values_list("kind", flat=True))
    assert kinds == ["published", "requested", "code_sent", "signed", "term"]
    assert evidence.broken_at() is None
    assert Request.objects.get().state == "signed"
    assert list(Message.objects.order_by("pk").values_list("kind", flat=True)) == ["charter.request", "charter.code"]


def test_no_link_and_no_code_is_kept() -> None:
    publish()
    invitation = invite(make_partner())
    code = code_for(invitation)
    token = token_of(invitation)
    kept = " ".join(str(row) for model in (Invitation, Message, Event) for row in model.objects.values())
    assert token not in kept
    message = Message.objects.get(kind="charter.code")
    assert code in renderer_of("charter.code")(message.context).body  # it is made when the mail is written
    assert code not in kept.replace(invitation.token_hash, "").replace(invitation.code_hash, "")
    assert invitation.token_hash == hash_of(token)
    assert len(code) == 6


def test_five_tries_then_a_new_code(clock: time_machine.Coordinates) -> None:
    publish()
    invitation = invite(make_partner())
    code = code_for(invitation)
    wrong = "000000" if code != "000000" else "111111"
    assert [attempt(invitation, wrong) for _ in range(5)] == [Refused.CODE] * 5
    assert attempt(invitation, code) == Refused.CODE
    clock.shift(dt.timedelta(minutes=2))
    again = code_for(invitation)
    assert again != code
    assert sign(invitation_id=invitation.pk, read=reading(invitation), answer=again, origin=ORIGIN).term is not None


def test_a_code_works_for_ten_minutes(clock: time_machine.Coordinates) -> None:
    publish()
    invitation = invite(make_partner())
    code = code_for(invitation)
    clock.shift(dt.timedelta(minutes=10))
    assert attempt(invitation, code) == Refused.CODE
    assert Signature.objects.count() == 0


def test_asking_twice_sends_one_code(clock: time_machine.Coordinates) -> None:
    publish()
    invitation = invite(make_partner())
    assert code_for(invitation) == code_for(invitation)
    assert Message.objects.filter(kind="charter.code").count() == 1
    clock.shift(dt.timedelta(seconds=61))
    code_for(invitation)
    assert Message.objects.filter(kind="charter.code").count() == 2


def test_the_same_form_twice_is_one_signature() -> None:
    publish()
    invitation = invite(make_partner())
    code = code_for(invitation)
    facts = {"invitation_id": invitation.pk, "read": reading(invitation), "answer": code, "origin": ORIGIN}
    first, second = sign(**facts), sign(**facts)
    assert first == second
    assert (Signature.objects.count(), Term.objects.count()) == (1, 1)
    assert attempt(invitation, "x") == Refused.GONE


def test_a_text_replaced_meanwhile_is_refused() -> None:
    old = publish()
    invitation = invite(make_partner())
    code = code_for(invitation)
    new = publish("Noget helt andet.")
    assert (
        why(sign, invitation_id=invitation.pk, read=reading(invitation, old), answer=code, origin=ORIGIN)
        == Refused.STALE
    )
    assert Signature.objects.count() == 0
    assert Event.objects.filter(kind=Event.Kind.STALE).count() == 1
    done = sign(invitation_id=invitation.pk, read=reading(invitation, new), answer=code, origin=ORIGIN)
    assert done.signature.text == new
    assert Request.objects.get().text == new
    assert new.number == "2.0"


def test_joint_signatories_sign_all() -> None:
    publish()
    partner = make_partner(signatories=2, authority="jointly")
    request = send_request(partner_id=partner.pk, actor_id=None)
    terms = []
    for invitation in request.invitations.order_by("pk"):
        answer = code_for(invitation)
        terms.append(sign(invitation_id=invitation.pk, read=reading(invitation), answer=answer, origin=ORIGIN).term)
    assert terms[0] is None
    assert terms[1] is not None
    assert (Signature.objects.count(), Term.objects.count()) == (2, 1)


def test_two_who_sign_alone_give_one_term() -> None:
    publish()
    partner = make_partner(signatories=2)
    first, second = send_request(partner_id=partner.pk, actor_id=None).invitations.order_by("pk")
    codes = [code_for(first), code_for(second)]
    sign(invitation_id=first.pk, read=reading(first), answer=codes[0], origin=ORIGIN)
    assert attempt(second, codes[1]) == Refused.GONE
    assert Term.objects.count() == 1


def test_links_die(clock: time_machine.Coordinates) -> None:
    publish()
    invitation = invite(make_partner())
    old = hash_of(token_of(invitation))
    resend_link(invitation_id=invitation.pk, actor_id=None)
    invitation.refresh_from_db()
    new = hash_of(token_of(invitation))
    assert open_invitation(old, timezone.now()) is None
    assert open_invitation(new, timezone.now()) == invitation
    assert link_to(invitation).startswith("/charter/underskriv/")
    clock.shift(30 * DAY)
    assert open_invitation(new, timezone.now()) is None
    assert why(ask_for_code, invitation_id=invitation.pk, text_sha256="x", origin=ORIGIN) == Refused.GONE
    cancel_request(request_id=invitation.request_id, actor_id=None)
    assert Request.objects.get().state == "cancelled"


def test_saying_no_ends_it_and_names_nobody_in_the_chain() -> None:
    publish()
    partner = make_partner("Foreningen Nej")
    invitation = invite(partner)
    decline_request(invitation_id=invitation.pk)
    assert Request.objects.get().state == "declined"
    assert open_invitation(invitation.token_hash, timezone.now()) is None
    assert str(partner.uuid) not in str(list(Event.objects.values()))
    assert why(decline_request, invitation_id=invitation.pk) == Refused.GONE


def test_who_signs_no_more_says_no_for_nobody(clock: time_machine.Coordinates) -> None:
    publish()
    invitation = invite(make_partner())
    other = name_other(invitation_id=invitation.pk, name="Kim Ny", title="", email="kim@example.dk")
    approve_signatory(signatory_id=other.pk, actor_id=None)
    assert why(decline_request, invitation_id=invitation.pk) == Refused.GONE
    assert Request.objects.get().state == "open"
    mine = Invitation.objects.get(signatory=other)
    clock.move_to(mine.expires_at)
    assert why(decline_request, invitation_id=mine.pk) == Refused.GONE
    assert Request.objects.get().state == "open"
    clock.move_to(mine.expires_at - dt.timedelta(seconds=1))
    assert decline_request(invitation_id=mine.pk).state == "declined"


def test_the_clock_is_read_behind_the_lock(clock: time_machine.Coordinates, monkeypatch: pytest.MonkeyPatch) -> None:
    publish()
    invitation = invite(make_partner())
    real = evidence.gate

    @contextmanager
    def crowded() -> Iterator[None]:
        """The link runs out while the verb stands in line."""
        with real():
            clock.move_to(invitation.expires_at)
            yield

    monkeypatch.setattr(evidence, "gate", crowded)
    assert why(decline_request, invitation_id=invitation.pk) == Refused.GONE


def test_a_new_link_is_sent_for_one_that_has_run_out_and_not_to_who_signs_no_more(
    clock: time_machine.Coordinates,
) -> None:
    publish()
    invitation = invite(make_partner())
    clock.move_to(invitation.expires_at)
    assert resend_link(invitation_id=invitation.pk, actor_id=None).is_usable(timezone.now())
    Signatory.objects.filter(pk=invitation.signatory_id).update(state="ended")
    assert why(resend_link, invitation_id=invitation.pk, actor_id=None) == Refused.NOT_OPEN


def test_an_agreement_is_written_with_who_is_covered_on_its_day(clock: time_machine.Coordinates) -> None:
    publish()
    partner, today = make_partner(), timezone.localdate()

    def agreement(day: dt.date) -> Agreement:
        return Agreement(partner=partner, kind="workshops", agreed_on=day, valid_from=day)

    assert why(write_agreement, agreement=agreement(today)) == Refused.NOT_COVERED
    term = signed(partner).term
    assert term is not None
    kept = write_agreement(agreement=agreement(today))
    for day in (today - DAY, term.valid_until):
        assert why(write_agreement, agreement=agreement(day)) == Refused.NOT_COVERED
    assert list(Agreement.objects.all()) == [kept]
    annul_term(term_id=term.pk, reason="Ikke bemyndiget", actor_id=None)
    # One that stands can get its end; another day is asked anew.
    kept.valid_until = today + 9 * DAY
    write_agreement(agreement=kept)
    kept.agreed_on = today + DAY
    assert why(write_agreement, agreement=kept) == Refused.NOT_COVERED
    kept.refresh_from_db()
    assert (kept.agreed_on, kept.valid_until) == (today, today + 9 * DAY)


def test_somebody_else_signs_after_approval() -> None:
    publish()
    make_user("coordinator", "koordinator@example.dk")
    invitation = invite(make_partner())
    facts = {"name": "Kim Ny", "title": "", "email": "kim@example.dk"}
    other = name_other(invitation_id=invitation.pk, **facts)
    assert why(name_other, invitation_id=invitation.pk, **facts) == Refused.KNOWN_ADDRESS
    assert Message.objects.filter(kind="charter.proposed").get().recipient == "koordinator@example.dk"
    assert Message.objects.filter(recipient="kim@example.dk").count() == 0
    approve_signatory(signatory_id=other.pk, actor_id=None)
    assert Message.objects.filter(recipient="kim@example.dk").count() == 1
    assert open_invitation(invitation.token_hash, timezone.now()) is None
    mine = Invitation.objects.get(signatory=other)
    sign(invitation_id=mine.pk, read=reading(mine, name="Kim Ny"), answer=code_for(mine), origin=ORIGIN)
    assert Signatory.objects.get(pk=invitation.signatory_id).state == "ended"


def test_renewal_goes_on_where_the_term_ends(clock: time_machine.Coordinates) -> None:
    publish()
    partner = make_partner()
    signed(partner)
    clock.move_to(NOW + 304 * DAY)
    assert why(send_request, partner_id=partner.pk, actor_id=None) == Refused.TOO_EARLY
    clock.move_to(NOW + 305 * DAY)  # the first day of the window
    signed(partner)
    spans = list(Term.objects.order_by("valid_from").values_list("valid_from", "valid_until"))
    days = [dt.date(2026 + year, 11, 23) for year in range(3)]
    assert spans == [(days[0], days[1]), (days[1], days[2])]
    organisation = partner.organisation
    assert [covered_on(organisation, day) for day in (days[0] - DAY, days[0], days[1], days[2] - DAY, days[2])] == [
        False, True, True, True, False,
    ]  # fmt: skip
    clock.move_to(NOW + 732 * DAY)
    signed(partner)
    assert Term.objects.latest("valid_from").valid_from == days[2] + DAY


def test_withdrawing_and_annulling(clock: time_machine.Coordinates) -> None:
    publish()
    partner = make_partner()
    signed(partner)
    clock.shift(310 * DAY)
    signed(partner)
    clock.shift(10 * DAY)
    today = timezone.localdate()
    assert why(withdraw_terms, partner_id=partner.pk, reason=" ", actor_id=None) == Refused.NO_REASON
    assert len(withdraw_terms(partner_id=partner.pk, reason="De har skrevet", actor_id=None)) == 2
    covers = [covered_on(partner.organisation, day) for day in (today - DAY, today, today + 100 * DAY)]
    assert covers == [True, False, False]
    done = signed(partner)
    assert done.term is not None
    assert done.term.valid_from == today
    annul_term(term_id=done.term.pk, reason="Ikke bemyndiget", actor_id=None)
    assert covered_on(partner.organisation, today) is False
    again = signed(partner).term
    assert again is not None
    assert again.valid_from == today
    assert evidence.broken_at() is None


def test_the_rule_for_providers() -> None:
    publish()
    partner, school = make_partner(), make_school()
    today = timezone.localdate()
    ours, theirs = partner.organisation_id, school.pk
    assert uncovered([]) == set()
    assert uncovered([(ours, today), (theirs, today)]) == {(ours, today)}
    signed(partner)
    last, after = today + 364 * DAY, today + 365 * DAY
    assert uncovered([(ours, today - DAY), (ours, today), (ours, last), (ours, after), (theirs, after)]) == {
        (ours, today - DAY),
        (ours, after),
    }


def test_texts_take_two_persons() -> None:
    one, two = make_user("coordinator"), make_user("approver")
    text = propose(actor_id=one.pk)
    assert why(propose, body="Andet.") == Refused.OPEN_PROPOSAL
    facts = {"approved_by": "Udvalget", "approved_on": timezone.localdate()}
    assert why(publish_text, text_id=text.pk, actor_id=one.pk, **facts) == Refused.OWN_PROPOSAL
    publish_text(text_id=text.pk, actor_id=two.pk, **facts)
    assert CharterText.objects.get().number == "1.0"
    assert why(publish_text, text_id=text.pk, actor_id=two.pk, **facts) == Refused.NOT_OPEN
    assert why(propose) == Refused.SAME_TEXT
    small = propose("Næsten det samme.", kind="editorial", actor_id=one.pk)
    decline_text(text_id=small.pk, actor_id=two.pk)
    assert publish("Næsten det samme.", kind="editorial").number == "1.1"


def test_a_changed_link_of_the_chain_is_found() -> None:
    publish()
    signed(make_partner())
    assert evidence.broken_at() is None
    fact = Personal.objects.filter(name="name").get()
    Personal.objects.filter(pk=fact.pk).update(value="En anden")
    assert evidence.broken_at() == fact.event.number


def test_erasing_leaves_the_chain_whole(clock: time_machine.Coordinates) -> None:
    publish()
    signed(make_partner())
    assert sorted(Personal.objects.filter(event__kind="signed").values_list("name", flat=True)) == [
        "address", "browser", "name", "network", "title",
    ]  # fmt: skip
    clock.move_to(NOW + 729 * DAY)
    assert forget_evidence(now=timezone.now()).traces == 0
    clock.move_to(NOW + 731 * DAY)
    assert forget_evidence(now=timezone.now(), dry_run=True).traces == 4
    assert forget_evidence(now=timezone.now()).traces == 4
    assert sorted(Personal.objects.filter(event__kind="signed").values_list("name", flat=True)) == [
        "address", "name", "title",
    ]  # fmt: skip
    clock.move_to(NOW + 7 * 366 * DAY)
    assert forget_evidence(now=timezone.now()).people == 4
    assert Personal.objects.count() == 0
    assert evidence.broken_at() is None


def test_who_declined_is_forgotten_after_a_year(clock: time_machine.Coordinates) -> None:
    publish()
    decline_request(invitation_id=invite(make_partner()).pk)
    clock.shift(365 * DAY)
    assert forget_evidence(now=timezone.now()).requests == 0
    clock.shift(DAY)
    assert forget_evidence(now=timezone.now()).requests == 1
    assert (Request.objects.count(), Partner.objects.count()) == (0, 1)
    assert evidence.broken_at() is None
