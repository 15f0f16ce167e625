#!/usr/bin/env python3
"""How the catalogue's pages grow: with 100 dates and with 10,000, on the first and the last page, in milliseconds.

Run it on a throw-away PostgreSQL, and let nothing else run:
    .venv/bin/python tools/pg_temp.py -- .venv/bin/python tools/measure_catalogue.py
It sets a database up as the tests do, measures the site's own views in process (page cache off), prints a table and
ends with an error when a page breaks its promise: at most 8 queries, none twice in shape, at most 1.3 times the time.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ["DJANGO_SETTINGS_MODULE"] = "vaern.settings.test"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, get_runner, setup_test_environment  # noqa: E402

WORKSHOPS, FEW, MANY = 1000, 100, 10_000
ROUNDS, MOST_QUERIES, MOST_TIMES = 15, 8, 1.3
PAGES = {
    "first page": "/workshops/",
    "last page": "/workshops/?page=42",
    "English": "/en/workshops/",
    "grade and subject": "/workshops/?grade=7&subject=fag-1",
    "free text": "/workshops/?q=ekstremismen+billeder",
    "free places": "/workshops/?free=1",
    "period, district, free": "/workshops/?period=before-summer&district=valby&free=1",
    "by next date": "/workshops/?sort=next",
    "dates": "/workshops/?view=dates",
    "dates, last page": "/workshops/?view=dates&page=9999",
    "calendar": "/workshops/?view=month",
}
OTHERS = {"calendar feed": "/data/datoer.ics", "JSON": "/data/workshops.json", "CSV": "/data/workshops.csv"}
# What must not cost more with more dates: the list itself. The others are told.
PROMISED = ("first page", "last page", "English", "grade and subject")


def shapes(queries: list[dict[str, str]]) -> Counter[str]:
    """Count the queries by their shape: the SQL without its values."""
    return Counter(re.sub(r"'(?:[^']|'')*'|\b\d+\b", "?", query["sql"]) for query in queries)


def measure(client: Client, path: str) -> tuple[float, int, int]:
    """Return the best time in ms (other programs only add), the queries, and how many have the commonest shape."""
    assert client.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    queries = captured.captured_queries  # taken now: the next request empties the log
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        client.get(path)
        times.append((time.perf_counter() - started) * 1000)
    return min(times), len(queries), max(shapes(queries).values())


def main() -> int:
    """Measure, print, and say whether the promises hold."""
    setup_test_environment()
    runner: Any = get_runner(settings)(verbosity=0, interactive=False)
    old = runner.setup_databases()
    try:
        return _measured()
    finally:
        runner.teardown_databases(old)


def _measured() -> int:
    from tests.factories.many import make_many_sessions, make_many_workshops

    call_command("setup_site", verbosity=0)
    workshops = make_many_workshops(WORKSHOPS)
    client = Client()
    results: dict[str, list[tuple[float, int, int]]] = {name: [] for name in {**PAGES, **OTHERS}}
    for number in (FEW, MANY - FEW):
        make_many_sessions(workshops, number, seed=number)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        for name, path in {**PAGES, **OTHERS}.items():
            results[name].append(measure(client, path))
    print(f"{connection.vendor}, {WORKSHOPS} workshops; best of {ROUNDS}, in process, page cache off\n")
    print(f"{'':24}{f'{FEW} dates':>12}{f'{MANY} dates':>14}{'times':>8}{'queries':>9}{'same shape':>12}")
    broken = []
    for name, ((few, _q, _s), (many, queries, same)) in results.items():
        print(f"{name:24}{few:>9.1f} ms{many:>11.1f} ms{many / few:>8.2f}{queries:>9}{same:>12}")
        if name in PAGES and (queries > MOST_QUERIES or same > 1):
            broken.append(f"{name}: {queries} queries, {same} of one shape")
        if name in PROMISED and many / few > MOST_TIMES:
            broken.append(f"{name}: {many / few:.2f} times")
    print("\n".join(["", *broken] if broken else ["", "All promises hold."]))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
