"""The public pages: reading, signing, no, somebody else, and checking."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import re
from typing import Any

import pytest
import time_machine
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from charter.codes import shown
from charter.domain.terms import withdraw_terms
from charter.links import code_of, link_to
from charter.models import Invitation, Receipt, Request, Signatory, Signature, Term
from tests.factories.charter import invite, make_partner, publish, signed
from tests.factories.forms import served
from vaern.outbox.models import Message

pytestmark = pytest.mark.usefixtures("site", "clock")


@pytest.fixture
def invitation() -> Invitation:
    publish()
    return invite(make_partner("Foreningen Æble"))


def page_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def field(response: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert found, name
    return html.unescape(found[1])


def answers(response: Any, **changes: str) -> dict[str, str]:
    return {
        "served": served(), "website": "", "text": field(response, "text"), "statement": "on",
        "name": "Åse Ærlig", "title": "", **changes,
    }  # fmt: skip


def code_page(client: Client, path: str, **changes: str) -> Any:
    return client.post(path, answers(client.get(path), **changes))


def enter(client: Client, path: str, page: Any, code: str) -> Any:
    return client.post(
        f"{path}kode/", {"served": served(), "website": "", "pending": field(page, "pending"), "code": code}
    )


def test_two_minutes_from_the_mail_to_the_receipt(client: Client, invitation: Invitation) -> None:
    path = link_to(invitation)
    read = client.get(path)
    assert (read.status_code, read["Cache-Control"].count("no-store"), read["X-Robots-Tag"]) == (
        200,
        1,
        "noindex, nofollow",
    )
    assert "checked" not in read.content.decode()
    assert "Vi taler sammen." in page_of(read)
    asked = client.post(path, answers(read, on_public_list="on"))
    assert asked.status_code == 200
    invitation.refresh_from_db()
    done = enter(client, path, asked, code_of(invitation))
    term = Term.objects.get()
    assert done["Location"] == f"/charter/kontrol/{term.code}/"
    assert "Foreningen Æble" in page_of(client.get("/charter/"))
    # The same form once more leads to the same page; the link itself is used.
    assert enter(client, path, asked, code_of(invitation))["Location"] == done["Location"]
    assert (Signature.objects.count(), Term.objects.count()) == (1, 1)
    assert client.get(path).status_code == 404
    verified = page_of(client.get(done["Location"]))
    assert "Åse" not in verified
    assert "Foreningen Æble" in verified


def test_get_changes_nothing(client: Client, invitation: Invitation) -> None:
    before = list(Invitation.objects.values()), list(Request.objects.values()), Message.objects.count()
    for part in ("", "kode/", "sig-nej/", "en-anden/"):
        client.get(f"{link_to(invitation)}{part}")
    assert before == (list(Invitation.objects.values()), list(Request.objects.values()), Message.objects.count())


def test_nothing_is_ticked_or_sent_without_the_statement(client: Client, invitation: Invitation) -> None:
    path = link_to(invitation)
    data = answers(client.get(path))
    del data["statement"]
    assert "Sæt kryds" in page_of(client.post(path, data))
    assert "Skriv dit navn" in page_of(code_page(client, path, name=" "))
    assert "CPR" in page_of(code_page(client, path, name="Åse 010190-1234"))
    assert Message.objects.filter(kind="charter.code").count() == 0


def test_links_that_open_nothing_look_alike(
    client: Client, invitation: Invitation, clock: time_machine.Coordinates
) -> None:
    unknown = client.get("/charter/underskriv/findes-ikke/")
    declined = link_to(invite(make_partner()))
    client.post(f"{declined}sig-nej/", {"served": served(), "website": ""})
    done = signed(make_partner())
    used = link_to(Invitation.objects.get(request__uuid=done.signature.request_uuid))
    old = link_to(invitation)
    clock.shift(dt.timedelta(days=30))
    pages = [client.get(path) for path in (declined, used, old)]
    assert [page.status_code for page in (unknown, *pages)] == [404] * 4
    token = re.compile(r"(?:underskriv|sign)/[\w-]+")

    def bare(page: Any) -> str:
        return token.sub("", page.content.decode())

    assert {bare(page) for page in pages} == {bare(unknown)}


def test_wrong_codes_and_old_ones_say_the_same(
    client: Client, invitation: Invitation, clock: time_machine.Coordinates
) -> None:
    path = link_to(invitation)
    asked = code_page(client, path)
    invitation.refresh_from_db()
    right = code_of(invitation)
    wrong = page_of(enter(client, path, asked, "000000" if right != "000000" else "111111"))
    clock.shift(dt.timedelta(minutes=11))
    old = page_of(enter(client, path, asked, right))
    said = "Koden virker ikke"
    assert (said in wrong, said in old) == (True, True)
    assert Term.objects.count() == 0


def test_a_text_replaced_while_somebody_reads(client: Client, invitation: Invitation) -> None:
    path = link_to(invitation)
    read, asked = client.get(path), code_page(client, path)
    invitation.refresh_from_db()
    publish("Vi siger, hvad vi står for.\n\nHelt nyt afsnit.")
    for answer in (client.post(path, answers(read)), enter(client, path, asked, code_of(invitation))):
        assert answer.status_code == 409
        assert "<ins>" in answer.content.decode()
        assert "Helt nyt afsnit." in page_of(answer)
    assert Signature.objects.count() == 0
    assert "blev udskiftet, mens du læste" in page_of(answer)


def test_saying_no(client: Client, invitation: Invitation) -> None:
    path = link_to(invitation)
    assert client.get(f"{path}sig-nej/").status_code == 200
    assert client.post(f"{path}sig-nej/", {"served": served(), "website": ""}).status_code == 200
    assert Request.objects.get().state == "declined"
    assert Message.objects.exclude(kind="charter.request").count() == 0
    assert "Foreningen Æble" not in page_of(client.get("/charter/"))


def test_naming_somebody_else(client: Client, invitation: Invitation) -> None:
    path = f"{link_to(invitation)}en-anden/"
    data = {"served": served(), "website": "", "name": "Kim Ny", "title": "", "email": "KIM@example.dk"}
    assert client.post(path, data).status_code == 200
    assert Signatory.objects.get(email="kim@example.dk").state == "proposed"


def test_too_many(client: Client, invitation: Invitation, settings: Any) -> None:
    settings.VAERN_LIMITS = {"charter-sign.network": "1/3600"}
    path = link_to(invitation)
    assert code_page(client, path).status_code == 200
    assert code_page(client, path).status_code == 429


def test_checking(client: Client, clock: time_machine.Coordinates) -> None:
    publish()
    done = signed(make_partner("Foreningen Æble"))
    term = done.term
    assert term is not None
    data = {"served": served(), "website": "", "code": shown(term.code).lower()}
    assert client.post("/charter/kontrol/", data)["Location"] == f"/charter/kontrol/{term.code}/"
    assert "Der er ingen underskrift" in page_of(client.post("/charter/kontrol/", {**data, "code": "x"}))
    assert client.get("/charter/kontrol/0000000000000000/").status_code == 404
    path = f"/charter/kontrol/{term.code}/"
    assert "Underskriften er gyldig." in page_of(client.get(path))
    publish("Ny tekst.")
    assert "en tidligere version" in page_of(client.get(path))
    clock.shift(dt.timedelta(days=365))
    assert "Underskriften er udløbet." in page_of(client.get(path))
    assert "The signature has run out." in page_of(client.get(f"/en/charter/check/{term.code}/"))


def test_a_file_is_compared_and_not_kept(client: Client) -> None:
    publish()
    term = signed(make_partner()).term
    assert term is not None
    content = b"%PDF-1.7 receipt"
    Receipt.objects.create(
        term=term, path="x", sha256=hashlib.sha256(content).hexdigest(), size=1, made_at=timezone.now(), certificate="0"
    )
    path = f"/charter/kontrol/{term.code}/"
    said = []
    for sent in (content, content[:-1] + b"T"):
        files = {"served": served(), "website": "", "file": SimpleUploadedFile("kvittering.pdf", sent)}
        page = page_of(client.post(path, files))
        said.append(("Filen er kvitteringen" in page, "Filen er ikke kvitteringen" in page))
    assert said == [(True, False), (False, True)]
    assert not storages["private"].exists("kvittering.pdf")


def test_english(client: Client, invitation: Invitation) -> None:
    path = link_to(invitation).replace("/charter/underskriv/", "/en/charter/sign/")
    read = page_of(client.get(path))
    assert "In English." in read
    assert "Vi taler sammen." in read  # the Danish text that is binding
    assert "This is a translation for reading." in read


@pytest.mark.parametrize("number", [1, 3])
def test_the_front_says_nothing_of_those_who_have_not_signed(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    publish()
    for one in range(number):
        invite(make_partner(f"Forening uden {one}"))
        signed(make_partner(f"Forening med {one}"), on_public_list=True)
    client.get("/en/charter/")
    with django_assert_num_queries(FRONT):
        page = page_of(client.get("/charter/"))
    assert ("Forening uden" in page, page.count("Forening med")) == (False, number)


FRONT = 5


def test_who_withdraws_before_the_renewal_begins_is_not_valid(client: Client, clock: time_machine.Coordinates) -> None:
    publish()
    partner = make_partner("Foreningen Æble")
    first = signed(partner).term
    clock.shift(dt.timedelta(days=310))
    renewed = signed(partner).term
    assert first is not None
    assert renewed is not None
    path = f"/charter/kontrol/{renewed.code}/"
    assert "Underskriften er på plads" in page_of(client.get(path))
    withdraw_terms(partner_id=partner.pk, reason="De har skrevet", actor_id=None)
    for term in (first, renewed):
        page = page_of(client.get(f"/charter/kontrol/{term.code}/"))
        assert "Organisationen har trukket sin underskrift tilbage." in page
        assert "Underskriften er gyldig" not in page
        # What never began has no last day either: it would stand before its first.
        assert ("Gælder til og med" in page) is (term == first)
    clock.shift(dt.timedelta(days=100))
    assert "har trukket sin underskrift tilbage" in page_of(client.get(path))
