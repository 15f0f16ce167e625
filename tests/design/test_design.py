"""Danish formats, meters, controls and components."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

from vaern.design import formats, meters
from vaern.design.controls import Control, problems

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MOMENT = dt.datetime(2026, 11, 23, 8, 5, tzinfo=dt.UTC)


def rendered(source: str, **values: Any) -> str:
    return Template("{% load design %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("style", "danish", "english"),
    [
        ("long", "mandag 23. november 2026", "Monday 23 November 2026"),
        ("plain", "23. november 2026", "23 November 2026"),
        ("day", "mandag 23. november", "Monday 23 November"),
        ("short", "23.11.2026", "23/11/2026"),
    ],
)
def test_dates(style: str, danish: str, english: str) -> None:
    for value in (dt.date(2026, 11, 23), MOMENT):
        assert formats.format_date(value, style) == danish
        with translation.override("en"):
            assert formats.format_date(value, style) == english


@pytest.mark.parametrize(
    ("moment", "day", "clock"),
    [
        (dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC), "01.01.2027", "kl. 0.30"),
        (dt.datetime(2026, 3, 29, 0, 59, tzinfo=dt.UTC), "29.03.2026", "kl. 1.59"),
        (dt.datetime(2026, 3, 29, 1, 0, tzinfo=dt.UTC), "29.03.2026", "kl. 3.00"),
        (dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC), "25.10.2026", "kl. 2.30"),
        (dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC), "25.10.2026", "kl. 2.30"),
    ],
)
def test_moments_are_shown_by_copenhagens_clock(moment: dt.datetime, day: str, clock: str) -> None:
    assert (formats.format_date(moment, "short"), formats.format_clock(moment)) == (day, clock)


def test_times() -> None:
    assert formats.format_time_range(MOMENT, MOMENT + dt.timedelta(minutes=90)) == "kl. 9.05–10.35"
    assert formats.format_time_range(MOMENT, None) == "kl. 9.05"
    with translation.override("en"):
        assert formats.format_time_range(MOMENT, MOMENT + dt.timedelta(minutes=90)) == "9:05–10:35"
    assert [formats.format_date(None), formats.format_clock(None), formats.format_time_range(None, None)] == [""] * 3


@pytest.mark.parametrize(
    ("value", "danish", "english"),
    [
        (4000, "4.000", "4,000"),
        (0, "0", "0"),
        (999, "999", "999"),
        (Decimal("1234.5"), "1.234,5", "1,234.5"),
        (None, "", ""),
    ],
)
def test_numbers(value: Any, danish: str, english: str) -> None:
    assert formats.format_number(value) == danish
    with translation.override("en"):
        assert formats.format_number(value) == english


@pytest.mark.parametrize(
    ("typed", "shown", "rings"),
    [
        ("+4541749090", "41 74 90 90", "tel:+4541749090"),
        ("0045 41749090", "41 74 90 90", "tel:+4541749090"),
        ("41 74-90.90", "41 74 90 90", "tel:+4541749090"),
        ("112", "112", "tel:112"),
        ("+49 151 12345678", "+49 151 12345678", "tel:+4915112345678"),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_phone_numbers(typed: str | None, shown: str, rings: str) -> None:
    assert (formats.format_phone(typed), formats.tel_address(typed)) == (shown, rings)


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (3000, 4000, None, (69.0, 92.0, 0.0, False)),
        (4000, 4000, None, (92.0, 92.0, 0.0, True)),
        (8000, 4000, None, (92.0, 46.0, 0.0, True)),
        (0, 0, None, (0.0, 0.0, 0.0, True)),
        (0, 100, 200, (0.0, 46.0, 46.0, False)),
        (150, 100, 200, (69.0, 46.0, 46.0, True)),
        (-5, 100, None, (0.0, 92.0, 0.0, False)),
    ],
)
def test_where_a_value_lies_on_the_meter(
    value: int, low: int, high: int | None, expected: tuple[float, float, float, bool]
) -> None:
    assert meters.place(value, low, high) == meters.Meter(*expected)


class ExampleForm(forms.Form):
    name = forms.CharField(label="Navn", help_text="Dit eget", max_length=5)
    text = forms.CharField(label="Tekst", widget=forms.Textarea, max_length=100, required=False)
    agree = forms.BooleanField(label="Ja")
    size = forms.ChoiceField(label="Størrelse", choices=[("s", "Lille"), ("l", "Stor")], widget=forms.RadioSelect)
    hidden = forms.CharField(label="Skjult", widget=forms.HiddenInput)


def test_controls_know_their_kind_and_what_describes_them() -> None:
    form = ExampleForm({"name": "for langt"})
    controls = {field.name: Control(field) for field in form}
    assert {name: control.kind for name, control in controls.items()} == {
        "name": "input", "text": "input", "agree": "checkbox", "size": "choices", "hidden": "input",
    }  # fmt: skip
    assert controls["name"].described_by == "id_name_helptext id_name_error"
    assert controls["text"].described_by == "id_text_limit"
    assert [name for name, control in controls.items() if control.optional] == ["text"]
    assert controls["size"].first_id == "id_size_0"


def test_the_error_summary_names_fields_and_leads_to_them() -> None:
    form = ExampleForm({"name": "for langt"})
    form.is_valid()
    form.add_error(None, "Noget andet")
    found = [(problem.href, problem.message.split(":")[0]) for problem in problems([form])]
    assert [href for href, _ in found] == ["", "#id_name", "#id_agree", "#id_size_0", ""]
    names = [name for _, name in found]
    assert [names[0], *names[2:]] == ["Noget andet", "Ja", "Størrelse", "Skjult"]
    assert problems([ExampleForm()]) == []


def test_a_field_is_drawn_with_label_hint_and_error() -> None:
    form = ExampleForm({"name": "<b>for langt</b>"})
    html = rendered("{{ form.name.as_field_group }}", form=form)
    assert '<label class="form-label" for="id_name">Navn' in html
    assert 'id="id_name_helptext">Dit eget' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert "&lt;b&gt;for langt&lt;/b&gt;" in html
    assert " required" not in html


def test_components_escape_what_they_are_given() -> None:
    evil = "<script>alert(1)</script>"
    sources = [
        '{% alert "info" title=evil %}{{ evil }}{% endalert %}',
        "{% disclosure evil %}{{ evil }}{% enddisclosure %}",
        "{% data_table headers rows evil %}",
        "{% goal_meter label=evil value=1 low=2 unit=evil note=evil %}",
        '{% include "components/card.html" with title=evil url=evil summary=evil eyebrow=evil badge=evil foot=evil %}',
        '{% include "components/phone_link.html" with number=evil label=evil %}',
    ]
    for source in sources:
        html = rendered(source, evil=evil, headers=[evil], rows=[[evil]])
        assert "<script" not in html
        assert "&lt;script" in html


def test_an_unknown_kind_of_alert_is_an_error_of_the_template() -> None:
    with pytest.raises(TemplateSyntaxError, match="danger"):
        rendered('{% alert "danger" %}x{% endalert %}')
    assert "alert-warning" in rendered('{% alert "warning" %}x{% endalert %}')


@pytest.mark.parametrize(("pages", "number", "links"), [(1, 1, 0), (2, 1, 3), (3, 2, 5)])
def test_page_numbers_keep_the_filters(rf: RequestFactory, pages: int, number: int, links: int) -> None:
    page = Paginator(range(pages), 1).get_page(number)
    request = rf.get("/", {"q": "æ&b", "page": number})
    html = Template("{% load design %}{% pagination page %}").render(RequestContext(request, {"page": page}))
    assert html.count("<a ") == links
    assert html.count("q=%C3%A6%26b&amp;page=") == links


def test_a_meter_draws_with_points_in_danish_too() -> None:
    html = rendered('{% goal_meter label="Elever" value=1000 low=4321 %}')
    assert 'width="21.3"' in html
    assert "4.321" in html
