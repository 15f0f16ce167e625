"""The site's own words, so that a test holds in every language and whatever the translation says."""

from __future__ import annotations

import html

from django.test.client import Client
from django.utils.translation import gettext, override


def said(text: str, language: str = "da", **values: object) -> str:
    """What the site says for `text` in `language`."""
    with override(language):
        return gettext(text) % values if values else gettext(text)


def escaped(text: str) -> str:
    """`text` as it stands in a page."""
    return html.escape(text)


def page(client: Client, path: str, status: int = 200, **query: str) -> str:
    """The page at `path`, which must answer with `status`."""
    response = client.get(path, query)
    assert response.status_code == status
    return response.content.decode()
