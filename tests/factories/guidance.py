"""Contacts, cards, situations and the pages of guidance. Need the fixture `site`."""

from __future__ import annotations

import itertools
from typing import Any

from wagtail.models import Locale

from vaern.guidance.models import (
    ActionCardPage,
    Contact,
    EffortPage,
    GuidanceIndexPage,
    Situation,
    WorkplacePage,
    WorriedPage,
)
from vaern.pages.models import HomePage
from vaern.people.models import Administration

_numbers = itertools.count(1)


def worried_page(language: str = "da") -> WorriedPage:
    """The page for those who worry."""
    return WorriedPage.objects.get(locale__language_code=language)


def make_contact(name: str = "Rådgivningen", **fields: Any) -> Contact:
    """A contact that nobody has checked, with words in both languages."""
    values: dict[str, Any] = {
        "name_da": name,
        "name_en": f"{name} (en)",
        "phone": "+4570000000",
        "hours_da": "Hverdage 9-16",
        "hours_en": "Weekdays 9 to 4",
        "what_happens_da": "Du taler med en rådgiver.",
        "what_happens_en": "You talk to an adviser.",
        "anonymous_da": "Ja, du kan være anonym.",
        "anonymous_en": "Yes, you can be anonymous.",
        "unverified": False,
    }
    return Contact.objects.create(**(values | fields))


def make_card(
    title: str = "", *, under: Any = None, live: bool = True, english: str = "", **fields: Any
) -> ActionCardPage:
    """A Danish card below `under` (the page for those who worry); with `english`, its translation of that title."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "number": number,
        "intro": "Du behøver ikke være sikker.",
        "do_now": [("point", "Spørg roligt.")],
        "do_not": [("point", "Vent ikke.")],
        "signs": [("point", "Personen trækker sig.")],
        "emergency": "Ring 112 ved fare.",
        "duty_under_18": "Underret kommunen om barnet.",
        "duty_over_18": "Søg råd uden navne.",
    }
    parent = under or worried_page()
    card = ActionCardPage(title=title or f"Kort {number}", slug=f"kort-{number}", live=live, **(values | fields))
    card.locale = parent.locale
    parent.add_child(instance=card)
    if live:
        card.save_revision().publish()
    if english:
        translated = card.copy_for_translation(Locale.objects.get(language_code="en"))
        translated.title, translated.slug, translated.intro = english, f"card-{number}", "You need not be certain."
        translated.do_now, translated.do_not = [("point", "Ask calmly.")], [("point", "Do not wait.")]
        translated.signs, translated.emergency = [("point", "The person withdraws.")], "Call 112 in danger."
        translated.duty_under_18, translated.duty_over_18 = "Notify the City.", "Seek advice without names."
        translated.save_revision().publish()
    return ActionCardPage.objects.get(pk=card.pk)


def make_situation(title: str = "Nogen trækker sig", card: ActionCardPage | None = None, **fields: Any) -> Situation:
    """A situation that leads to `card` whatever the answer."""
    values: dict[str, Any] = {
        "title_da": title,
        "title_en": f"{title} (en)",
        "signs_da": "Personen bliver væk.\nNye venner er hemmelige.",
        "signs_en": "The person stays away.\nNew friends are secret.",
        **dict.fromkeys(("under_18", "over_18", "acute_under_18", "acute_over_18"), card),
    }
    return Situation.objects.create(**(values | fields))


def make_section(title: str = "Hvor du arbejder") -> GuidanceIndexPage:
    """A section of guidance below the Danish front page."""
    page = GuidanceIndexPage(title=title, slug=f"afsnit-{next(_numbers)}", intro="Hvad det betyder.")
    return _below(HomePage.objects.get(locale__language_code="da"), page)


def make_workplace(section: GuidanceIndexPage, card: ActionCardPage | None = None, **fields: Any) -> WorkplacePage:
    """A library, with one situation that leads to `card`."""
    values: dict[str, Any] = {
        "title": "På et bibliotek",
        "workplace": "Bibliotek",
        "administration": Administration.objects.get(code="KFF"),
        "may": [("point", "Tale med en gæst.")],
        "may_not": [("point", "Se på lån.")],
        "ask_first": "Spørg din leder.",
        "duty": "Du skal underrette.",
        "unconfirmed": "Forvaltningens navn.",
        "situations": [("situation", {"heading": "Nogen råber", "text": "Sig fra.", "card": card})],
    }
    return _below(section, WorkplacePage(slug=f"arbejde-{next(_numbers)}", **(values | fields)))


def make_effort(section: GuidanceIndexPage, contact: Contact | None = None, **fields: Any) -> EffortPage:
    """Mentoring, with a contact."""
    values: dict[str, Any] = {
        "title": "Mentor",
        "who_for": "Til dig, der vil væk.",
        "what_you_get": "Faste møder.",
        "how_to_get_it": "Ring til teamet.",
        "free": "Gratis",
        "anonymous": "Ja, i den første samtale",
        "responsible_body": "Københavns Kommune",
        "unconfirmed": "Ventetiden.",
        "contact": contact,
    }
    return _below(section, EffortPage(slug=f"indsats-{next(_numbers)}", **(values | fields)))


def _below(parent: Any, page: Any) -> Any:
    page.locale = parent.locale
    parent.add_child(instance=page)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)
