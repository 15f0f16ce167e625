"""Pages of text and of the plan. Need the fixture `site`."""

from __future__ import annotations

import itertools
from typing import Any

from vaern.guidance.models import ActionCardPage, ChapterPage, PlanPage
from vaern.pages.models import ArticlePage, BasePage, HomePage

_numbers = itertools.count(1)


def section(text: str = "<p>I vælger en dato.</p>", heading: str = "Sådan foregår det") -> tuple[str, dict[str, str]]:
    """A section of a body."""
    return ("section", {"heading": heading, "text": text})


def make_page(model: type[BasePage], parent: Any, *, live: bool = True, **fields: Any) -> Any:
    """A page under `parent`, with a revision by nobody; published unless `live` is False."""
    number = next(_numbers)
    values = {"title": f"Side {number}", "slug": f"side-{number}", "intro": "En side.", **fields}
    page = model(**values, locale=parent.locale, live=False)
    parent.add_child(instance=page)
    revision = page.save_revision()
    if live:
        revision.publish()
    return model.objects.get(pk=page.pk)


def home(language: str = "da") -> HomePage:
    """The front page."""
    return HomePage.objects.get(locale__language_code=language)


def make_article(*, language: str = "da", text: str = "<p>I vælger en dato.</p>", **fields: Any) -> ArticlePage:
    """An article right under the front page."""
    parent = fields.pop("parent", None) or home(language)
    return make_page(ArticlePage, parent, **{"body": [section(text)], **fields})


def make_plan(**fields: Any) -> PlanPage:
    """The plan."""
    return make_page(PlanPage, home(), **{"title": "Beredskabsplan", "slug": "beredskabsplan", **fields})


def make_chapter(plan: PlanPage | None = None, **fields: Any) -> ChapterPage:
    """A chapter, in a plan of its own unless given."""
    parent = plan or PlanPage.objects.first() or make_plan()
    return make_page(ChapterPage, parent, **{"body": [section()], **fields})


def make_card(chapter: ChapterPage | None = None, **fields: Any) -> ActionCardPage:
    """An action card."""
    return make_page(ActionCardPage, chapter or make_chapter(), **fields)
