"""Revoking, replacing, settings, and forgetting."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from bookings.domain.retention import forget_contacts
from bookings.links import link_to
from bookings.models import Booking, PersonLine
from tests.certificates.test_checking import made_for
from tests.factories.evaluation import make_past_staff, report_person
from tests.factories.people import make_user
from tests.factories.texts import escaped, page, said
from vaern.audit.models import AuditEvent
from vaern.certificates.domain.ending import NothingToDo, forget_holders, replace, revoke
from vaern.certificates.models import Certificate, CertificateSettings, private_storage
from vaern.setup.starter.evaluation import load_evaluation

pytestmark = pytest.mark.usefixtures("site", "clock")
ADMIN = "/admin/certificates/"


@pytest.fixture
def booking() -> Booking:
    _session, (booking,) = make_past_staff(1)
    report_person(booking)
    return booking


@pytest.fixture
def made(booking: Booking) -> Certificate:
    return made_for(booking)


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user("coordinator"))
    return client


def actions() -> list[str]:
    found = AuditEvent.objects.filter(action__startswith="certificate.").order_by("pk")
    return [event.action for event in found]


def test_a_coordinator_finds_and_revokes_with_a_reason(staff: Client, made: Certificate, booking: Booking) -> None:
    assert made.shown_code in page(staff, ADMIN, q=booking.reference)
    html = page(staff, f"{ADMIN}inspect/{made.pk}/")
    assert made.name in html
    assert f"{ADMIN}revoke/{made.pk}/" in html
    page(staff, f"{ADMIN}revoke/{made.pk}/")
    assert staff.post(f"{ADMIN}revoke/{made.pk}/", {"reason": "", "note": ""}).status_code == 200
    assert staff.post(f"{ADMIN}revoke/{made.pk}/", {"reason": "absent", "note": "Meldt forkert"}).status_code == 302
    row = Certificate.objects.get(pk=made.pk)
    assert (row.reason, row.note, row.ended_by is not None) == ("absent", "Meldt forkert", True)
    html = page(staff, f"{ADMIN}inspect/{made.pk}/")
    assert "Meldt forkert" in html
    assert f"{ADMIN}revoke/{made.pk}/" not in html
    event = AuditEvent.objects.get(action="certificate.revoked")
    assert (event.facts, event.actor_id) == ({"reason": "absent"}, row.ended_by_id)


def test_the_holder_of_a_revoked_one_reads_why_and_makes_no_other(
    client: Client, made: Certificate, booking: Booking
) -> None:
    revoke(certificate_id=made.pk, reason="absent", note="Kun for os", actor_id=None)
    html = page(client, link_to(booking))
    assert escaped(said("The person was not there")) in html
    assert "Kun for os" not in html
    assert client.post(f"{link_to(booking)}bevis/{made.holder}/").status_code == 404
    page(client, f"{link_to(booking)}bevis/{made.code}.pdf", status=404)
    assert Certificate.objects.count() == 1


def test_a_replaced_one_leads_its_holder_to_the_new_name(staff: Client, made: Certificate, booking: Booking) -> None:
    page(staff, f"{ADMIN}replace/{made.pk}/")
    answer = staff.post(f"{ADMIN}replace/{made.pk}/", {"name": "Åse Holm", "reason": "name", "note": ""})
    new = Certificate.objects.get(replaces=made)
    assert answer["Location"] == f"{ADMIN}inspect/{new.pk}/"
    assert (new.name, new.is_printed, new.holder) == ("Åse Holm", True, made.holder)
    html = page(Client(), link_to(booking))
    assert (new.shown_code in html, made.shown_code in html) == (True, False)
    assert actions() == ["certificate.issued", "certificate.replaced"]
    again = staff.post(f"{ADMIN}replace/{made.pk}/", {"name": "Igen", "reason": "name", "note": ""}, follow=True)
    assert said("It has been revoked or replaced already.") in again.content.decode()
    assert Certificate.objects.count() == 2
    with pytest.raises(NothingToDo):
        revoke(certificate_id=made.pk, reason="name", note="", actor_id=None)


def test_attendance_that_is_corrected_is_told_at_the_certificate(
    staff: Client, made: Certificate, booking: Booking
) -> None:
    corrected = escaped(said("Attendance has been corrected since: the person is not reported as present now. Revoke "
                             "the certificate if that is right."))  # fmt: skip
    assert corrected not in page(staff, f"{ADMIN}inspect/{made.pk}/")
    report_person(booking, present=False)
    assert corrected in page(staff, f"{ADMIN}inspect/{made.pk}/")
    assert Certificate.objects.get().ended_at is None


@pytest.mark.parametrize("role", ["editor", "facilitator", "approver", "privacy-officer", ""])
def test_others_neither_see_nor_revoke(client: Client, made: Certificate, role: str) -> None:
    client.force_login(make_user(role))
    for tail in ("", f"inspect/{made.pk}/", f"revoke/{made.pk}/", f"replace/{made.pk}/", f"pdf/{made.pk}/"):
        assert client.get(ADMIN + tail).status_code in {302, 403}
        answer = client.post(ADMIN + tail, {"reason": "name", "note": "", "name": "X"})
        assert answer.status_code in {302, 403, 405}
    assert (Certificate.objects.count(), Certificate.objects.get().ended_at) == (1, None)


def test_staff_get_the_pdf_as_it_was_made(staff: Client, made: Certificate) -> None:
    assert staff.get(f"{ADMIN}pdf/{made.pk}/")["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_list_reads_the_same_for_one_and_for_many(
    staff: Client, number: int, django_assert_num_queries: Any
) -> None:
    _session, bookings = make_past_staff(number)
    for booking in bookings:
        report_person(booking)
        made_for(booking)
    page(staff, ADMIN)
    with django_assert_num_queries(LIST):
        page(staff, ADMIN)


LIST = 10


def test_settings_hold_for_new_certificates_only(staff: Client, made: Certificate) -> None:
    load_evaluation()
    page(staff, "/admin/certificate-settings/")
    path = "/admin/certificate-settings/edit/1/"
    assert staff.post(path, {"validity_years": 2, "issuer": "BIF", "note": ""}).status_code == 302
    assert CertificateSettings.objects.get().validity_years == 2
    assert AuditEvent.objects.filter(action="certificatesettings.changed").count() == 1
    new = replace(certificate_id=made.pk, name="Ny", reason="facts", note="", actor_id=None)
    assert [str(one.last_day) for one in (made, new)] == ["2031-11-23", "2028-11-23"]
    assert [one.issuer for one in (made, new)] == ["Københavns Kommune", "BIF"]


# -- retention --------------------------------------------------------------------------------------------


def test_names_are_kept_until_it_expires_and_forgotten_then(
    client: Client, made: Certificate, booking: Booking, clock: time_machine.Coordinates
) -> None:
    clock.move_to(dt.datetime(2031, 11, 23, 12, tzinfo=dt.UTC))
    forget_contacts(now=timezone.now())
    assert forget_holders(now=timezone.now()) == 0
    assert PersonLine.objects.get(booking=booking).name
    clock.move_to(dt.datetime(2031, 11, 25, 12, tzinfo=dt.UTC))
    file = made.file
    assert private_storage().exists(file)
    assert forget_holders(now=timezone.now()) == 2
    row = Certificate.objects.get()
    assert (row.name, row.detail, row.file, row.sha256, row.code) == ("", "", "", made.sha256, made.code)
    assert not private_storage().exists(file)
    assert PersonLine.objects.get(booking=booking).name == ""
    assert forget_holders(now=timezone.now()) == 0
    html = page(client, f"/bevis/{made.shown_code}/")
    assert escaped(said("The name has been forgotten, since the certificate has expired.")) in html
    assert (
        said("The name is the one on the certificate.")
        not in client.post(f"/bevis/{made.shown_code}/", {"name": "Hvem", "compare_name": "1"}).content.decode()
    )
    assert actions()[-1] == "certificate.holders_forgotten"


def test_staff_without_a_certificate_are_forgotten_after_as_long(clock: time_machine.Coordinates) -> None:
    session, (booking,) = make_past_staff(1)
    clock.move_to(session.ends_at + dt.timedelta(days=5 * 366 - 1))
    assert forget_holders(now=timezone.now()) == 0
    clock.move_to(session.ends_at + dt.timedelta(days=5 * 366 + 1))
    assert forget_holders(now=timezone.now()) == 1
    assert PersonLine.objects.get(booking=booking).name == ""
