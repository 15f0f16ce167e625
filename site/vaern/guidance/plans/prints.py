"""PDFs and the offline pack of an adopted version: made once, from the frozen text alone, and kept by hash."""

from __future__ import annotations

import hashlib
import io
import logging
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from vaern.guidance.models import PlanFile, PlanVersion
from vaern.guidance.plans.domain import keep_file
from vaern.guidance.plans.queries import frozen_text
from vaern.guidance.plans.text import Card, Chapter, PlanText, with_links, with_lower_headings
from vaern.pdf.press import PdfUnavailable, make_pdfs

log = logging.getLogger("vaern.jobs")
WORDS = {
    "da": {"plan": "beredskabsplan", "chapter": "kapitel", "card": "kort", "pack": "offline"},
    "en": {"plan": "preparedness-plan", "chapter": "chapter", "card": "card", "pack": "offline"},
}
# Below the whole plan's title (h1) stand chapters (h2), their sections and cards (h3), and what is in a card (h4 on).
CARD_LOWERED = 2


@dataclass(frozen=True)
class Piece:
    """What one file holds: the whole plan, a chapter of it, or a card of a chapter."""

    version: PlanVersion
    language: str
    text: PlanText
    chapter: Chapter | None = None
    card: Card | None = None

    @property
    def kind(self) -> str:
        """Return the kind of file."""
        if self.card:
            return PlanFile.Kind.CARD
        return PlanFile.Kind.CHAPTER if self.chapter else PlanFile.Kind.PLAN

    @property
    def key(self) -> str:
        """Return the key of what it holds."""
        part = self.card or self.chapter
        return part.key if part else ""

    @property
    def name(self) -> str:
        """Return the file's name, which says what it is on anybody's disk."""
        words = WORDS[self.language]
        part = self.card or self.chapter
        ending = f"-{words[self.kind]}-{part.number.lower()}" if part else ""
        return f"{words['plan']}-{self.version.number}{ending}.pdf"


def print_missing() -> int:
    """Make the files that adopted versions lack, the newest version first, and return how many there are more.

    Where PDFs cannot be made it says so in the log, and pages go on saying that they are not ready.
    """
    made = 0
    whole = set(PlanFile.objects.filter(kind=PlanFile.Kind.PACK).values_list("version_id", flat=True))
    for version_id in PlanVersion.objects.adopted().exclude(pk__in=whole).values_list("pk", flat=True):
        try:
            made += print_version(PlanVersion.objects.get(pk=version_id))
        except PdfUnavailable as error:
            log.warning("the plan cannot be printed: %s", error)
            break
    return made


def print_version(version: PlanVersion) -> int:
    """Make what this version lacks, all PDFs in one batch, and return how many files that was. Raises PdfUnavailable.

    The packs come last and together: a version that has one lacks nothing.
    """
    known = set(PlanFile.objects.filter(version=version).values_list("language", "kind", "key"))
    texts = frozen_text(version)
    pieces = [piece for piece in _pieces(version, texts) if (piece.language, piece.kind, piece.key) not in known]
    printed = make_pdfs([document(piece) for piece in pieces]) if pieces else []
    with_names = zip(pieces, printed, strict=True)
    _keep(version, [(each.language, each.kind, each.key, each.name, content) for each, content in with_names])
    packs = [language for language in texts if (language, PlanFile.Kind.PACK, "") not in known]
    _keep(version, [(each, PlanFile.Kind.PACK, "", *pack(version, each, texts[each])) for each in packs])
    return len(pieces) + len(packs)


def _pieces(version: PlanVersion, texts: dict[str, PlanText]) -> Iterator[Piece]:
    for language, text in texts.items():
        yield Piece(version, language, text)
        for chapter, card in text.parts():
            yield Piece(version, language, text, chapter, card)


def _keep(version: PlanVersion, files: list[tuple[str, str, str, str, bytes]]) -> None:
    """Store files, then note all of them or none."""
    stored = []
    for language, kind, key, name, content in files:
        sha256 = hashlib.sha256(content).hexdigest()
        path = f"plan/{version.uuid}/{language}/{sha256[:16]}-{name}"
        if not default_storage.exists(path):
            path = default_storage.save(path, ContentFile(content))
        stored.append((language, kind, key, name, path, sha256, len(content)))
    with transaction.atomic():
        for language, kind, key, name, path, sha256, size in stored:
            keep_file(
                version_id=version.pk,
                language=language,
                kind=kind,
                key=key,
                name=name,
                path=path,
                sha256=sha256,
                size=size,
            )


# -- documents --------------------------------------------------------------------------------------------


def document(piece: Piece) -> str:
    """Return the page from which a PDF is made."""
    with override(piece.language):
        links = Links(piece.version, piece.text, _anchors(piece))
        template = "guidance/print/plan.html" if piece.chapter is None else "guidance/print/part.html"
        context: dict[str, Any] = {**_facts(piece.version, piece.language), "text": piece.text}
        if piece.chapter is None:
            context["chapters"] = [shown(chapter, links, lowered=CARD_LOWERED) for chapter in piece.text.chapters]
        else:
            context |= {"chapter": shown(piece.chapter, links, lowered=1), "card": piece.card}
            context["card_html"] = links.html(piece.card.html) if piece.card else ""
        return render_to_string(template, context)


def pack(version: PlanVersion, language: str, text: PlanText) -> tuple[str, bytes]:
    """Return the name and bytes of the offline pack: one HTML file that needs nothing else, and the whole plan's PDF.

    The PDF must have been made. The same version gives the same bytes: names, order and times are the version's own.
    """
    words = WORDS[language]
    stem = f"{words['plan']}-{version.number}"
    pdf = PlanFile.objects.get(version=version, language=language, kind=PlanFile.Kind.PLAN)
    with default_storage.open(pdf.path) as stored:
        entries = [(f"{stem}.html", pack_page(version, language, text).encode()), (f"{stem}.pdf", stored.read())]
    day = version.adopted_on
    moment = (day.year, day.month, day.day, 0, 0, 0) if day else (1980, 1, 1, 0, 0, 0)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in entries:
            info = zipfile.ZipInfo(name, moment)
            info.external_attr, info.create_system = 0o644 << 16, 3
            # Stored as they are: what a compressor writes differs between machines.
            packed.writestr(info, content, compress_type=zipfile.ZIP_STORED)
    return f"{stem}-{words['pack']}.zip", buffer.getvalue()


def pack_page(version: PlanVersion, language: str, text: PlanText) -> str:
    """Return the plan as one HTML file without any request: for a USB stick, a shared folder or a duty phone."""
    with override(language):
        whole = Piece(version, language, text)
        links = Links(version, text, _anchors(whole))
        chapters = [shown(chapter, links, lowered=CARD_LOWERED) for chapter in text.chapters]
        return render_to_string(
            "guidance/print/pack.html", {**_facts(version, language), "text": text, "chapters": chapters}
        )


def _facts(version: PlanVersion, language: str) -> dict[str, Any]:
    address = settings.VAERN_BASE_URL + reverse("plan:version", args=[version.slug, version.number])
    return {"version": version, "language": language, "address": address, "note": version.note(language)}


@dataclass(frozen=True)
class Shown:
    """A chapter with its HTML ready to be put into one document."""

    chapter: Chapter
    sections: list[tuple[str, str, str, SafeString]]
    cards: list[tuple[Card, SafeString]]


@dataclass(frozen=True)
class Links:
    """Where links between parts lead: within the document where it holds the part, otherwise to the site."""

    version: PlanVersion
    text: PlanText
    anchors: dict[str, str]

    def html(self, kept: str) -> SafeString:
        """Return kept HTML with its links made addresses. It was cleaned before it was frozen."""
        whole = kept.replace('href="/', f'href="{settings.VAERN_BASE_URL}/')
        return mark_safe(with_links(whole, self.address_of))  # noqa: S308

    def address_of(self, key: str, anchor: str) -> str:
        """Return an anchor of this document or an absolute address."""
        if key in self.anchors:
            return f"#{self.anchors[key]}-{anchor}" if anchor else f"#{self.anchors[key]}"
        kwargs: dict[str, Any] = {"plan": self.version.slug, "number": self.version.number}
        chapter, card = self.text.parts_by_key().get(key, (None, None))
        name = "plan:version"
        if chapter is not None:
            name, kwargs = "plan:version_chapter", {**kwargs, "chapter": chapter.slug}
            if card is not None:
                name, kwargs = "plan:version_card", {**kwargs, "card": card.slug}
        return settings.VAERN_BASE_URL + reverse(name, kwargs=kwargs) + (f"#{anchor}" if anchor else "")


def _anchors(piece: Piece) -> dict[str, str]:
    """Return the anchors of the parts that a document holds, by key."""
    if piece.chapter is None:
        return {"": "top"} | {(card or chapter).key: (card or chapter).anchor for chapter, card in piece.text.parts()}
    if piece.card is not None:
        return {piece.card.key: piece.card.anchor}
    cards: Iterable[Card] = piece.chapter.cards
    return {piece.chapter.key: piece.chapter.anchor} | {card.key: card.anchor for card in cards}


def shown(chapter: Chapter, links: Links, *, lowered: int) -> Shown:
    """Return a chapter with anchors that are its own in a document of many chapters, and its cards' headings low."""
    return Shown(
        chapter=chapter,
        sections=[
            (f"{chapter.anchor}-{each.anchor}", each.number, each.heading, links.html(each.html))
            for each in chapter.sections
        ],
        cards=[(card, links.html(with_lower_headings(card.html, lowered))) for card in chapter.cards],
    )
