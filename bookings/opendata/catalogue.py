"""The catalogue as records, for the school portal. The field names are a promise: docs/decisions/0015-open-data.md."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest

from bookings.open_dates import OpenCount, OpenDates
from courses.models import Subject, Term, Theme, WorkshopPage
from courses.queries import page_urls
from courses.search import Found
from vaern.design.cells import harmless

Record = dict[str, Any]
LANGUAGES = ("da", "en")
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def records(found: Found, request: HttpRequest, *, now: dt.datetime) -> list[Record]:
    """Return one record for each workshop found, in the order found, with both languages. Four queries."""
    keys = found.keys
    pages: dict[uuid.UUID, dict[str, WorkshopPage]] = defaultdict(dict)
    rows = WorkshopPage.open_to_all().filter(translation_key__in=keys).select_related("locale", "provider")
    for page in rows.defer("search_text"):
        pages[page.translation_key][page.locale.language_code] = page
    terms = {
        "subjects": _terms(Subject, WorkshopPage.subjects.through, "subject_id"),
        "themes": _terms(Theme, WorkshopPage.themes.through, "theme_id"),
    }
    dates = OpenDates().open_counts(keys, now=now)
    urls = page_urls((page for found_pages in pages.values() for page in found_pages.values()), request)
    return [_record(key, pages[key], terms, dates.get(key), urls) for key in keys if key in pages]


def _terms(model: type[Term], through: Any, column: str) -> dict[int, list[dict[str, str]]]:
    """Return {page: its terms in both languages}, in one query."""
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    name = column.removesuffix("_id")
    rows = through.objects.values_list("workshoppage_id", f"{name}__key", f"{name}__name_da", f"{name}__name_en")
    for page, key, danish, english in rows.order_by(f"{name}__key"):
        found[page].append({"key": key, "da": danish, "en": english})
    return found


def _record(
    key: uuid.UUID,
    pages: Mapping[str, WorkshopPage],
    terms: Mapping[str, Mapping[int, list[dict[str, str]]]],
    known: OpenCount | None,
    urls: Mapping[int, str],
) -> Record:
    """Return one workshop; the facts are the Danish page's, the texts each language's own, null where there is none."""
    page = pages.get("da") or next(iter(pages.values()))
    updated = max((other.last_published_at for other in pages.values() if other.last_published_at), default=None)
    return {
        "id": str(key),
        "url": {code: urls[pages[code].pk] if code in pages else None for code in LANGUAGES},
        "title": _texts(pages, "title"),
        "intro": _texts(pages, "intro"),
        "description": _texts(pages, "description"),
        "audience": page.audience,
        "grade_from": page.grade_from,
        "grade_to": page.grade_to,
        "subjects": terms["subjects"].get(page.pk, []),
        "themes": terms["themes"].get(page.pk, []),
        "place": page.place,
        "languages": page.languages,
        "duration_minutes": page.duration_minutes,
        "lessons": page.lessons,
        "group_min": page.group_min,
        "group_max": page.group_max,
        "teacher_present": page.teacher_present,
        "provider": page.provider.name if page.provider else None,
        "price_dkk": 0,
        "way_of_booking": page.way_of_booking,
        "booking_url": page.external_url or f"{urls[page.pk]}#datoer",
        "open_dates": known.number if known else 0,
        "next_open_date": known.next.isoformat() if known and known.next else None,
        "updated_at": updated.isoformat() if updated else None,
    }


def _texts(pages: Mapping[str, WorkshopPage], name: str) -> dict[str, str | None]:
    return {code: getattr(pages[code], name) if code in pages else None for code in LANGUAGES}


def columns(record: Record) -> dict[str, Any]:
    """Return a record as one row: each text once a language (`title_da`, `title_en`), lists as keys with spaces."""
    row: dict[str, Any] = {}
    for name, value in record.items():
        if name in {"subjects", "themes"}:
            row[name] = " ".join(term["key"] for term in value)
        elif isinstance(value, dict):
            row |= {f"{name}_{code}": text for code, text in value.items()}
        elif isinstance(value, list):
            row[name] = " ".join(value)
        elif isinstance(value, bool):
            row[name] = "1" if value else "0"
        else:
            row[name] = value
    return row


def table(records_: Iterable[Record], header: Iterable[str]) -> bytes:
    """Return the records as CSV for a Danish spreadsheet: UTF-8 with a mark, semicolons, and no formula (RFC 4180)."""
    text = io.StringIO(newline="")
    text.write(BOM)
    writer = csv.DictWriter(text, list(header), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for record in records_:
        writer.writerow(
            {name: harmless("" if value is None else str(value)) for name, value in columns(record).items()}
        )
    return text.getvalue().encode()


# The columns of the table, in this order for good; new ones are added at the end.
HEADER = (
    "id", "url_da", "url_en", "title_da", "title_en", "intro_da", "intro_en", "description_da", "description_en",
    "audience", "grade_from", "grade_to", "subjects", "themes", "place", "languages", "duration_minutes", "lessons",
    "group_min", "group_max", "teacher_present", "provider", "price_dkk", "way_of_booking", "booking_url", "open_dates",
    "next_open_date", "updated_at",
)  # fmt: skip
