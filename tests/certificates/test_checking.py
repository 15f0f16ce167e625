"""Anyone who has the code learns how the certificate stands, and no name."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.utils import translation

from bookings.models import Booking
from tests.factories.evaluation import make_past_staff, report_person
from tests.factories.people import make_user
from tests.factories.texts import escaped, page, said
from vaern.certificates import views
from vaern.certificates.domain.ending import replace, revoke
from vaern.certificates.domain.issuing import issue, print_missing, read
from vaern.certificates.models import Certificate
from vaern.certificates.printout import certificate_html

pytestmark = pytest.mark.usefixtures("site", "clock")


def made_for(booking: Booking) -> Certificate:
    made = issue(booking_id=booking.pk, holder=f"person:{booking.people.get().pk}")
    printed(made)
    return Certificate.objects.get(pk=made.pk)


def printed(made: Certificate) -> None:
    print_missing(of=[made], page=certificate_html, press=views.make_pdfs)


@pytest.fixture
def booking() -> Booking:
    _session, (booking,) = make_past_staff(1)
    report_person(booking)
    return booking


@pytest.fixture
def made(booking: Booking) -> Certificate:
    return made_for(booking)


def path(made: Certificate) -> str:
    return f"/bevis/{made.shown_code}/"


def test_the_code_shows_standing_workshop_and_day_and_no_person(
    client: Client, made: Certificate, booking: Booking
) -> None:
    html = page(client, path(made))
    assert said("The certificate holds.") in html
    assert booking.session.workshop.title in html
    assert "22. november 2026" in html
    private = [booking.contact_name, booking.contact_email, booking.reference, booking.workplace, made.sha256]
    assert [text for text in private if text in html] == []
    assert 'content="noindex, nofollow"' in html


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ")])
def test_a_code_may_be_typed_in_any_way(client: Client, made: Certificate, change: Any) -> None:
    answer = client.get("/bevis/", {"kode": change(made.shown_code)})
    assert (answer.status_code, answer["Location"]) == (302, path(made))
    page(client, f"/bevis/{change(made.shown_code)}/")


@pytest.mark.parametrize("code", ["BCDF-GHJK-MNPQ-RSTV", "x", "æøå", "0" * 500, "%2e%2e"])
def test_unknown_codes_are_not_found_and_can_be_typed_again(client: Client, made: Certificate, code: str) -> None:
    html = page(client, f"/bevis/{code}/", status=404)
    assert 'name="kode"' in html
    assert made.workshop not in html


def test_the_name_is_compared_and_not_shown(client: Client, made: Certificate) -> None:
    right, wrong = (
        said("The name is the one on the certificate."),
        said("The name is not the one on the certificate. Look at the spelling."),
    )
    for name, text in ((made.name, right), (f"  {made.name.upper()} ", right), ("Kim Eksempel", wrong)):
        html = client.post(path(made), {"name": name, "compare_name": "1"}).content.decode()
        assert text in html
        assert made.name not in html.replace("test", "")
    assert client.post(path(made), {"name": "", "compare_name": "1"}).status_code == 422
    assert client.post(path(made), {"name": "0102031234", "compare_name": "1"}).status_code == 422


def test_names_cannot_be_tried_out_by_the_hundred(client: Client, made: Certificate) -> None:
    with override_settings(VAERN_LIMITS={"certificate.network": "3/3600"}):
        tries = [{"name": f"Navn {number}", "compare_name": "1"} for number in range(5)]
        codes = [client.post(path(made), sent).status_code for sent in tries]
    assert codes == [200, 200, 200, 429, 429]
    assert client.get(path(made)).status_code == 200


def upload(content: bytes) -> dict[str, Any]:
    return {"pdf": SimpleUploadedFile("bevis.pdf", content, "application/pdf"), "compare_file": "1"}


def test_the_file_is_compared_by_its_hash_and_not_kept(client: Client, made: Certificate, tmp_path: Any) -> None:
    content = read(made)
    before = sorted(tmp_path.rglob("*"))
    same, other = (
        said("The file is the certificate as we made it, unchanged."),
        said("The file is not the certificate as we made it. It may have been changed, or be another one."),
    )
    assert same in client.post(path(made), upload(content)).content.decode()
    for changed in (content + b" ", content[:-1], b"%PDF-1.7"):
        html = client.post(path(made), upload(changed)).content.decode()
        assert (same in html, other in html) == (False, True)
    assert client.post(path(made), {"compare_file": "1"}).status_code == 422
    assert client.post(path(made), upload(b"x" * (5 * 1024 * 1024 + 1))).status_code == 422
    assert sorted(tmp_path.rglob("*")) == before


def test_revoked_and_replaced_are_shown_as_such(client: Client, made: Certificate) -> None:
    staff = make_user("coordinator")
    revoke(certificate_id=made.pk, reason="absent", note="Ringet op", actor_id=staff.pk)
    html = page(client, path(made))
    assert said("The certificate was revoked on %(day)s and does not hold any more.", day="23. november 2026") in html
    assert "Ringet op" not in html
    assert str(Certificate.Reason.NOT_THERE.label) not in html
    new = replace(certificate_id=made.pk, name="Åse Ødegård", reason="name", note="", actor_id=staff.pk)
    printed(new)
    html = page(client, path(made))
    replaced = "The certificate was replaced by another one on %(day)s and does not hold any more. Ask for the new one."
    assert said(replaced, day="23. november 2026") in html
    assert new.shown_code not in html
    assert said("The certificate holds.") in page(client, path(new))


def test_it_expires_after_five_years_and_still_answers(
    client: Client, made: Certificate, clock: time_machine.Coordinates
) -> None:
    assert f"{made.last_day}" == "2031-11-23"
    clock.move_to(f"{made.last_day}T22:30:00+00:00")  # 23.30 in Copenhagen
    assert said("The certificate holds.") in page(client, path(made))
    clock.move_to(f"{made.last_day}T23:30:00+00:00")  # the day after in Copenhagen
    assert escaped(said("The certificate has expired. It was true when it was issued.")) in page(client, path(made))


def test_the_pages_in_english(client: Client, made: Certificate) -> None:
    html = page(client, f"/en/certificate/{made.shown_code}/")
    assert "The certificate holds." in html
    with translation.override("en"):
        assert "/en/certificate/" in certificate_html(Certificate(**{**vars_of(made), "language": "en"}))


def vars_of(made: Certificate) -> dict[str, Any]:
    return {field.attname: getattr(made, field.attname) for field in Certificate._meta.concrete_fields}


def test_checking_reads_little(client: Client, made: Certificate, django_assert_num_queries: Any) -> None:
    page(client, path(made))
    with django_assert_num_queries(3):
        page(client, path(made))
