"""``{% load design %}``: what the public templates need beside Django's own tags.

Filters    ``danish_date`` ``clock`` ``time_range`` ``number`` ``phone`` ``tel``
Tags       ``icon`` ``control`` ``error_summary`` ``pagination`` ``data_table`` ``goal_meter``
Blocks     ``alert`` ``disclosure``
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from vaern.design import formats, meters
from vaern.design.controls import Control, ErrorSource, problems

register = template.Library()
Number = int | float | Decimal

SPRITE = "dkfds/img/all-svg-icons.svg"
ALERT_KINDS = ("info", "success", "warning", "error")


# -- formats ----------------------------------------------------------------------------------------------


@register.filter
def danish_date(value: date | None, style: str = "long") -> str:
    """``{{ session.start|danish_date }}`` → "mandag 23. november 2026"; styles long, plain, day, short."""
    return formats.format_date(value, style)


@register.filter
def clock(value: datetime | time | None) -> str:
    """``{{ session.start|clock }}`` → "kl. 9.30", in English "9:30"."""
    return formats.format_clock(value)


@register.filter
def time_range(start: datetime | time | None, end: datetime | time | None) -> str:
    """``{{ session.start|time_range:session.end }}`` → "kl. 9.30–11.15"."""
    return formats.format_time_range(start, end)


@register.filter
def number(value: Number | str | None) -> str:
    """``{{ goal.target|number }}`` → "4.000", in English "4,000"."""
    return formats.format_number(value)


@register.filter
def phone(value: str | None) -> str:
    """``{{ contact.phone|phone }}`` → "41 74 90 90", with spaces at which no line breaks."""
    return formats.format_phone(value).replace(" ", "\N{NO-BREAK SPACE}")


@register.filter
def tel(value: str | None) -> str:
    """``<a href="{{ contact.phone|tel }}">`` → "tel:+4541749090"."""
    return formats.tel_address(value)


# -- pieces -----------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """``{% icon "calendar-month" %}``: an icon of the DKFDS set, hidden from screen readers."""
    classes = f"icon-svg {css_class}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        static(SPRITE),
        name,
    )


@register.simple_tag
def control(field: BoundField) -> Control:
    """``{% control field as control %}``: for the field template; see ``controls.Control``."""
    return Control(field)


@register.inclusion_tag("components/error_summary.html")
def error_summary(*sources: ErrorSource) -> dict[str, Any]:
    """``{% error_summary form formset %}``: nothing when all is well, otherwise links to the fields."""
    return {"problems": problems(sources)}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any], query: QueryDict | None = None) -> dict[str, Any]:
    """``{% pagination page_obj %}``: page numbers that keep the address's other parameters (``?page=``).

    ``query`` takes the place of the address's own parameters, where some of them made no sense.
    """
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    request = context.get("request")
    kept = query if query is not None else (request.GET if request else QueryDict())
    return {"page": page, "numbers": list(numbers), "request": request, "kept": kept}


@register.inclusion_tag("components/table.html")
def data_table(
    headers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    caption: str,
    numeric: Sequence[int] = (),
    hide_caption: bool = False,
) -> dict[str, Any]:
    """``{% data_table headers rows caption %}``: on phones each row becomes a card, with its headers.

    The first cell of a row is the row's header. ``numeric`` lists the columns (from 0) that hold numbers.
    """
    columns = [{"label": header, "numeric": index in numeric} for index, header in enumerate(headers)]
    return {
        "columns": columns,
        "rows": [list(zip(columns, row, strict=True)) for row in rows],
        "caption": caption,
        "hide_caption": hide_caption,
    }


@register.inclusion_tag("components/goal_meter.html")
def goal_meter(
    *, label: str, value: Number, low: Number, high: Number | None = None, unit: str = "", note: str = ""
) -> dict[str, Any]:
    """``{% goal_meter label="Elever" value=3212 low=4000 unit="elever" %}``: how far a yearly goal is."""
    return {
        "label": label,
        "value": value,
        "low": low,
        "high": high if high is not None and high > low else None,
        "unit": unit,
        "note": note,
        "meter": meters.place(float(value), float(low), float(high) if high is not None else None),
    }


# -- blocks -----------------------------------------------------------------------------------------------


@register.simple_block_tag
def alert(content: SafeString, kind: str = "info", title: str = "", level: str = "h2", role: str = "") -> str:
    """``{% alert "warning" title="…" %}<p>…</p>{% endalert %}``; ``role="alert"`` only for something new."""
    if kind not in ALERT_KINDS:
        message = f"alert: kind is one of {ALERT_KINDS}, not {kind!r}"
        raise template.TemplateSyntaxError(message)
    values = {"content": content, "kind": kind, "title": title, "level": level, "role": role}
    return render_to_string("components/alert.html", values)


@register.simple_block_tag
def disclosure(content: SafeString, summary: str, is_open: bool = False) -> str:
    """``{% disclosure "Hvad sker der med mine oplysninger?" %}…{% enddisclosure %}``: details/summary."""
    values = {"content": content, "summary": summary, "open": is_open}
    return render_to_string("components/details.html", values)
