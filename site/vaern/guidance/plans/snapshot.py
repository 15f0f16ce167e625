"""From the pages to the text that is frozen: rendered, cleaned, numbered. Outside every transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from vaern.guidance.plans.outline import CardEntry, ChapterEntry, Outline, outlines, sections
from vaern.guidance.plans.sanitise import clean
from vaern.guidance.plans.text import Card, Chapter, PlanText, Section

CARD_BODY = "guidance/card_body.html"
HIGHEST_IN_CARD = 2


def read_text(plan_key: UUID | str) -> dict[str, PlanText]:
    """Return the published plan by language; nothing when no plan is published."""
    return text_of(outlines(plan_key))


def text_of(plans: dict[str, Outline]) -> dict[str, PlanText]:
    """Return the outlines' text, each rendered in its own language."""
    texts = {}
    for language, outline in plans.items():
        with override(language):
            link = _linker(plans)
            texts[language] = PlanText(
                title=outline.plan.title,
                intro=outline.plan.intro,
                chapters=[_chapter(chapter, plans, link) for chapter in outline.chapters],
                untranslated=outline.untranslated,
            )
    return texts


def _chapter(entry: ChapterEntry, plans: dict[str, Outline], link: Callable[[str], str]) -> Chapter:
    return Chapter(
        key=entry.key,
        slug=entry.page.slug,
        number=entry.number,
        title=entry.page.title,
        intro=entry.page.intro,
        sections=[
            Section(each.anchor, each.number, each.heading, clean(each.html, link))
            for each in sections(entry.number, entry.page.body, plans=plans)
        ],
        cards=[_card(card, link) for card in entry.cards],
    )


def _card(entry: CardEntry, link: Callable[[str], str]) -> Card:
    html = render_to_string(CARD_BODY, {"card": entry.page, "level": HIGHEST_IN_CARD})
    return Card(
        key=entry.key,
        slug=entry.page.slug,
        number=entry.number,
        title=entry.page.title,
        intro=entry.page.intro,
        html=clean(html, link),
    )


def _linker(plans: dict[str, Outline]) -> Callable[[str], str]:
    """Return what makes the address of one of these pages a link between parts; other addresses stay."""
    keys: dict[str, str] = {}
    for outline in plans.values():
        keys |= {_path(entry.page): entry.key for entry in outline.entries()}
        keys[_path(outline.plan)] = ""

    def link(address: str) -> str:
        parts = urlsplit(address)
        ours = parts.scheme in {"", "http", "https"} and parts.netloc in {"", urlsplit(settings.VAERN_BASE_URL).netloc}
        if not ours:
            return address
        if parts.path in keys and parts.path:
            return f"plan:{keys[parts.path]}" + (f"#{parts.fragment}" if parts.fragment else "")
        return address

    return link


def _path(page: Any) -> str:
    parts = page.get_url_parts()
    return str(parts[2]) if parts else ""
