"""What changes the index and the counts."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Model
from django.utils.crypto import salted_hmac
from wagtail.fields import StreamField
from wagtail.models import Page, get_page_models
from wagtail.search import index

from vaern.pages.models import BasePage
from vaern.search.models import Entry, Miss
from vaern.search.rules import DAYS_UNTIL_SHOWN, fold

KEEP_MONTHS = 12
FTS = "search_entry_fts"


def index_page(page: Page) -> None:
    """Write the words of a page into the index; a page of a type that is not ours is left out.

    What is saved while a page is a draft is indexed as well, and not shown: `queries.visible` asks the page.
    """
    if not isinstance(page, BasePage) or page.locale_id is None:
        return
    title, intro, body = page.title, _plain(page.intro), _body(page)
    entry, _created = Entry.objects.update_or_create(
        page_id=page.pk,
        defaults={
            "language": page.locale.language_code,
            "kind": page._meta.label_lower,
            "title": title,
            "intro": intro,
            "body": body,
            "folded": fold(f"{title}\n{intro}\n{body}"),
        },
    )
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT OR REPLACE INTO {FTS}(rowid, title, intro, body) VALUES (%s, %s, %s, %s)",  # noqa: S608
                [entry.pk, fold(title), fold(intro), fold(body)],
            )


def rebuild() -> int:
    """Index every page anew, and return how many there are: after an import, and once a day."""
    number = 0
    for model in get_page_models():
        if issubclass(model, BasePage) and not model._meta.abstract:
            for page in model.objects.select_related("locale").iterator(chunk_size=200):
                with transaction.atomic():
                    index_page(page)
                number += 1
    return number


def _body(page: BasePage) -> str:
    """Return what the page's type declares to be searched, and its stream fields: all of it is shown on the page."""
    streams = [field.name for field in page._meta.get_fields() if isinstance(field, StreamField)]
    declared = [field for field in page.get_search_fields() if field.field_name not in {"title", "intro", *streams}]
    parts = [_text_of(index.SearchField(name), page) for name in streams]
    parts += [_text_of(field, page) for field in declared if isinstance(field, index.SearchField | index.RelatedFields)]
    return "\n".join(part for part in parts if part)


def _text_of(field: Any, instance: Model) -> str:
    """Return the words of a search field; of related rows, those of their own search fields."""
    value = field.get_value(instance)
    if isinstance(field, index.RelatedFields):
        rows = [] if value is None else value.all() if hasattr(value, "all") else [value]
        inner = [sub for sub in field.fields if isinstance(sub, index.SearchField | index.RelatedFields)]
        return "\n".join(filter(None, (_text_of(sub, row) for row in rows for sub in inner)))
    if isinstance(value, list | tuple):
        return "\n".join(_plain(part) for part in value)
    return _plain(value)


def _plain(value: Any) -> str:
    """Return a text without markup."""
    text = re.sub(r"<[^>]+>", " ", str(value or ""))
    return re.sub(r"[ \t\r\f\v\xa0]+", " ", html.unescape(text)).strip()


# -- what was searched in vain --------------------------------------------------------------------------------


@transaction.atomic
def count_miss(*, phrase: str, language: str, today: dt.date) -> None:
    """Count a search without a result; `phrase` comes from `rules.countable`. It is written out on its third day."""
    if not phrase:
        return
    key = salted_hmac("vaern.search.miss", f"{language}:{phrase}", algorithm="sha256").hexdigest()
    row, _created = Miss.objects.get_or_create(
        key=key,
        month=today.replace(day=1),
        defaults={"language": language, "last_day": today - dt.timedelta(days=1)},
    )
    Miss.objects.filter(pk=row.pk).update(count=F("count") + 1)
    if Miss.objects.filter(pk=row.pk, last_day__lt=today).update(days=F("days") + 1, last_day=today):
        # Days of all the months that are kept: what comes once a month is a need as well.
        rows = Miss.objects.filter(key=key)
        if sum(rows.values_list("days", flat=True)) >= DAYS_UNTIL_SHOWN:
            rows.filter(phrase="").update(phrase=phrase)


def forget_misses(*, today: dt.date) -> int:
    """Delete the counts of more than KEEP_MONTHS months ago, and return how many rows went."""
    months = today.year * 12 + today.month - 1 - KEEP_MONTHS
    oldest = dt.date(months // 12, months % 12 + 1, 1)
    deleted, _kinds = Miss.objects.filter(month__lt=oldest).delete()
    return deleted
