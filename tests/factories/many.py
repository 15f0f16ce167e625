"""Many workshops and dates at once, for tests and measurements of numbers (`tools/measure_catalogue.py`)."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import uuid

from django.utils import timezone
from wagtail.models import Page

from bookings.models import Session
from courses.models import CataloguePage, Subject, Theme, WorkshopPage
from courses.words import fold
from vaern.people.models import Organisation

_numbers = itertools.count(1)
WORDS = [
    *("kilde", "kritik", "demokrati", "samtale", "fællesskab", "grænser", "propaganda", "billeder", "rygter", "klasse"),
    *("elever", "onlinetrivsel", "modstandskraft", "medborgerskab", "uenighed", "venner", "spil", "chat", "filosofi"),
    *("ytringsfrihed", "ekstremisme", "forebyggelse"),
]


def make_many_workshops(number: int, *, seed: int = 1) -> list[WorkshopPage]:
    """Add `number` live Danish workshops with terms, in a handful of statements; they have no revisions."""
    dice = random.Random(seed)
    catalogue = CataloguePage.objects.get(locale__language_code="da")
    subjects = [
        Subject.objects.get_or_create(key=f"fag-{n}", name_da=f"Fag {n}", name_en=f"S {n}")[0] for n in range(8)
    ]
    themes = [Theme.objects.get_or_create(key=f"tema-{n}", name_da=f"Tema {n}", name_en=f"T {n}")[0] for n in range(8)]
    pages = [_page(catalogue, dice) for _ in range(number)]
    base = catalogue.numchild + 1
    for place, page in enumerate(pages):
        page.path = Page._get_path(catalogue.path, catalogue.depth + 1, base + place)
    rows = Page.objects.bulk_create([_row(page) for page in pages])
    for page, row in zip(pages, rows, strict=True):
        page.page_ptr_id = page.pk = row.pk
    fields = list(WorkshopPage._meta.local_concrete_fields)
    # Django inserts no rows of a child table by `bulk_create`; the parents' rows are there already.
    WorkshopPage._base_manager.all()._insert(pages, fields=fields, using="default")
    Page.objects.filter(pk=catalogue.pk).update(numchild=catalogue.numchild + number)
    for through, terms, column in (
        (WorkshopPage.subjects.through, subjects, "subject_id"),
        (WorkshopPage.themes.through, themes, "theme_id"),
    ):
        through.objects.bulk_create(
            through(workshoppage_id=page.pk, **{column: term.pk}) for page in pages for term in dice.sample(terms, 2)
        )
    return pages


def _page(catalogue: CataloguePage, dice: random.Random) -> WorkshopPage:
    n = next(_numbers)
    low = dice.randint(0, 8)
    text = " ".join(dice.choices(WORDS, k=120))
    page = WorkshopPage(
        title=f"{dice.choice(WORDS).capitalize()} og {dice.choice(WORDS)} {n}",
        slug=f"mange-{n}",
        locale=catalogue.locale,
        intro=" ".join(dice.choices(WORDS, k=18)),
        description=text,
        audience=WorkshopPage.Audience.CLASS,
        grade_from=low,
        grade_to=min(low + 2, 10),
        languages=["da"],
        place=dice.choice(WorkshopPage.Place.values),
        group_min=10,
        group_max=28,
        live=True,
        first_published_at=timezone.now(),
        last_published_at=timezone.now(),
        depth=catalogue.depth + 1,
        url_path=f"{catalogue.url_path}mange-{n}/",
        translation_key=uuid.uuid4(),
    )
    page.draft_title = page.title
    page.search_text = "\n".join(fold(part) for part in (page.title, page.intro, page.description))
    return page


def _row(page: WorkshopPage) -> Page:
    values = {field.attname: getattr(page, field.attname) for field in Page._meta.local_concrete_fields}
    values.pop("id")
    return Page(**values)


def make_many_sessions(workshops: list[WorkshopPage], number: int, *, seed: int = 2) -> None:
    """Add `number` public coming dates, spread over the workshops and a year, a third of them full."""
    dice = random.Random(seed)
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    sessions = []
    for place in range(number):
        starts_at = now + dt.timedelta(days=dice.randint(1, 360), hours=dice.randint(0, 6))
        venue = dice.choice(["", "", "Biblioteket"])
        sessions.append(
            Session(
                workshop=workshops[place % len(workshops)],
                starts_at=starts_at,
                ends_at=starts_at + dt.timedelta(minutes=90),
                place=venue,
                district=dice.choice(Organisation.District.values) if venue else "",
                capacity=28,
                seats_taken=dice.choice([0, 0, 24]),
            )
        )
    Session.objects.bulk_create(sessions, batch_size=1000)
