"""Wide reads for editors: which cards the choices of "Er du bekymret?" lead to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wagtail.models import Locale

from vaern.guidance.models import ActionCardPage, Situation
from vaern.guidance.rules import ANSWERS, UNKNOWN, Answer
from vaern.pages.access import closed

# "Unknown age" has no card of its own.
CHECKED_ANSWERS = tuple(answer for answer in ANSWERS if answer.age != UNKNOWN)


@dataclass(frozen=True)
class Gap:
    """An answer whose readers in one language get the general card."""

    answer: Answer
    language: str


def gaps(situations: Iterable[Situation]) -> dict[int, list[Gap]]:
    """Return {situation id: its gaps}: no card, one that is not public, or one without a published translation."""
    rows = list(situations)
    chosen = {pk for row in rows for answer in CHECKED_ANSWERS if (pk := row.card_id(answer)) is not None}
    keys = dict(ActionCardPage.objects.filter(pk__in=chosen).values_list("pk", "translation_key"))
    public = ActionCardPage.objects.live().filter(~closed(), translation_key__in=keys.values())
    shown = set(public.values_list("translation_key", "locale__language_code"))
    languages = Locale.objects.order_by("language_code").values_list("language_code", flat=True)
    codes = list(languages)
    return {
        row.pk: [
            Gap(answer, code)
            for answer in CHECKED_ANSWERS
            for code in codes
            if (keys.get(row.card_id(answer) or 0), code) not in shown
        ]
        for row in rows
    }
