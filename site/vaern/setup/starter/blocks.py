"""From the starter's plain texts to the content of stream fields."""

from __future__ import annotations

from typing import Any

from django.utils.html import escape
from wagtail.models import Page

Stream = list[tuple[str, Any]]

# The lists' headings are not in guidance.toml.
STEPS_HEADING = {"da": "Det kan du gøre nu", "en": "What you can do now"}
NOT_DO_HEADING = {"da": "Det skal du lade være med", "en": "What not to do"}


def rich(text: str) -> str:
    """Return plain paragraphs (parted by an empty line) as rich text; every character is shown as it stands."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs if paragraph)


def section(heading: str, text: str, *, then: str = "") -> tuple[str, Any]:
    """Return a section block; `then` is rich text that follows the paragraphs."""
    return ("section", {"heading": heading, "text": rich(text) + then})


def link(url: str, text: str) -> str:
    """Return a paragraph of rich text that is one link."""
    return f'<p><a href="{escape(url)}">{escape(text)}</a></p>'


def sections(rows: list[dict[str, str]], *, first_link: str = "", last_link: str = "") -> Stream:
    """Return the sections of a page; `first_link` ends the first of them, `last_link` the last."""
    ends = {0: first_link, len(rows) - 1: last_link or (first_link if len(rows) == 1 else "")}
    return [section(row["heading"], row["text"], then=ends.get(index, "")) for index, row in enumerate(rows)]


def doors(rows: list[dict[str, str]], pages: dict[str, Page]) -> Stream:
    """Return the front page's doors to the landing pages that are there."""
    return [
        (
            "door",
            {
                "title": row["title"],
                "text": row["text"],
                "link_text": row["link_text"],
                "page": pages[row["key"]],
            },
        )
        for row in rows
        if row["key"] in pages
    ]
