"""One material in a second version, so that the demo shows what an old version says."""

from __future__ import annotations

from materials.models import MaterialPage
from vaern.setup.starter.tree import locales, publish

SLUG = "gruppechatten"
NEWS = {
    "da": "Trin 3 har fået et spørgsmål om, hvem man kan spørge om hjælp, og vejledningen er blevet kortere.",
    "en": "Step 3 now asks whom one can turn to for help, and the guide has become shorter.",
}
QUESTION = {
    "da": "<p>Slut med at spørge: Hvem kan man spørge om hjælp?</p>",
    "en": "<p>End by asking: Whom can one turn to for help?</p>",
}
STEP = 2


def load_second_version() -> None:
    """Publish a changed lesson plan in both languages, unless an editor has published one already."""
    page = MaterialPage.objects.filter(slug=SLUG, locale=locales()["da"]).first()
    if page is None:
        return
    for each in (page, page.get_translation_or_none(locales()["en"])):
        if each is None or each.versions.count() != 1:
            continue
        language = each.locale.language_code
        steps = [
            (
                "step",
                {
                    "title": block.value["title"],
                    "minutes": block.value["minutes"],
                    "text": block.value["text"].source + (QUESTION[language] if number == STEP else ""),
                },
            )
            for number, block in enumerate(each.steps)
        ]
        each.steps, each.whats_new = steps, NEWS[language]
        publish(each)
