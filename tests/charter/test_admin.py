"""The register and the texts in Wagtail's admin."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from charter.admin import forms
from charter.domain.requests import decline_request
from charter.models import Agreement, CharterText, Partner, Receipt, Request, Signatory, Term
from tests.factories.charter import invite, make_partner, publish, signed
from tests.factories.people import make_user
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message
from vaern.people.models import Organisation

pytestmark = pytest.mark.usefixtures("site", "clock")
REGISTER = "charter_partners:index"


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


@pytest.fixture
def coordinator() -> Client:
    return client_of("coordinator")


def said(response: Any) -> str:
    return html.unescape(response.content.decode())


def test_only_coordinators_see_the_register(coordinator: Client) -> None:
    publish()
    partner = make_partner("Foreningen Nej")
    decline_request(invitation_id=invite(partner).pk)
    paths = [reverse(REGISTER), reverse("charter_partners:inspect", args=[partner.pk])]
    for path in paths:
        page = coordinator.get(path)
        assert page.status_code == 200
        assert "Sagt nej" in said(page)
        for role in ("editor", "approver", "administrator"):
            answer = client_of(role).get(path)
            assert "Foreningen Nej" not in said(answer)
            assert answer.status_code in {302, 403}


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_register_costs_the_same(coordinator: Client, number: int, django_assert_num_queries: Any) -> None:
    publish()
    for _ in range(number):
        make_partner()
    path = reverse(REGISTER)
    coordinator.get(path)
    with django_assert_num_queries(QUERIES):
        page = coordinator.get(path)
    assert said(page).count("Ikke spurgt endnu") == min(number, 20) + 1  # and once in the filter


QUERIES = 12


def test_asking_one_and_taking_it_back(coordinator: Client) -> None:
    publish()
    partner = make_partner()
    path = reverse("charter_partners:send", args=[partner.pk])
    assert coordinator.get(path).status_code == 200
    assert Request.objects.count() == 0
    assert coordinator.post(path).status_code == 302
    assert "Der er allerede en åben anmodning." in said(coordinator.post(path))
    invitation = Request.objects.get().invitations.get()
    assert coordinator.post(reverse("charter_partners:resend", args=[invitation.pk])).status_code == 302
    assert Message.objects.filter(kind="charter.request").count() == 2
    assert coordinator.post(reverse("charter_partners:cancel", args=[invitation.request_id])).status_code == 302
    assert Request.objects.get().state == "cancelled"
    assert AuditEvent.objects.filter(action__startswith="charter_request.").count() == 3


def test_a_round_shows_first_who_is_asked(coordinator: Client) -> None:
    publish()
    one, two, three = make_partner("En"), make_partner("To"), make_partner("Tre", signatories=0)
    decline_request(invitation_id=invite(two).pk)
    path = reverse("charter_partners:round")
    page = said(coordinator.get(path))
    assert f'value="{one.pk}" checked' in page
    assert f'value="{two.pk}">' in page  # not ticked: they said no
    assert "Tre: Samarbejdspartneren har ingen underskriver." in page
    coordinator.post(path, {"partner": [one.pk, three.pk, "x"]})
    assert list(Request.objects.filter(state="open").values_list("partner", flat=True)) == [one.pk]


@pytest.mark.parametrize("number", [1, 3, 30])
def test_a_round_costs_the_same(coordinator: Client, number: int, django_assert_num_queries: Any) -> None:
    publish()
    for one in range(number):
        make_partner(f"Forening {one}")
        signed(make_partner())
        make_partner(signatories=0)
        invite(make_partner())
    path = reverse("charter_partners:round")
    coordinator.get(path)
    with django_assert_num_queries(ROUND):
        page = said(coordinator.get(path))
    found = [page.count(words) for words in (" checked", "fra 60 dage", "ingen underskriver", "en åben anmodning")]
    assert found == [number] * 4


ROUND = 16


def test_the_package_is_handed_out_and_that_is_recorded(coordinator: Client, settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    publish()
    term = signed(make_partner()).term
    assert term is not None
    path = reverse("charter_partners:export", args=[term.pk])
    assert coordinator.post(path).status_code == 302  # not ready: nothing is handed out
    assert AuditEvent.objects.filter(action="charter_term.exported").count() == 0
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    Receipt.objects.create(
        term=term, path="x.pdf", sha256="0" * 64, size=4, made_at=timezone.now(), certificate="0" * 64
    )
    assert coordinator.post(path)["Content-Type"] == "application/zip"
    event = AuditEvent.objects.get(action="charter_term.exported")
    assert (event.subject_type, event.subject_key) == ("charter_term", str(term.uuid))
    assert event.actor_id is not None


def test_withdrawing_and_annulling(coordinator: Client) -> None:
    publish()
    partner = make_partner()
    term = signed(partner).term
    assert term is not None
    path = reverse("charter_partners:withdraw", args=[partner.pk])
    assert "Skriv en grund." in said(coordinator.post(path, {"reason": ""}))
    assert coordinator.post(path, {"reason": "De har skrevet"}).status_code == 302
    assert Term.objects.get().end_kind == "withdrawn"
    second = signed(partner).term
    assert second is not None
    path = reverse("charter_partners:annul", args=[second.pk])
    assert coordinator.post(path, {"reason": "Fejl"}).status_code == 302
    assert Term.objects.get(pk=second.pk).end_kind == "annulled"
    assert coordinator.get(reverse("charter_partners:inspect", args=[partner.pk])).status_code == 200


def test_a_signatory_is_approved(coordinator: Client) -> None:
    publish()
    partner = make_partner()
    invite(partner)
    named = Signatory.objects.create(partner=partner, name="Ny", email="ny@example.dk", state="proposed")
    assert coordinator.post(reverse("charter_partners:approve", args=[named.pk])).status_code == 302
    named.refresh_from_db()
    assert named.state == "active"
    path = reverse("charter_signatories:edit", args=[named.pk])
    data = {"name": "Ny Navn", "title": "", "authority": "alone", "state": "ended", "email": "anden@example.dk"}
    assert coordinator.post(path, data).status_code == 302
    named.refresh_from_db()
    assert (named.state, named.email) == ("ended", "ny@example.dk")


def test_partners_are_added_with_a_checked_cvr(coordinator: Client) -> None:
    organisation = Organisation.objects.create(name="Ny forening", kind="partner")
    data = {"organisation": organisation.pk, "cvr": "64942213", "language": "da", "stage": "found"}
    path = reverse("charter_partners:add")
    assert "Det er ikke et CVR-nummer" in said(coordinator.post(path, data))
    assert coordinator.post(path, {**data, "cvr": ""}).status_code == 302
    assert Partner.objects.get().cvr == ""


def test_an_agreement_needs_a_valid_signature(coordinator: Client) -> None:
    publish()
    partner = make_partner()
    today = timezone.localdate().strftime("%d.%m.%Y")
    data = {"partner": partner.pk, "kind": "workshops", "agreed_on": today, "valid_from": today}
    path = reverse("charter_agreements:add")
    assert "skal være gyldig" in said(coordinator.post(path, data))
    signed(partner)
    assert coordinator.post(path, data).status_code == 302
    assert Agreement.objects.count() == 1
    assert AuditEvent.objects.filter(action="agreement.added").count() == 1


def test_a_signature_that_ends_while_an_agreement_is_written(
    coordinator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish()
    partner = make_partner()
    today = timezone.localdate().strftime("%d.%m.%Y")
    data = {"partner": partner.pk, "kind": "workshops", "agreed_on": today, "valid_from": today}
    # The form found it in order; only the verb, behind the lock, sees that it is not.
    monkeypatch.setattr(forms, "check_agreement", lambda **_facts: None)
    answer = coordinator.post(reverse("charter_agreements:add"), data)
    assert answer.status_code == 200
    assert "skal være gyldig" in said(answer)
    assert (Agreement.objects.count(), AuditEvent.objects.filter(action="agreement.added").count()) == (0, 0)


def test_texts_take_two_persons(coordinator: Client) -> None:
    publish()
    data = {
        "kind": "editorial", "note": "Klarere", "title_da": "Charter", "body_da": "Nye ord.",
        "title_en": "Charter", "body_en": "New words.",
    }  # fmt: skip
    assert coordinator.get(reverse("charter_texts:index")).status_code == 200
    assert coordinator.get(reverse("charter_texts:propose")).status_code == 200
    assert coordinator.post(reverse("charter_texts:propose"), data).status_code == 302
    text = CharterText.objects.get(state="proposed")
    approver = client_of("approver")
    assert "<ins>" in said(approver.get(reverse("charter_texts:inspect", args=[text.pk])))
    path = reverse("charter_texts:publish", args=[text.pk])
    given = {"approved_by": "Udvalget", "approved_on": timezone.localdate().strftime("%d.%m.%Y")}
    assert coordinator.post(path, given).status_code == 302  # turned away: not theirs to decide
    assert CharterText.objects.get(pk=text.pk).state == "proposed"
    assert approver.post(path, given).status_code == 302
    assert CharterText.objects.get(pk=text.pk).number == "1.1"
