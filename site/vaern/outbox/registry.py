"""Kinds of messages and timed jobs, registered by the apps that own them, so that the ground imports nobody above."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Attachment:
    """A file of a message; `parameters` stand beside the MIME type, e.g. {"method": "REQUEST"}."""

    filename: str
    content: bytes
    mimetype: str
    parameters: dict[str, str]


@dataclass(frozen=True)
class Mail:
    """A message in the recipient's language, ready to send."""

    subject: str
    body: str
    attachments: tuple[Attachment, ...] = ()
    html: str = ""


Renderer = Callable[[dict[str, Any]], Mail]
_renderers: dict[str, Renderer] = {}
_names: dict[str, StrOrPromise] = {}
_secret: set[str] = set()


def renders(kind: str, *, name: StrOrPromise = "", secret: bool = False) -> Callable[[Renderer], Renderer]:
    """Register the decorated function as the one that writes messages of `kind`. A kind has one writer.

    `name` is what staff call it; the text of a `secret` one (a sign-in code) is shown to nobody but its recipient.
    """

    def register(renderer: Renderer) -> Renderer:
        if kind in _renderers:
            raise ValueError(f"message kind {kind!r} is registered twice")
        _renderers[kind] = renderer
        _names[kind] = name or kind
        if secret:
            _secret.add(kind)
        return renderer

    return register


def renderer_of(kind: str) -> Renderer:
    """Return the function that writes messages of `kind`; KeyError when nobody does."""
    return _renderers[kind]


def name_of(kind: str) -> str:
    """Return what staff call messages of `kind`, in the reader's language."""
    return str(_names.get(kind, kind))


def kinds() -> list[tuple[str, str]]:
    """Return (kind, name) of all messages, by name."""
    return sorted(((kind, name_of(kind)) for kind in _renderers), key=lambda pair: pair[1])


def is_secret(kind: str) -> bool:
    """Say whether nobody but the recipient may read messages of `kind`."""
    return kind in _secret


@dataclass(frozen=True)
class TimedJob:
    """Something the worker does at intervals; each is also a management command."""

    name: str
    every: dt.timedelta
    run: Callable[[], Any]


_jobs: dict[str, TimedJob] = {}


def timed_job(name: str, *, every: dt.timedelta) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Register the decorated function to be run by the worker once in each interval."""

    def register(run: Callable[[], Any]) -> Callable[[], Any]:
        _jobs[name] = TimedJob(name, every, run)
        return run

    return register


def timed_jobs() -> list[TimedJob]:
    """Return all timed jobs, by name."""
    return [_jobs[name] for name in sorted(_jobs)]
