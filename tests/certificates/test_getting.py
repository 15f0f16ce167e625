"""From the own page to the PDF: who gets one, once, as it was."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pikepdf
import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from bookings.domain.booking import Person
from bookings.links import link_to
from bookings.models import Booking, PersonLine
from tests.factories.attendance import report
from tests.factories.bookings import make_past_booking, make_session, make_staff
from tests.factories.evaluation import DAY, make_past_staff, report_person
from tests.factories.texts import escaped, page, said
from vaern.audit.models import AuditEvent
from vaern.certificates import jobs, views
from vaern.certificates.domain.issuing import issue, print_missing
from vaern.certificates.models import Certificate, private_storage
from vaern.certificates.printout import certificate_html
from vaern.pdf.press import PdfUnavailable, make_pdfs

pytestmark = pytest.mark.usefixtures("site", "clock")


@pytest.fixture
def booking() -> Booking:
    _session, (booking,) = make_past_staff(1)
    report_person(booking)
    return booking


def make_path(booking: Booking, holder: str = "") -> str:
    return f"{link_to(booking)}bevis/{holder or f'person:{booking.people.get().pk}'}/"


def test_staff_who_came_make_and_get_theirs(client: Client, booking: Booking, press: list[str]) -> None:
    html = page(client, link_to(booking))
    assert make_path(booking) in html
    answer = client.post(make_path(booking))
    made = Certificate.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{link_to(booking)}bevis/{made.code}.pdf")
    file = client.get(answer["Location"])
    assert file["Content-Type"] == "application/pdf"
    assert file["Content-Disposition"] == f'attachment; filename="deltagerbevis-{made.shown_code}.pdf"'
    assert hashlib.sha256(file.content).hexdigest() == made.sha256
    assert (made.name, made.workshop) == (booking.people.get().name, booking.session.workshop.title)
    (printed,) = press
    assert made.shown_code in printed
    assert f"/bevis/{made.shown_code}/" in printed
    assert made.shown_code in page(client, link_to(booking))
    event = AuditEvent.objects.get(action="certificate.issued")
    assert (event.subject_key, event.facts) == (made.code, {"booking": str(booking.uuid)})


def test_two_clicks_are_one_certificate(client: Client, booking: Booking, press: list[str]) -> None:
    first, second = client.post(make_path(booking)), client.post(make_path(booking))
    assert first["Location"] == second["Location"]
    assert (Certificate.objects.count(), len(press)) == (1, 1)
    assert AuditEvent.objects.filter(action="certificate.issued").count() == 1


def test_a_get_makes_none(client: Client, booking: Booking) -> None:
    page(client, link_to(booking))
    assert client.get(make_path(booking)).status_code == 405
    assert Certificate.objects.count() == 0


def test_it_waits_for_the_report_and_is_not_for_the_absent(client: Client) -> None:
    _session, (booking,) = make_past_staff(1)
    waits = escaped(said("It comes here when the facilitator has reported who came."))
    html = page(client, link_to(booking))
    assert (waits in html, "bevis/" in html) == (True, False)
    assert client.post(make_path(booking)).status_code == 404
    report_person(booking, present=False)
    html = page(client, link_to(booking))
    assert (waits in html, "/bevis/" in html) == (False, False)
    assert client.post(make_path(booking)).status_code == 404
    assert Certificate.objects.count() == 0


def test_the_adult_in_charge_of_a_class_that_came_gets_one(client: Client) -> None:
    booking = make_past_booking(make_session(starts_in=-DAY), label="7.B")
    path = make_path(booking, "class")
    assert client.post(path).status_code == 404
    report(booking.lines.get(), None, at=booking.session.ends_at, reason="class")
    assert client.post(path).status_code == 404
    report(booking.lines.get(), 20, at=booking.session.ends_at + DAY / 24)
    assert client.post(path).status_code == 302
    made = Certificate.objects.get()
    assert (made.name, made.person) == (booking.contact_name, None)
    assert made.detail == said("Adult in charge of %(classes)s, %(school)s", classes="7.B", school="Eksempelskolen")


def test_of_a_team_each_who_came_gets_one(client: Client) -> None:
    session, _bookings = make_past_staff(0)
    ahead = make_session(workshop=session.workshop, capacity=None)
    booking = make_staff(
        ahead, people=[Person("Ane Holm", "ane@example.dk"), Person("Bo Lund", "bo@example.dk"), Person()]
    )
    type(ahead).objects.filter(pk=ahead.pk).update(starts_at=session.starts_at, ends_at=session.ends_at)
    people = list(booking.people.order_by("pk"))
    report_person(booking)
    html = page(client, link_to(booking))
    assert [f"person:{person.pk}" in html for person in people] == [bool(person.name) for person in people]
    nameless = next(person for person in people if not person.name)
    assert client.post(make_path(booking, f"person:{nameless.pk}")).status_code == 404
    for person in people[:2]:
        client.post(make_path(booking, f"person:{person.pk}"))
    assert set(Certificate.objects.values_list("name", flat=True)) == {person.name for person in people[:2]}


def test_parents_get_none_and_nobody_gets_anothers(client: Client, booking: Booking) -> None:
    _session, (other,) = make_past_staff(1)
    report_person(other)
    foreign = f"person:{other.people.get().pk}"
    for holder in (foreign, "class", "person:0", "x"):
        assert client.post(make_path(booking, holder)).status_code == 404
    client.post(make_path(other))
    made = Certificate.objects.get()
    page(client, f"{link_to(booking)}bevis/{made.code}.pdf", status=404)
    page(client, f"/min-booking/{'0' * 43}/bevis/{made.code}.pdf", status=404)


def test_later_changes_of_a_name_do_not_change_it(client: Client, booking: Booking) -> None:
    client.post(make_path(booking))
    made = Certificate.objects.get()
    before = client.get(f"{link_to(booking)}bevis/{made.code}.pdf").content
    PersonLine.objects.filter(booking=booking).update(name="Et andet navn")
    client.post(make_path(booking))
    assert client.get(f"{link_to(booking)}bevis/{made.code}.pdf").content == before
    assert "Et andet navn" not in page(client, link_to(booking)).split("certificates-title")[1]
    made.name = "Et andet navn"
    with pytest.raises(TypeError):
        made.save()


def test_a_file_that_was_tampered_with_is_not_handed_out(client: Client, booking: Booking) -> None:
    client.post(make_path(booking))
    made = Certificate.objects.get()
    path = private_storage().path(made.file)
    with open(path, "ab") as file:
        file.write(b"x")
    page(client, f"{link_to(booking)}bevis/{made.code}.pdf", status=404)


def test_where_no_pdf_can_be_made_the_page_says_so_and_the_job_makes_it(
    client: Client, booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_pages: Any) -> list[bytes]:
        raise PdfUnavailable("no pango")

    working = views.make_pdfs
    for module in (views, jobs):
        monkeypatch.setattr(module, "make_pdfs", broken)
    answer = client.post(make_path(booking), follow=True)
    text = said("The certificate is made, but its PDF is not ready yet. Come back in a while.")
    assert (answer.status_code, text in answer.content.decode()) == (200, True)
    made = Certificate.objects.get()
    assert (made.is_printed, jobs.print_certificates()) == (False, 0)
    page(client, f"/bevis/{made.code}/", status=404)
    monkeypatch.setattr(jobs, "make_pdfs", working)
    assert [jobs.print_certificates(), jobs.print_certificates()] == [1, 0]
    assert f"{made.code}.pdf" in page(client, link_to(booking))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_pdf_is_made_outside_of_every_transaction(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    _session, (booking,) = make_past_staff(1)
    report_person(booking)
    seen: list[bool] = []

    def look(pages: Any) -> list[bytes]:
        seen.append(connection.in_atomic_block)
        return [b"%PDF-" for _page in pages]

    monkeypatch.setattr(views, "make_pdfs", look)
    assert client.post(make_path(booking)).status_code == 302
    assert seen == [False]


def test_the_real_pdf_is_tagged_names_its_language_and_is_the_same_each_time(booking: Booking) -> None:
    made = issue(booking_id=booking.pk, holder=f"person:{booking.people.get().pk}")
    print_missing(of=[made], page=certificate_html, press=make_pdfs)
    made.refresh_from_db()
    with private_storage().open(made.file) as file:
        content = file.read()
    assert make_pdfs([certificate_html(made)]) == [content]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert (len(pdf.pages), bool(pdf.Root.MarkInfo.Marked), str(pdf.Root.Lang)) == (1, True, "da")
        assert made.shown_code in str(pdf.docinfo["/Title"])


def test_the_section_in_english(client: Client, booking: Booking) -> None:
    with translation.override("en"):
        path = link_to(booking)
    html = page(client, path)
    assert f"Make the certificate of {booking.people.get().name}" in html
    assert "/certificate/person:" in html


@pytest.mark.parametrize("team", [1, 3, 30])
def test_the_own_page_reads_the_same_for_one_and_for_many(
    client: Client, team: int, django_assert_num_queries: Any
) -> None:
    _session, (booking,) = make_past_staff(1)
    more = [PersonLine(booking=booking, session=booking.session, name=f"Kollega {one}") for one in range(team - 1)]
    PersonLine.objects.bulk_create(more)
    report_person(booking)
    for person in booking.people.all():
        issue(booking_id=booking.pk, holder=f"person:{person.pk}")
    page(client, link_to(booking))
    with django_assert_num_queries(9):
        page(client, link_to(booking))
