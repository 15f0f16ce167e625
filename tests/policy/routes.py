"""Every address of the site, by the name its policy is declared under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """A route as the URL configuration has it. One without a name goes by its pattern."""

    name: str
    pattern: str
    arguments: frozenset[str]


def addresses() -> list[Address]:
    """Return all routes that the running site has, those of apps that were added later as well."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[Any], prefix: str, namespace: str) -> Iterator[Address]:
    for part in patterns:
        here = prefix + str(part.pattern)
        if isinstance(part, URLResolver):
            yield from _walk(part.url_patterns, here, f"{namespace}{part.namespace}:" if part.namespace else namespace)
        elif isinstance(part, URLPattern):
            found = set(re.findall(r"<(?:\w+:)?(\w+)>", here)) | set(part.pattern.regex.groupindex)
            yield Address(namespace + part.name if part.name else here, here, frozenset(found))
