"""What the rules look at: the texts of a page in reading order, and what they find."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from html.parser import HTMLParser


class Kind(Enum):
    """What a piece is; `PAGE` and `IMAGE` hold the number of what an editor chose."""

    HEADING = "heading"
    PLAIN = "plain"
    RICH = "rich"
    PHONE = "phone"
    PAGE = "page"
    IMAGE = "image"


@dataclass(frozen=True)
class Piece:
    """A text of a page: in which field of the form, and where a person finds it."""

    field: str
    where: str
    kind: Kind
    text: str
    level: int = 2


@dataclass(frozen=True)
class Finding:
    """One remark. An error keeps a page from being published; `never_stored` keeps it from being saved at all."""

    code: str
    where: str
    message: str
    field: str = ""
    error: bool = False
    never_stored: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


@dataclass(frozen=True)
class Link:
    """A link in rich text: its words and its attributes."""

    text: str
    attributes: dict[str, str]

    @property
    def number(self) -> int | None:
        """Return the number of the page or document it leads to."""
        number = self.attributes.get("id", "")
        return int(number) if number.isdigit() else None

    @property
    def kind(self) -> str:
        """Return "page", "document" or nothing for a plain address."""
        return self.attributes.get("linktype", "")

    @property
    def href(self) -> str:
        """Return the address of a plain link."""
        return self.attributes.get("href", "")


@dataclass(frozen=True)
class Block:
    """A paragraph, list item or heading of rich text; `outside_links` leaves the links' words out."""

    tag: str
    text: str
    outside_links: str


@dataclass
class Rich:
    """Rich text taken apart."""

    blocks: list[Block] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    images: list[dict[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    BLOCKS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "td", "th"})

    def __init__(self) -> None:
        super().__init__()
        self.rich = Rich()
        self.tag = "p"
        self.words: list[str] = []
        self.outside: list[str] = []
        self.link: tuple[dict[str, str], list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in self.BLOCKS:
            self.end_block()
            self.tag = tag
        elif tag == "a":
            self.link = (attributes, [])
        elif tag == "br":
            self.handle_data(" ")
        elif tag == "img" or (tag == "embed" and attributes.get("embedtype") == "image"):
            self.rich.images.append(attributes)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.link is not None:
            attributes, words = self.link
            self.rich.links.append(Link(" ".join("".join(words).split()), attributes))
            self.link = None
        elif tag in self.BLOCKS:
            self.end_block()

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.link is None:
            self.outside.append(data)
        else:
            self.link[1].append(data)
            self.outside.append(" · ")

    def end_block(self) -> None:
        text = " ".join("".join(self.words).split())
        if text or self.tag[0] == "h":
            self.rich.blocks.append(Block(self.tag, text, " ".join("".join(self.outside).split())))
        self.tag, self.words, self.outside = "p", [], []


def read_rich(source: str) -> Rich:
    """Return the blocks, links and pictures of rich text, as it is stored."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    reader.end_block()
    return Rich(
        [block for block in reader.rich.blocks if block.text or block.tag[0] == "h"],
        reader.rich.links,
        reader.rich.images,
    )
