"""After a session: a teacher answers on a phone, staff get their certificate, and anyone checks it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from playwright.sync_api import expect

from bookings.links import link_to
from bookings.models import Booking
from tests.e2e.conftest import OpenPage, Watch
from tests.e2e.test_accessibility import both_widths
from tests.e2e.test_html import save, validate
from tests.e2e.world import World
from tests.factories.evaluation import give, make_past_staff, report_person
from tests.factories.people import make_user
from vaern.certificates.domain.ending import replace, revoke
from vaern.certificates.domain.issuing import issue, print_missing
from vaern.certificates.models import Certificate
from vaern.evaluation.links import path_to_form
from vaern.evaluation.models import Answer
from vaern.evaluation.rules import Role
from vaern.setup.starter.evaluation import load_evaluation

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
SUBMIT = "main form[method=post] button[type=submit]"


def signed_in(page: Any, world: World, user: Any) -> None:
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": world.url}])


def certified(booking: Booking) -> Certificate:
    made = issue(booking_id=booking.pk, holder=f"person:{booking.people.get().pk}")
    print_missing(of=[made], page=lambda _made: "", press=lambda pages: [b"%PDF-" for _page in pages])
    return made


def test_somebody_answers_on_a_phone_by_keyboard_alone(world: World, open_page: OpenPage, clean_console: Watch) -> None:
    load_evaluation()
    _session, (booking, *_others) = make_past_staff(2)
    page = open_page(width=390, script=False)
    page.goto(world.url + link_to(booking))
    page.get_by_role("link", name="Svar på evalueringen").click()
    for group in page.get_by_role("radiogroup").all():
        group.get_by_role("radio").nth(1).focus()
        page.keyboard.press("Space")
    page.locator("textarea").fill("Mere om samarbejdet med skolerne.")
    page.get_by_role("button", name="Send mine svar").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Tak for dine svar")).to_be_visible()
    assert Answer.objects.count() == 5
    page.goto(world.url + link_to(booking))
    expect(page.get_by_text("Tak, du har svaret.")).to_be_visible()
    clean_console.expected = {404}
    page.goto(world.url + path_to_form(booking, Role.CONTACT))
    expect(page.get_by_role("heading", name="Linket kan ikke bruges")).to_be_visible()


def test_staff_get_their_certificate_and_a_stranger_checks_it(world: World, open_page: OpenPage) -> None:
    load_evaluation()
    _session, (booking,) = make_past_staff(1)
    report_person(booking)
    page = open_page(width=390)
    page.goto(world.url + link_to(booking))
    with page.expect_download() as fetched:
        page.get_by_role("button", name="Lav beviset for").click()
    path = fetched.value.path()
    made = Certificate.objects.get()
    assert fetched.value.suggested_filename == f"deltagerbevis-{made.shown_code}.pdf"
    assert path.read_bytes().startswith(b"%PDF-")
    other = open_page(width=390)
    other.goto(world.url + "/bevis/")
    other.get_by_label("Koden på beviset").fill(made.code.lower())
    other.get_by_role("button", name="Slå det op").click()
    expect(other.get_by_text("Beviset gælder.")).to_be_visible()
    other.get_by_label("Navnet på beviset").fill(made.name)
    other.get_by_role("button", name="Sammenlign navnet").click()
    expect(other.get_by_text("Navnet er det, der står på beviset.")).to_be_visible()
    other.set_input_files("[name=pdf]", path)
    other.get_by_role("button", name="Sammenlign filen").click()
    expect(other.get_by_text("Filen er beviset, som vi lavede det, uden ændringer.")).to_be_visible()


def test_all_pages_are_accessible_and_valid_in_both_languages(
    world: World, open_page: OpenPage, clean_console: Watch, tmp_path: Path
) -> None:
    load_evaluation()
    session, bookings = make_past_staff(7)
    few, few_bookings = make_past_staff(2)
    give(bookings[:5], 4, "En bemærkning, der er så lang, at den skal brydes på en lille telefon")
    give(few_bookings, 4)
    for booking in bookings[:4]:
        report_person(booking)
    holds, revoked, replaced = (certified(booking) for booking in bookings[:3])
    revoke(certificate_id=revoked.pk, reason="absent", note="", actor_id=None)
    replace(certificate_id=replaced.pk, name="Et nyt navn", reason="name", note="", actor_id=None)
    page, found = open_page(), []
    clean_console.expected = {404, 422}
    for language, prefix in (("da", ""), ("en", "/en")):
        with translation.override(language):
            form = path_to_form(bookings[5], Role.CONTACT)
            own = [link_to(booking) for booking in bookings[:4]]
        words = {"bevis": "certificate", "kvittering": "receipt", "evaluering": "evaluation"}
        said = {key: words[key] if language == "en" else key for key in words}
        paths = [
            form,
            *own,
            f"{prefix}/{said['evaluering']}/{said['kvittering']}/",
            form[:-10] + "/",
            f"{prefix}/{said['bevis']}/",
            f"{prefix}/{said['bevis']}/BCDF-GHJK-MNPQ-RSTV/",
            *(f"{prefix}/{said['bevis']}/{one.shown_code}/" for one in (holds, revoked, replaced)),
        ]
        for path in paths:
            answer = page.goto(world.url + path)
            assert page.locator("html").get_attribute("lang") == language
            save(tmp_path, f"{language} {paths.index(path)}", answer.body())
            found += both_widths(page, path)
        page.goto(world.url + form)
        page.locator(SUBMIT).click()
        found += both_widths(page, f"{form} with errors")
        page.goto(world.url + paths[-3])
        page.locator("button[name=compare_name]").click()
        found += both_widths(page, f"{paths[-3]} with errors")
    signed_in(page, world, make_user("coordinator"))
    key, year = session.workshop.translation_key, timezone.localtime(session.starts_at).year
    for prefix, word, one in (("", "evalueringer", "afholdelse"), ("/en", "evaluations", "session")):
        for tail in ("", f"{year}/{key}/", f"{one}/{session.uuid}/", f"{one}/{few.uuid}/"):
            answer = page.goto(f"{world.url}{prefix}/{word}/{tail}")
            assert "/log-ind/" not in page.url
            save(tmp_path, f"results {word} {tail}", answer.body())
            found += both_widths(page, f"{prefix} results {tail}")
    assert found == []
    assert validate(tmp_path) == []
