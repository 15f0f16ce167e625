"""Rendered page content made fit to be kept: text, lists, tables, links, plain classes; nothing that runs or loads."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Comment
from bs4.element import Tag

_KEPT = """
p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd div section article span strong b em i a br hr table caption thead tbody tr th td
time address blockquote small sub sup abbr"""
_DROPPED = """
script style svg iframe object embed form button input select textarea template noscript img picture video audio canvas
math link meta base"""
KEPT = frozenset(_KEPT.split())
DROPPED = frozenset(_DROPPED.split())
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "hreflang"}),
    "ol": frozenset({"start"}),
    "th": frozenset({"scope", "colspan", "rowspan"}),
    "td": frozenset({"colspan", "rowspan"}),
    "time": frozenset({"datetime"}),
}
EVERYWHERE = frozenset({"lang", "class"})
SCHEMES = frozenset({"", "http", "https", "mailto", "tel", "plan"})
# What says how a card was made and not what it says (guidance/card_body.html); the frame tells of the version.
NOT_TEXT = ".v-sheet__meta, .d-print-none, [hidden]"
CLASS = re.compile(r"[a-zA-Z][\w-]*")


def clean(html: str, link: Callable[[str], str] = str) -> str:
    """Return safe HTML without forms, pictures, scripts, ids and comments; `link` may change each address."""
    soup = BeautifulSoup(html, "html.parser")
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for element in soup.select(NOT_TEXT):
        element.decompose()
    for tag in soup.find_all(True):
        if tag.decomposed:
            continue
        if tag.name in DROPPED:
            tag.decompose()
        elif tag.name not in KEPT:
            tag.unwrap()
        else:
            _clean_attributes(tag, link)
    return re.sub(r"[ \t]*\n\s*", "\n", str(soup)).strip()


def _clean_attributes(tag: Tag, link: Callable[[str], str]) -> None:
    allowed = EVERYWHERE | ATTRIBUTES.get(tag.name, frozenset())
    classes = [str(name) for name in tag.get_attribute_list("class") if name and CLASS.fullmatch(str(name))]
    tag.attrs = {name: value for name, value in tag.attrs.items() if name in allowed}
    if "class" in tag.attrs:
        tag["class"] = classes  # type: ignore[assignment]
        if not classes:
            del tag["class"]
    if "href" in tag.attrs:
        address = str(tag["href"]).strip()
        if _scheme(address) in SCHEMES:
            tag["href"] = link(address)
        else:
            tag.unwrap()


def _scheme(address: str) -> str:
    try:
        return urlsplit(address).scheme
    except ValueError:
        return "invalid"
