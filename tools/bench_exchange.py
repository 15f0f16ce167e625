"""Measure files that go out and come in: 100,000 bookings as CSV and XLSX, 5,000 rows of past attendance.

    .venv/bin/python tools/bench_exchange.py [rows]          on a throw-away SQLite file
    .venv/bin/python tools/pg_temp.py -- .venv/bin/python tools/bench_exchange.py

Prints seconds, the size of the file and by how much the process grew. `DATABASE_URL` chooses another database.
"""

import datetime as dt
import os
import resource
import sys
import tempfile
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vaern.settings.test")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{tempfile.mkdtemp()}/bench.sqlite3")


def resident() -> int:
    """Return the memory of this process now, in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main(rows: int) -> None:
    """Fill the database, write the files, and print."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone, translation

    call_command("migrate", verbosity=0)
    call_command("setup_site", verbosity=0)
    translation.activate("da")
    from bookings.models import Booking, GroupLine, Session
    from tests.factories.courses import make_workshop
    from tests.factories.people import make_school, make_user
    from vaern.exchange.datasets import DATASETS, Period
    from vaern.exchange.exporting import make_waiting_exports, order_export
    from vaern.exchange.importers import IMPORTERS
    from vaern.exchange.importing import confirm, receive, take_in_waiting
    from vaern.exchange.models import ExportFile

    now = timezone.now()
    school, workshop, user = (
        make_school("Nørre Skole", number="101001"),
        make_workshop("Kildekritik"),
        make_user("coordinator"),
    )
    start = now + dt.timedelta(days=5)
    sessions = Session.objects.bulk_create(
        Session(workshop=workshop, starts_at=start + dt.timedelta(hours=n), ends_at=start + dt.timedelta(hours=n + 1))
        for n in range(2000)
    )
    for first in range(0, rows, 5000):
        made = Booking.objects.bulk_create(
            Booking(
                reference=f"B{n:07d}", session=sessions[n % 2000], audience="class", state="confirmed", seats=24,
                contact_name="Åse Ødegård", contact_email=f"aase{n}@example.dk", contact_phone="+45 12 34 56 78",
                school=school, school_name=school.name, idempotency_key=uuid.uuid4(), token_hash=uuid.uuid4().hex,
                created_at=now, confirmed_at=now,
            )
            for n in range(first, min(first + 5000, rows))
        )  # fmt: skip
        GroupLine.objects.bulk_create(
            GroupLine(
                booking=booking, session_id=booking.session_id, school_key="101001", institution_type="1012",
                label=f"7.{booking.reference}", label_key=booking.reference.lower(), grade=7, pupils=24, adults=2,
            )
            for booking in made
        )  # fmt: skip
        del made
    print(f"{rows} bookings are there")
    for form in ("csv", "xlsx"):
        order = order_export(dataset=DATASETS["bookings"], form=form, period=Period(), user=user)
        before, peak, began = resident(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, time.perf_counter()
        make_waiting_exports()
        took = time.perf_counter() - began
        grown = max(resident() - before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - peak)
        order = ExportFile.objects.get(pk=order.pk)
        megabytes = f"{order.size / 1e6:.1f} MB, grew {grown / 1e6:.1f} MB"
        print(f"{form}: {order.state}, {order.rows_done} rows, {took:.1f} s, {megabytes}")
    lines = ["institutionsnummer;klasse;dato;workshop;elever til stede;voksne til stede"]
    lines += [
        f"101001;{n % 10}.A{n};{dt.date(2024, 1, 8) + dt.timedelta(days=n % 900):%d-%m-%Y};Kildekritik;20;1"
        for n in range(5000)
    ]
    content = "\n".join(lines).encode()
    began = time.perf_counter()
    batch = receive(importer=IMPORTERS["history"], name="fil.csv", content=content, user=user)
    seen = time.perf_counter()
    confirm(batch=batch, user=user)
    take_in_waiting()
    batch.refresh_from_db()
    done = time.perf_counter() - seen
    print(f"history: {batch.state}, {batch.new} rows, seen in {seen - began:.1f} s, taken in in {done:.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
