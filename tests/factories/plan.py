"""The preparedness plan, its chapters and cards, and adopted versions of it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from wagtail.models import Locale, Page

from tests.factories.people import make_user
from vaern.guidance.models import ActionCardPage, ChapterPage, PlanPage, PlanVersion
from vaern.guidance.plans.domain import adopt, propose
from vaern.guidance.plans.outline import fingerprint, outlines
from vaern.guidance.plans.snapshot import text_of
from vaern.pages.models import HomePage
from vaern.people.models import User

Sections = dict[str, str]


def locale(code: str = "da") -> Locale:
    return Locale.objects.get(language_code=code)


def make_plan(title: str = "Beredskabsplan", *, slug: str = "beredskabsplan", **fields: Any) -> PlanPage:
    """A published plan without chapters, in Danish."""
    home = HomePage.objects.get(locale=locale())
    page = PlanPage(title=title, slug=slug, intro="Hvad vi gør, og hvem der gør det.", locale=home.locale, **fields)
    return _published(home, page)


def blocks(sections: Sections) -> list[dict[str, Any]]:
    """Sections as a chapter holds them; the same heading gives the same block id, so that a test can name it."""
    return [
        {
            "type": "section",
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, heading)),
            "value": {"heading": heading, "text": text if text.startswith("<") else f"<p>{text}</p>"},
        }
        for heading, text in sections.items()
    ]


def anchor(heading: str) -> str:
    """Where a section that `blocks` made is linked to."""
    return f"s-{str(uuid.uuid5(uuid.NAMESPACE_URL, heading))[:8]}"


def make_chapter(
    plan: PlanPage, title: str = "Formål", sections: Sections | None = None, *, slug: str = "", **fields: Any
) -> ChapterPage:
    """A published chapter at the end of the plan."""
    page = ChapterPage(title=title, locale=plan.locale, **({"slug": slug} if slug else {}), **fields)
    page.body = _stream(page, sections if sections is not None else {"Hvorfor": "Fordi loven siger det."})
    return _published(plan, page)


def make_card(chapter: ChapterPage, title: str = "Akut fare", text: str = "Ring 112.", **fields: Any) -> ActionCardPage:
    """A published action card at the end of a chapter."""
    page = ActionCardPage(title=title, locale=chapter.locale, **fields)
    page.body = [("section", {"heading": "Gør nu", "text": f"<p>{text}</p>"})]
    return _published(chapter, page)


def write(chapter: ChapterPage, sections: Sections) -> ChapterPage:
    """Publish other sections in a chapter."""
    page = ChapterPage.objects.get(pk=chapter.pk)
    page.body = _stream(page, sections)
    page.save_revision().publish()
    return ChapterPage.objects.get(pk=page.pk)


def translated(page: Page, title: str, **fields: Any) -> Any:
    """The page's published English translation; its parent must have one."""
    english = page.copy_for_translation(locale("en"))
    english.title = english.draft_title = title
    for name, value in fields.items():
        setattr(english, name, value)
    english.save_revision().publish()
    return type(page).objects.get(pk=english.pk)


def proposed(plan: PlanPage, *, kind: str = "material", note: str = "Første udgave.", by: User | None = None) -> Any:
    """A proposal of what is published now."""
    plans = outlines(plan.translation_key)
    return propose(
        plan_key=plan.translation_key,
        texts=text_of(plans),
        source=fingerprint(plans),
        kind=kind,
        note_da=note,
        note_en="",
        actor_id=(by or make_user("editor")).pk,
    )


def adopted(
    plan: PlanPage,
    *,
    kind: str = "material",
    note: str = "Første udgave.",
    on: dt.date = dt.date(2026, 11, 2),
    due: dt.date | None = None,
) -> PlanVersion:
    """A version adopted by two persons."""
    return adopt(
        version_id=proposed(plan, kind=kind, note=note).pk,
        adopted_by="Borgerrepræsentationen",
        adopted_on=on,
        published_on=on,
        revision_due_on=due or on.replace(year=on.year + 4),
        actor_id=make_user("approver").pk,
    )


def _stream(page: ChapterPage, sections: Sections) -> Any:
    return page._meta.get_field("body").stream_block.to_python(blocks(sections))


def _published(parent: Page, page: Any) -> Any:
    parent = type(parent).objects.get(pk=parent.pk)
    parent.add_child(instance=page)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)
