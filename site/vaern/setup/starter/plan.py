"""The starter's preparedness plan: chapters in Danish and English, published, not adopted: that takes two people."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils.html import escape
from wagtail.models import Page

from vaern.guidance.models import ChapterPage, PlanPage
from vaern.pages.models import ArticlePage, HomePage
from vaern.setup.starter import blocks
from vaern.setup.starter.content import read
from vaern.setup.starter.pages import ARTICLES
from vaern.setup.starter.tree import locales, publish, translate


def load_plan() -> None:
    """Write the plan where there is none, and lead to it from the page for professionals."""
    homes = {language: HomePage.objects.filter(locale=locale).first() for language, locale in locales().items()}
    danish, english = homes["da"], homes["en"]
    if danish is None or english is None or PlanPage.objects.exists():
        return
    texts = read("plan")
    plan = PlanPage(locale=danish.locale, show_in_menus=True, **texts["plan"]["da"])
    _write(danish, plan, texts["plan"]["en"])
    for row in texts["chapter"]:
        _write_chapter(plan, row)
    for language, home in (("da", danish), ("en", english)):
        page = plan.get_translation(locales()[language])
        _lead_there(home, page, ARTICLES["professionals"].slugs[language], texts["link"][language])


def _write_chapter(plan: PlanPage, row: dict[str, Any]) -> None:
    """Write a chapter in both languages."""
    danish, english = row["da"], row["en"]
    words = {name: danish[name] for name in ("slug", "title", "intro")}
    chapter = ChapterPage(locale=plan.locale, **words)
    chapter.body = _body(chapter, row["key"], danish["sections"])
    _write(plan, chapter, {**english, "body": _body(chapter, row["key"], english["sections"])})


def _write(parent: Page, page: Any, english: dict[str, Any]) -> None:
    """Publish a page below its parent, and its translation."""
    parent.add_child(instance=page)
    publish(page)
    translation = translate(page, locales()["en"])
    for name in ("slug", "title", "intro", "body"):
        if name in english:
            setattr(translation, name, english[name])
    publish(translation)


def _body(chapter: ChapterPage, key: str, sections: list[dict[str, Any]]) -> Any:
    """Return the sections with ids made from their place, so that both languages link to them alike."""
    rows = [
        {
            "type": "section",
            "id": str(uuid5(NAMESPACE_URL, f"vaern/plan/{key}/{number}")),
            "value": {"heading": section["heading"], "text": _rich(section)},
        }
        for number, section in enumerate(sections, start=1)
    ]
    return chapter._meta.get_field("body").stream_block.to_python(rows)


def _rich(section: dict[str, Any]) -> str:
    points = "".join(f"<li>{escape(point)}</li>" for point in section.get("points", []))
    return (
        blocks.rich(section["text"]) + (f"<ul>{points}</ul>" if points else "") + blocks.rich(section.get("after", ""))
    )


def _lead_there(home: HomePage, plan: Page, slug: str, words: dict[str, str]) -> None:
    """End the page for professionals with a link to the plan, unless somebody is working on it."""
    page = ArticlePage.objects.child_of(home).filter(slug=slug).first()
    if page is None or page.has_unpublished_changes:
        return
    link = f'<p><a linktype="page" id="{plan.pk}">{escape(words["link"])}</a></p>'
    page.body = [
        *((block.block_type, block.value) for block in page.body),
        blocks.section(words["heading"], words["text"], then=link),
    ]
    publish(page)
