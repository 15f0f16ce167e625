"""Texts of messages that staff can change: `{name}` stands for what is filled in, and nothing else means anything.

A paragraph is parted from the next by an empty line. A paragraph is left out when something in it has nothing to say.
No template language: what editors write is never run.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from vaern.outbox.models import TextVersion
from vaern.outbox.registry import Attachment, Mail

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MARK = re.compile(r"\{([^{}]*)\}")
URL = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
BREAK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
MAX_SUBJECT, MAX_BODY = 150, 5000


@dataclass(frozen=True)
class Link:
    """An address to follow; `label` is what the HTML calls it."""

    url: str
    label: str


@dataclass(frozen=True)
class Rows:
    """Facts, one a line: (label, value); a label may be empty."""

    rows: tuple[tuple[str, str], ...]


Value: TypeAlias = "str | Link | Rows"


@dataclass(frozen=True)
class Placeholder:
    """One thing that is filled in. `in_subject`: a link, or several lines, cannot stand in a subject."""

    name: str
    label: StrOrPromise
    in_subject: bool = False
    required: bool = False


@dataclass(frozen=True)
class TextKind:
    """One text: what it is called, when it is sent, what can be filled in, and what Værn itself says."""

    key: str
    name: StrOrPromise
    when: StrOrPromise
    placeholders: tuple[Placeholder, ...]
    subject: StrOrPromise
    paragraphs: tuple[StrOrPromise, ...]

    @property
    def by_name(self) -> dict[str, Placeholder]:
        """Return the placeholders by name."""
        return {one.name: one for one in self.placeholders}


@dataclass(frozen=True)
class Text:
    """A subject and a body with placeholders."""

    subject: str
    body: str


_kinds: dict[str, TextKind] = {}
_samples: dict[str, Callable[[], Mapping[str, Value]]] = {}


def register_text(kind: TextKind) -> TextKind:
    """Make a text known. Raises ValueError for a key that is taken."""
    if kind.key in _kinds:
        raise ValueError(f"text {kind.key!r} is registered twice")
    _kinds[kind.key] = kind
    return kind


def text_kinds() -> list[TextKind]:
    """Return all texts, in the order in which they were made known."""
    return list(_kinds.values())


def text_kind(key: str) -> TextKind:
    """Return the text with this key; KeyError when there is none."""
    return _kinds[key]


def register_samples(keys: Sequence[str], samples: Callable[[], Mapping[str, Value]]) -> None:
    """Let `samples` make up what a preview of these texts is filled in with, in the language that is active."""
    _samples.update(dict.fromkeys(keys, samples))


def sample_values(kind: TextKind) -> Mapping[str, Value]:
    """Return made-up facts for each placeholder of a text, in the language that is active."""
    made = _samples[kind.key]() if kind.key in _samples else {}
    return {one.name: made.get(one.name, str(one.label)) for one in kind.placeholders}


def default_text(kind: TextKind, language: str) -> Text:
    """Return what Værn itself says in a language."""
    with translation.override(language):
        return Text(str(kind.subject), "\n\n".join(str(paragraph) for paragraph in kind.paragraphs))


def current_text(kind: TextKind, language: str) -> Text:
    """Return what holds now: what staff have written last, or our own. One query."""
    version = TextVersion.objects.filter(key=kind.key, language=language).first()
    if version is None or version.is_default:
        return default_text(kind, language)
    return Text(version.subject, version.body)


# -- checking ---------------------------------------------------------------------------------------------


def subject_problems(kind: TextKind, subject: str) -> list[str]:
    """Return what is wrong with a subject, in the reader's language."""
    found = _brace_problems(subject)
    if any(unicodedata.category(char) in {"Cc", "Zl", "Zp"} for char in subject):
        found.append(_("The subject must be one line."))
    for name in _names(subject):
        if name not in kind.by_name:
            found.append(_unknown(name))
        elif not kind.by_name[name].in_subject:
            found.append(_("The placeholder {%(name)s} cannot stand in the subject.") % {"name": name})
    return found


def body_problems(kind: TextKind, body: str) -> list[str]:
    """Return what is wrong with a body: unknown placeholders, and those that must be there and are not."""
    names = _names(body)
    missing = [one.name for one in kind.placeholders if one.required and one.name not in names]
    return [
        *_brace_problems(body),
        *(_unknown(name) for name in names if name not in kind.by_name),
        *(
            _("The placeholder {%(name)s} is missing: the message is of no use without it.") % {"name": one}
            for one in missing
        ),
    ]


def _unknown(name: str) -> str:
    return _("There is no placeholder {%(name)s} in this text.") % {"name": name[:40]}


def _names(text: str) -> list[str]:
    """Return the placeholders in a text, each once, as they are written."""
    return list(dict.fromkeys(MARK.findall(text)))


def _brace_problems(text: str) -> list[str]:
    rest = MARK.sub("", text)
    return [_("There is a curly bracket without its partner.")] if "{" in rest or "}" in rest else []


# -- filling in -------------------------------------------------------------------------------------------


def write(kind: TextKind, values: Mapping[str, Value], *, attachments: tuple[Attachment, ...] = ()) -> Mail:
    """Return the message in the language that is active, as staff have last written it."""
    language = (translation.get_language() or "da")[:2]
    return filled(current_text(kind, language), values, language, attachments=attachments)


def filled(text: Text, values: Mapping[str, Value], language: str, *, attachments: tuple[Attachment, ...] = ()) -> Mail:
    """Return a text with its placeholders filled in. One that nobody knows any more is left out, never shown."""
    subject = " ".join(MARK.sub(lambda match: _as_line(values.get(match[1], "")), text.subject).split())
    paragraphs = [
        paragraph
        for paragraph in BREAK.split(text.body.replace("\r\n", "\n").replace("\r", "\n").strip())
        if all(_says_something(values.get(name, "")) for name in _names(paragraph))
    ]
    body = "\n\n".join(MARK.sub(lambda match: _as_text(values[match[1]]), paragraph) for paragraph in paragraphs)
    blocks = [_paragraph_html(paragraph, values) for paragraph in paragraphs]
    return Mail(subject, f"{body}\n", attachments, _page(subject, blocks, language))


def html_of(subject: str, body: str, language: str) -> str:
    """Return plain text as the HTML of a mail."""
    return _page(subject, [_paragraph_html(one, {}, literal=True) for one in BREAK.split(body.strip())], language)


def _says_something(value: Value) -> bool:
    if isinstance(value, Link):
        return bool(value.url)
    return bool(value.rows) if isinstance(value, Rows) else bool(value.strip())


def plain(text: str) -> str:
    """Return text without control characters but line breaks: nothing in it can become a header or a hidden mark."""
    return "".join(
        char
        for char in text.replace("\r\n", "\n").replace("\r", "\n")
        if char == "\n" or unicodedata.category(char) not in {"Cc", "Zl", "Zp"}
    )


def _as_line(value: Value) -> str:
    return plain(value).replace("\n", " ") if isinstance(value, str) else ""


def _as_text(value: Value) -> str:
    if isinstance(value, Link):
        return value.url
    if isinstance(value, Rows):
        return "\n".join(f"{label}: {_as_line(what)}" if label else _as_line(what) for label, what in value.rows)
    return plain(value)


def _page(subject: str, blocks: Sequence[SafeString], language: str) -> str:
    return render_to_string("outbox/mail.html", {"subject": subject, "blocks": blocks, "language": language})


def _paragraph_html(paragraph: str, values: Mapping[str, Value], *, literal: bool = False) -> SafeString:
    """Return one paragraph; a link or facts that stand alone in it are blocks of their own."""
    parts: list[SafeString] = []
    text: list[SafeString] = []
    pieces = [paragraph] if literal else MARK.split(paragraph)
    for index, piece in enumerate(pieces):
        value: Value = piece if index % 2 == 0 else values[piece]
        if isinstance(value, str):
            text.append(_lines_html(plain(value), links=index % 2 == 0))
            continue
        parts += _closed(text)
        text = []
        parts.append(_rows_html(value) if isinstance(value, Rows) else _link_html(value))
    return mark_safe("".join([*parts, *_closed(text)]))  # noqa: S308 - every part is escaped


def _closed(text: list[SafeString]) -> list[SafeString]:
    joined = re.sub(r"^(?:<br>|\s)+|(?:<br>|\s)+$", "", "".join(text))
    style = "margin:0 0 16px"
    return [format_html('<p style="{}">{}</p>', style, mark_safe(joined))] if joined else []  # noqa: S308


def _lines_html(text: str, *, links: bool) -> SafeString:
    """Return text escaped, with its line breaks; addresses that an editor wrote can be followed."""
    escaped = escape(text).replace("\n", "<br>")
    if links:
        escaped = URL.sub(lambda match: f'<a href="{match[0]}" style="color:#0a4f8f">{match[0]}</a>', escaped)
    return mark_safe(escaped)  # noqa: S308


def _link_html(link: Link) -> SafeString:
    return format_html(
        '<p style="margin:0 0 16px"><a href="{}" style="display:inline-block;padding:12px 20px;background:#0a4f8f;'
        'color:#ffffff;text-decoration:none;font-weight:bold">{}</a></p>'
        '<p style="margin:0 0 16px;font-size:14px;word-break:break-all">{}</p>',
        link.url,
        link.label,
        link.url,
    )


def _rows_html(rows: Rows) -> SafeString:
    lines = format_html_join(
        "",
        "{}<br>",
        (
            (format_html("<strong>{}</strong> {}", f"{label}:", value) if label else format_html("{}", value),)
            for label, value in rows.rows
        ),
    )
    return format_html(
        '<p style="margin:0 0 16px;padding:12px 16px;background:#f2f4f7;border-left:4px solid #0a4f8f">{}</p>', lines
    )
