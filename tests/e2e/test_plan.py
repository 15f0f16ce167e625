"""The preparedness plan in a browser: axe at both widths in both languages, valid, without JavaScript."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client

from tests.conftest import NOW
from tests.e2e.checks import findings
from tests.e2e.conftest import OpenPage, Watch
from tests.e2e.test_html import save, validate
from tests.factories.people import make_user
from tests.factories.plan import adopted, anchor, make_card, make_chapter, make_plan, translated, write
from vaern.guidance.models import PlanFile
from vaern.guidance.plans.prints import print_missing

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

LIST = "<p>Først:</p><ul><li>Ring 112, hvis nogen er i fare.</li><li>Tal med din leder.</li></ul>"
LONG = "Samarbejdspartnerkontaktoplysningsændringsprocedurebeskrivelse"
VERSION = "/beredskabsplan/version/1.0/"


@pytest.fixture
def pages(site: None, live_server: Any, settings: Any, tmp_path: Path) -> Any:
    """A plan in two languages with an older and a current version, and a text that has been changed since."""
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=True):
        plan = make_plan()
        first = make_chapter(plan, "Formål og rammer", {"Hvorfor": LIST, LONG: "Et langt ord."}, slug="formaal")
        cards = make_chapter(plan, "Handlekort", {"Sådan bruger du kortene": "Find kortet."}, slug="handlekort")
        make_card(cards, "Akut fare", slug="akut-fare", intro="Når det ikke kan vente.")
        translated(plan, "Preparedness plan", slug="preparedness-plan", intro="What we do.")
        english = translated(first, "Purpose", slug="purpose", intro="Why.")
        write(english, {"Why": "<p>Because the law says so.</p>"})
        adopted(plan)
        write(first, {"Hvorfor": LIST.replace("Tal med", "Tal straks med"), "Nyt": "Kommer til."})
        adopted(plan, kind="editorial", note="Klarere ord.")
        write(first, {"Hvorfor": LIST, "Nyt": "Kommer til."})
        yield {
            "plan": "/beredskabsplan/",
            "plan in English": "/en/preparedness-plan/",
            "chapter": "/beredskabsplan/formaal/",
            "chapter in English": "/en/preparedness-plan/purpose/",
            "chapter with cards": "/beredskabsplan/handlekort/",
            "log": "/beredskabsplan/version/",
            "log in English": "/en/beredskabsplan/version/",
            "older version": VERSION,
            "older version in English": f"/en{VERSION}",
            "version in force": "/beredskabsplan/version/1.1/",
            "chapter of a version": f"{VERSION}formaal/",
            "chapter of a version in English": f"/en{VERSION}purpose/",
            "card of a version": f"{VERSION}handlekort/akut-fare/",
            "part that was not translated": f"/en{VERSION}handlekort/",
            "comparison": "/beredskabsplan/version/sammenlign/?fra=1.0",
            "comparison of two": "/beredskabsplan/version/sammenlign/?fra=1.0&til=1.1",
            "comparison in English": "/en/beredskabsplan/version/sammenlign/?fra=1.0",
        }


@pytest.fixture
def printed(pages: dict[str, str]) -> dict[str, str]:
    """The same, with the files that are made of every version."""
    print_missing()
    return pages


def test_every_page_is_accessible_and_valid(
    printed: dict[str, str], live_server: Any, open_page: OpenPage, tmp_path: Path
) -> None:
    page, client, folder = open_page(), Client(), tmp_path / "html"
    folder.mkdir()
    found = []
    for name, path in printed.items():
        page.goto(live_server.url + path)
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            found += findings(page, name)
        answer = client.get(path)
        assert answer.status_code == 200, name
        save(folder, name, answer.content)
    assert found == []
    assert validate(folder) == []


def test_without_javascript_a_section_is_linked_to_and_versions_compared(
    pages: dict[str, str], live_server: Any, open_page: OpenPage, clean_console: Watch
) -> None:
    page = open_page(width=390, script=False)
    page.goto(live_server.url + "/beredskabsplan/")
    page.locator(f'main a[href="/beredskabsplan/formaal/#{anchor("Nyt")}"]').click()
    assert page.url.endswith(f"/beredskabsplan/formaal/#{anchor('Nyt')}")
    section = page.locator(f"#{anchor('Nyt')}")
    assert section.locator("h2").inner_text() == "1.2 Nyt"
    page.locator('a[rel="next"]').click()
    assert page.url.endswith("/beredskabsplan/handlekort/")
    page.goto(live_server.url + "/beredskabsplan/version/")
    page.locator('main a[href="/beredskabsplan/version/sammenlign/"]').click()
    page.select_option("#compare-old", "1.0")
    page.select_option("#compare-new", "1.1")
    page.locator("main form button").click()
    assert page.locator("main ins", has_text="straks").count() == 1
    assert clean_console.seen == []


def test_the_pack_works_from_a_folder(printed: dict[str, str], open_page: OpenPage, tmp_path: Path) -> None:
    file = PlanFile.objects.get(name="beredskabsplan-1.1-offline.zip")
    with default_storage.open(file.path) as stored, zipfile.ZipFile(BytesIO(stored.read())) as packed:
        packed.extractall(tmp_path / "stick")
    page = open_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto((tmp_path / "stick" / "beredskabsplan-1.1.html").as_uri())
    found = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found += findings(page, "pack")
    assert found == []
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []


def test_an_editor_proposes_and_an_approver_adopts(
    pages: dict[str, str], live_server: Any, open_page: OpenPage
) -> None:
    def signed_in(role: str) -> Any:
        client = Client()
        client.force_login(make_user(role), backend="django.contrib.auth.backends.ModelBackend")
        page = open_page()
        cookie = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        return page

    editor, approver = signed_in("editor"), signed_in("approver")
    editor.goto(live_server.url + "/admin/plan-versions/")
    editor.locator('a[href*="/admin/plan-versions/propose/"]').first.click()
    editor.locator("input[name=kind][value=material]").check()
    editor.fill("textarea[name=note_da]", "Et nyt afsnit.")
    editor.locator("main form button[type=submit]").click()
    editor.wait_for_url("**/inspect/**")
    approver.goto(editor.url)
    approver.locator('a[href*="/admin/plan-versions/adopt/"]').click()
    approver.fill("input[name=adopted_by]", "Borgerrepræsentationen")
    approver.fill("input[name=revision_due_on]", "2031-11-23")
    approver.locator("main form button[type=submit]").click()
    approver.locator(".w-field__errors", has_text="barnets lov § 15, stk. 3").wait_for()
    approver.fill("input[name=revision_due_on]", "2030-11-23")
    approver.locator("main form button[type=submit]").click()
    approver.wait_for_url("**/inspect/**")
    reader = open_page()
    reader.goto(live_server.url + "/beredskabsplan/version/")
    assert reader.locator("main h2").first.inner_text().startswith("Version 2.0")
