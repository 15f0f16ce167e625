"""The pure decisions, as tables."""

from __future__ import annotations

import pytest

from materials.rules import Fit, is_counted, plan

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    ("minutes", "lessons", "fit", "without_reason", "with_reason"),
    [
        ([15, 20, 10], 1, Fit.EXACT, True, True),
        ([45, 45], 2, Fit.EXACT, True, True),
        ([44], 1, Fit.BELOW, True, True),
        ([46], 1, Fit.ABOVE, False, True),
        ([90], 1, Fit.ABOVE, False, True),
        ([], 1, Fit.NO_STEPS, True, True),
    ],
)
def test_minutes(minutes: list[int], lessons: int, fit: Fit, without_reason: bool, with_reason: bool) -> None:
    made = plan(minutes, lessons)
    assert made.fit is fit
    assert made.may_be_published("") is made.may_be_published("  ") is without_reason
    assert made.may_be_published("Det er et forløb.") is with_reason


@pytest.mark.parametrize(
    ("facts", "counted"),
    [
        ({}, True),
        ({"headers": {"User-Agent": FIREFOX, "Range": "bytes=0-"}}, True),
        ({"headers": {"User-Agent": FIREFOX, "Range": "bytes=0-1"}}, False),
        ({"headers": {"User-Agent": FIREFOX, "Range": "bytes=500-"}}, False),
        ({"headers": {"User-Agent": FIREFOX, "Sec-Purpose": "prefetch;prerender"}}, False),
        ({"headers": {"User-Agent": FIREFOX, "Purpose": "prefetch"}}, False),
        ({"method": "HEAD"}, False),
        ({"status": 304}, False),
        ({"status": 206}, False),
        ({"status": 404}, False),
        ({"is_staff": True}, False),
        ({"headers": {}}, False),
        ({"headers": {"User-Agent": "  "}}, False),
        *(
            ({"headers": {"User-Agent": agent}}, False)
            for agent in (
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                "curl/8.1",
                "Wget/1.21",
                "python-requests/2.32",
                "facebookexternalhit/1.1",
                "Mozilla/5.0 HeadlessChrome/120",
                "W3C_Validator/1.3",
            )
        ),
        *(
            ({"headers": {"User-Agent": agent}}, True)
            for agent in (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
            )
        ),
    ],
)
def test_what_counts_as_a_download(facts: dict, counted: bool) -> None:
    usual = {"method": "GET", "status": 200, "headers": {"User-Agent": FIREFOX}, "is_staff": False}
    assert is_counted(**(usual | facts)) is counted
