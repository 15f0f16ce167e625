"""Signing the charter in a browser: without JavaScript, and axe at both widths in both languages."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from charter.links import code_of, link_to
from charter.models import Invitation, Term
from tests.conftest import NOW
from tests.e2e.checks import findings
from tests.e2e.conftest import OpenPage, Watch
from tests.factories.charter import invite, make_partner, publish, signed
from vaern.addresses import in_english

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

LONG = "Samarbejdspartnerkontaktoplysningsændringsprocedurebeskrivelsesforeningen"
GO_ON = "main form[method=post] button[type=submit]:not([name])"


@pytest.fixture
def invitation(site: None, live_server: Any) -> Any:
    """Somebody who is asked to sign, after the text was replaced once, and somebody who has."""
    with time_machine.travel(NOW, tick=True):
        publish()
        signed(make_partner(LONG), on_public_list=True)
        asked = invite(make_partner("Foreningen Æble"))
        publish("Vi siger, hvad vi står for.\n\n## Nyt\n\nHelt nye ord.")
        yield asked


def both_widths(page: Any, name: str) -> list[str]:
    """Look at the page as it is at 1280 and 320 px."""
    found = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found += findings(page, name)
    return found


def test_every_page(invitation: Invitation, live_server: Any, open_page: OpenPage, clean_console: Watch) -> None:
    page, path = open_page(), link_to(invitation)
    check = f"/charter/kontrol/{Term.objects.get().code}/"
    pages = ["/charter/", "/charter/version/1.0/", "/charter/kontrol/", check, path, f"{path}sig-nej/"]
    pages += [f"{path}en-anden/"]
    found = []
    for one in pages:
        for address in (one, f"/en{in_english(one)}"):
            page.goto(live_server.url + address)
            found += both_widths(page, address)
    page.goto(live_server.url + path)
    page.locator(GO_ON).first.click()
    found += both_widths(page, "signing page with errors")
    page.check("[name=statement]")
    page.fill("[name=name]", "Åse Ærlig")
    page.locator(GO_ON).first.click()
    page.wait_for_selector("[name=code]")
    found += both_widths(page, "code page")
    clean_console.expected = {404}
    page.goto(f"{live_server.url}/charter/underskriv/findes-ikke/")
    found += both_widths(page, "link that opens nothing")
    assert found == []


def test_signing_without_javascript(invitation: Invitation, live_server: Any, open_page: OpenPage) -> None:
    page = open_page(script=False, width=320)
    page.goto(live_server.url + link_to(invitation))
    assert not page.is_checked("[name=statement]")
    page.check("[name=statement]")
    page.fill("[name=name]", "Åse Ærlig")
    page.locator(GO_ON).first.click()
    invitation.refresh_from_db()
    page.fill("[name=code]", code_of(invitation))
    page.locator(GO_ON).first.click()
    assert "/charter/kontrol/" in page.url
    assert Term.objects.count() == 2
