"""An adopted version stays readable word for word, whatever becomes of the pages."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories.plan import (
    adopted,
    anchor,
    make_card,
    make_chapter,
    make_plan,
    proposed,
    translated,
    write,
)
from tests.factories.texts import escaped, page, said
from vaern.guidance.models import ChapterPage, PlanPage, PlanVersion
from vaern.guidance.plans.queries import frozen_text
from vaern.guidance.plans.sanitise import clean

pytestmark = pytest.mark.usefixtures("site", "clock")
ADDRESS = "/beredskabsplan/version/1.0/"


@pytest.fixture
def plan(site: None) -> PlanPage:
    return make_plan()


@pytest.fixture
def chapter(plan: PlanPage) -> ChapterPage:
    return make_chapter(plan, "Handling", {"Først": "Ring 112.", "Så": "Tal med din leder."}, slug="handling")


def main(client: Client, path: str) -> str:
    """What stands in the page's main part."""
    return page(client, path).split("<main", 1)[1].split("</main>", 1)[0]


def without_crumbs(client: Client, path: str) -> str:
    return re.sub(r'<nav class="breadcrumbs.*?</nav>', "", main(client, path), flags=re.S)


def test_a_version_survives_edits_renames_moves_and_deletion(
    client: Client, plan: PlanPage, chapter: ChapterPage
) -> None:
    card = make_card(chapter, "Akut fare", "Ring 112 med det samme.", slug="akut-fare")
    make_chapter(plan, "Til sidst", slug="til-sidst")
    adopted(plan)
    addresses = [ADDRESS, f"{ADDRESS}handling/", f"{ADDRESS}handling/akut-fare/", f"{ADDRESS}til-sidst/"]
    body = {path: without_crumbs(client, path) for path in addresses}
    assert "Ring 112 med det samme." in body[addresses[2]]
    write(chapter, {"Andet": "Andet."})
    card.title = "Et andet navn"
    card.save_revision().publish()
    ChapterPage.objects.get(pk=chapter.pk).move(plan, pos="last-child")
    plan.slug, plan.title = "planen", "Planen"
    plan.save_revision().publish()
    ChapterPage.objects.get(slug="til-sidst").delete()
    after = {
        path: re.sub(r'<nav class="breadcrumbs.*?</nav>', "", main(client, path), flags=re.S) for path in addresses
    }
    assert after == body
    PlanPage.objects.get(pk=plan.pk).delete()
    assert "Ring 112 med det samme." in main(client, addresses[2])


def test_a_renamed_plans_address_leads_to_its_versions(client: Client, plan: PlanPage, chapter: ChapterPage) -> None:
    adopted(plan)
    plan.slug = "planen"
    plan.save_revision().publish()
    assert client.get("/planen/version/1.0/").headers["Location"] == ADDRESS
    assert client.get("/planen/version/").headers["Location"] == "/beredskabsplan/version/"
    adopted(plan, kind="editorial")
    assert PlanVersion.objects.adopted().first().slug == "beredskabsplan"


def test_an_older_version_says_so_and_none_is_indexed(client: Client, plan: PlanPage, chapter: ChapterPage) -> None:
    adopted(plan)
    older = escaped(said("Older version. Version %(number)s is in force", number="1.1"))
    assert older not in page(client, ADDRESS)
    write(chapter, {"Først": "Ring straks."})
    adopted(plan, kind="editorial")
    for path in (ADDRESS, f"{ADDRESS}handling/"):
        answer = client.get(path)
        assert older in answer.content.decode()
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert '<meta name="robots" content="noindex">' in answer.content.decode()
    assert older not in page(client, "/beredskabsplan/version/1.1/")


@pytest.mark.parametrize(
    "path",
    [
        "/beredskabsplan/version/1.1/",
        "/beredskabsplan/version/01.0/x/",
        "/beredskabsplan/version/1.0/findes-ikke/",
        "/beredskabsplan/version/1.0/handling/findes-ikke/",
        "/en-anden-plan/version/1.0/",
        "/en-anden-plan/version/",
        "/beredskabsplan/version/1.0/findes-ikke.pdf",
    ],
)
def test_what_was_not_adopted_is_not_there(path: str, client: Client, plan: PlanPage, chapter: ChapterPage) -> None:
    adopted(plan)
    assert client.get(path).status_code == 404


def test_a_proposal_is_read_by_nobody_outside(client: Client, plan: PlanPage, chapter: ChapterPage) -> None:
    proposed(plan)
    assert client.get(ADDRESS).status_code == 404
    assert escaped(said("No version has been adopted yet")) in page(client, "/beredskabsplan/version/")


def test_links_between_parts_stay_within_the_version(client: Client, plan: PlanPage, chapter: ChapterPage) -> None:
    card = make_card(chapter, "Akut", slug="akut")
    text = (
        f'<p><a linktype="page" id="{card.pk}">kortet</a> <a linktype="page" id="{plan.pk}">planen</a> '
        f'<a href="{chapter.url}#{anchor("Først")}">afsnittet</a> <a href="/er-du-bekymret/">hjælp</a></p>'
    )
    other = make_chapter(plan, "Henvisninger", {"Se": text}, slug="henvisninger")
    adopted(plan)
    found = main(client, f"{ADDRESS}henvisninger/")
    for href in (f"{ADDRESS}handling/akut/", ADDRESS, f"{ADDRESS}handling/#{anchor('Først')}", "/er-du-bekymret/"):
        assert f'href="{href}">' in found, href
    assert f'href="{card.url}">' in main(client, other.url)


def test_each_language_is_frozen_and_addresses_of_the_other_lead_on(
    client: Client, plan: PlanPage, chapter: ChapterPage
) -> None:
    make_chapter(plan, "Kun dansk", slug="kun-dansk")
    translated(plan, "Preparedness plan", slug="preparedness-plan", intro="What we do.")
    translated(chapter, "Action", slug="action", intro="")
    version = adopted(plan)
    assert sorted(frozen_text(version)) == ["da", "en"]
    english = page(client, f"/en{ADDRESS}")
    assert f'href="/en{ADDRESS}action/"' in english
    assert escaped(said("Chapter %(number)s has not been translated.", "en", number="2")) in english
    assert f'href="{ADDRESS}kun-dansk/"' in english
    assert [
        word for word in ("Beredskabsplan", "Kun dansk", "Hvad vi gør") if word in main(client, f"/en{ADDRESS}")
    ] == []
    assert client.get(f"/en{ADDRESS}handling/").headers["Location"] == f"/en{ADDRESS}action/"
    missing = page(client, f"/en{ADDRESS}kun-dansk/")
    assert escaped(said("This part has not been translated.", "en")) in missing
    assert f'href="{ADDRESS}kun-dansk/"' in missing
    assert client.get("/en/preparedness-plan/version/1.0/").headers["Location"] == f"/en{ADDRESS}"


def test_a_version_in_one_language_says_so_in_the_other(client: Client, plan: PlanPage, chapter: ChapterPage) -> None:
    adopted(plan)
    english = page(client, f"/en{ADDRESS}")
    assert escaped(said("This version was not translated", "en")) in english
    assert f'href="{ADDRESS}" hreflang="da"' in english


def test_anybody_can_check_the_fingerprint(client: Client, plan: PlanPage, chapter: ChapterPage) -> None:
    version = adopted(plan)
    answer = client.get(f"{ADDRESS}tekst-1.0.json")
    assert (answer.content.decode(), answer.headers["ETag"]) == (version.content, f'"{version.sha256}"')
    again = client.get(f"{ADDRESS}tekst-1.0.json", headers={"If-None-Match": f'"{version.sha256}"'})
    assert again.status_code == 304
    assert client.post(ADDRESS).status_code == 405


def test_the_change_log_tells_readers_of_each_version(client: Client, plan: PlanPage, chapter: ChapterPage) -> None:
    adopted(plan, note="Den første.")
    adopted(plan, kind="editorial", note="Et nyt nummer.")
    text = main(client, "/beredskabsplan/version/")
    assert re.findall(r'<a href="(/beredskabsplan/version/1\.\d/)">', text) == [
        "/beredskabsplan/version/1.1/",
        "/beredskabsplan/version/1.0/",
    ]
    assert text.index("Et nyt nummer.") < text.index("Den første.")
    assert 'href="/beredskabsplan/version/sammenlign/?fra=1.0&amp;til=1.1"' in text
    assert '<span lang="da">Den første.</span>' in main(client, "/en/beredskabsplan/version/")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p onclick='x()'>a<script>b</script></p>", "<p>a</p>"),
        ('<a href="javascript:x()">a</a>', "a"),
        ('<a href="tel:112" style="x" id="y">112</a>', '<a href="tel:112">112</a>'),
        ('<svg><use href="/x"></use></svg><img src="/y"><form>a</form>', ""),
        ('<font>a</font><p class="v-x {y}" lang="da">b</p><!-- c -->', 'a<p class="v-x" lang="da">b</p>'),
        ('<p class="v-sheet__meta">Udgave 3</p><p>a</p>', "<p>a</p>"),
    ],
)
def test_what_is_frozen_is_clean(html: str, expected: str) -> None:
    assert clean(html) == expected
