"""What the pages of the plan show: the published plan with its standing, and a frozen version with its addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from vaern.guidance.models import ActionCardPage, PlanFile, PlanPage, PlanVersion
from vaern.guidance.plans.outline import CardEntry, ChapterEntry, Outline, outlines, sections
from vaern.guidance.plans.queries import FileFacts, Standing, current_with_files
from vaern.guidance.plans.text import Card, Chapter, PlanText, with_links


@dataclass(frozen=True)
class Entry:
    """A line of a table of contents."""

    number: str
    title: str
    url: str
    below: list[Entry] = field(default_factory=list)
    cards: list[Entry] = field(default_factory=list)
    intro: str = ""


@dataclass(frozen=True)
class Gap:
    """A chapter or card that this language lacks, and where it is read in another."""

    number: str
    is_card: bool
    url: str
    language: str


@dataclass(frozen=True)
class Body:
    """A section as it is shown."""

    anchor: str
    number: str
    heading: str
    html: SafeString


@dataclass(frozen=True)
class PlanView:
    """The published plan's page."""

    contents: list[Entry]
    gaps: list[Gap]
    standing: Standing | None
    files: dict[str, FileFacts | None]


@dataclass(frozen=True)
class ChapterView:
    """A published chapter's page."""

    number: str
    sections: list[Body]
    cards: list[Entry]
    gaps: list[Gap]
    previous: Entry | None
    next: Entry | None
    standing: Standing | None
    file: FileFacts | None
    plan_url: str


@dataclass(frozen=True)
class CardView:
    """What the plan knows of a published action card: its number there, and the file of the version in force."""

    number: str
    version: PlanVersion | None = None
    file: FileFacts | None = None


def plan_view(request: HttpRequest, page: Page) -> PlanView:
    """Return what the plan's page shows, the draft of it in a preview."""
    plans, own = _plans(page)
    code = page.locale.language_code
    asked = {str(kind): (code, str(kind), "") for kind in (PlanFile.Kind.PLAN, PlanFile.Kind.PACK)}
    standing = _standing(page.translation_key, plans, asked)
    return PlanView(
        contents=[_contents(request, chapter) for chapter in own.chapters] if own else [],
        gaps=_gaps(request, own, plans) if own else [],
        standing=standing,
        files=standing.files if standing else {},
    )


def chapter_view(request: HttpRequest, page: Page) -> ChapterView:
    """Return what a chapter's page shows, the draft of it in a preview."""
    parent = page.get_parent().specific_deferred
    plans, own = _plans(parent)
    entry = own.entry(page) if own else None
    number = entry.number if entry else ""
    before, after = own.around(page) if own else (None, None)
    asked = {"chapter": (page.locale.language_code, PlanFile.Kind.CHAPTER, str(page.translation_key))}
    standing = _standing(parent.translation_key, plans, asked)
    return ChapterView(
        number=number,
        sections=[
            Body(each.anchor, each.number if number else "", each.heading, mark_safe(each.html))  # noqa: S308
            for each in sections(number, page.body, plans=plans)
        ],
        cards=[_entry(request, card) for card in entry.cards] if isinstance(entry, ChapterEntry) else [],
        gaps=_gaps(request, own, plans, below=str(page.translation_key)) if own else [],
        previous=_entry(request, before) if before else None,
        next=_entry(request, after) if after else None,
        standing=standing,
        file=standing.files["chapter"] if standing else None,
        plan_url=parent.get_url(request) or "",
    )


def card_view(request: HttpRequest, page: ActionCardPage) -> CardView:
    """Return what an action card shows of the plan. Two queries, one where the card is in no plan.

    A reader meets one number of a card: the plan's, wherever the card is shown. A card outside any plan has its own.
    The tab's title and the page ask both: it is read once a request.
    """
    if not hasattr(request, "_vaern_card_view"):
        request._vaern_card_view = _card_view(page)  # type: ignore[attr-defined]
    found: CardView = request._vaern_card_view  # type: ignore[attr-defined]
    return found


def _card_view(page: ActionCardPage) -> CardView:
    plan = PlanPage.objects.filter(path=page.path[: -2 * page.steplen]).values("translation_key")[:1]
    plans = outlines(plan) if page.pk else {}
    own = plans.get(page.locale.language_code)
    entry = own.entry(page) if own else None
    if own is None or entry is None:
        return CardView(str(page.number or ""))
    asked = {"card": (page.locale.language_code, PlanFile.Kind.CARD, entry.key)}
    version, files = current_with_files(own.plan.translation_key, asked) or (None, {})
    return CardView(entry.number, version, files.get("card"))


def _plans(plan: Page) -> tuple[dict[str, Outline], Outline | None]:
    plans = outlines(plan.translation_key)
    return plans, next((outline for outline in plans.values() if outline.plan.pk == plan.pk), None)


def _standing(plan_key: Any, plans: dict[str, Outline], asked: Mapping[str, tuple[str, str, str]]) -> Standing | None:
    found = current_with_files(plan_key, asked)
    return Standing(found[0], plans, timezone.localdate(), found[1]) if found else None


def _contents(request: HttpRequest, chapter: ChapterEntry) -> Entry:
    url = chapter.page.get_url(request) or ""
    below = [
        Entry(each.number, each.heading, f"{url}#{each.anchor}")
        for each in sections(chapter.number, chapter.page.body, expand=False)
        if each.heading
    ]
    cards = [_entry(request, card) for card in chapter.cards]
    return Entry(chapter.number, chapter.page.title, url, below, cards, chapter.page.intro)


def _entry(request: HttpRequest, entry: ChapterEntry | CardEntry) -> Entry:
    return Entry(entry.number, entry.page.title, entry.page.get_url(request) or "", intro=entry.page.intro)


def _gaps(request: HttpRequest, own: Outline, plans: dict[str, Outline], *, below: str = "") -> list[Gap]:
    """Return what this language lacks of the whole plan, or only the cards of the chapter `below`."""
    found = []
    for language, outline in plans.items():
        inside = {card.key for chapter in outline.chapters if chapter.key == below for card in chapter.cards}
        pages = {entry.key: entry.page for entry in outline.entries()}
        for missing in own.untranslated:
            if missing.key in pages and (not below or missing.key in inside):
                url = pages[missing.key].get_url(request) or ""
                found.append(Gap(missing.number, missing.is_card, url, language))
    return found


# -- frozen versions --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Frozen:
    """A version in one language, with the addresses of its parts."""

    version: PlanVersion
    text: PlanText
    language: str

    def url(self, chapter: Chapter | None = None, card: Card | None = None, anchor: str = "") -> str:
        """Return the address of the version, of a chapter of it, or of a card."""
        kwargs = {"plan": self.version.slug, "number": self.version.number}
        if chapter is None:
            address = reverse("plan:version", kwargs=kwargs)
        elif card is None:
            address = reverse("plan:version_chapter", kwargs={**kwargs, "chapter": chapter.slug})
        else:
            address = reverse("plan:version_card", kwargs={**kwargs, "chapter": chapter.slug, "card": card.slug})
        return address + (f"#{anchor}" if anchor else "")

    def address_of(self, key: str, anchor: str) -> str:
        """Return where a link between parts of the plan leads within this version."""
        chapter, card = self.text.parts_by_key().get(key, (None, None))
        return self.url(chapter, card, anchor)

    def html(self, kept: str) -> SafeString:
        """Return kept HTML with its links made addresses. It was cleaned before it was frozen."""
        return mark_safe(with_links(kept, self.address_of))  # noqa: S308

    def contents(self) -> list[Entry]:
        """Return the table of contents."""
        return [self.chapter_entry(chapter) for chapter in self.text.chapters]

    def chapter_entry(self, chapter: Chapter) -> Entry:
        """Return a chapter's line of it."""
        below = [
            Entry(each.number, each.heading, self.url(chapter, anchor=each.anchor))
            for each in chapter.sections
            if each.heading
        ]
        cards = [Entry(card.number, card.title, self.url(chapter, card), intro=card.intro) for card in chapter.cards]
        return Entry(chapter.number, chapter.title, self.url(chapter), below, cards, chapter.intro)

    def bodies(self, chapter: Chapter) -> list[Body]:
        """Return a chapter's sections as they are shown."""
        return [Body(each.anchor, each.number, each.heading, self.html(each.html)) for each in chapter.sections]

    def around(self, chapter: Chapter) -> tuple[Entry | None, Entry | None]:
        """Return the chapters before and after."""
        chapters = self.text.chapters
        at = next(index for index, other in enumerate(chapters) if other.key == chapter.key)
        before = self.chapter_entry(chapters[at - 1]) if at > 0 else None
        return before, self.chapter_entry(chapters[at + 1]) if at + 1 < len(chapters) else None
