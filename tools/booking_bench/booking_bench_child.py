"""Inside Django: make what the benchmark books, write pgbench's script of the verb's own statements, call the verb."""

import datetime as dt
import json
import re
import sys
import time
import uuid
from multiprocessing import Process, Queue

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from bookings.domain.booking import BookingSchool, ClassGroup, Contact, book_class  # noqa: E402
from bookings.models import Booking, Session  # noqa: E402
from courses.models import CataloguePage, WorkshopPage  # noqa: E402
from vaern.limits.forms import stamp  # noqa: E402
from vaern.outbox.models import Message  # noqa: E402

# A key that no other literal of a statement can be mistaken for.
FIRST_SESSION, SESSIONS = 70_000_000, 100
CONTACT = Contact("Åse Ødegård", "aase@example.dk", "12345678")


def prepare() -> None:
    """One workshop, a hot session and ninety-nine others, none of them ever full."""
    page = WorkshopPage(title="Måling", slug="maaling", audience="class", languages=["da"], grade_from=0, grade_to=10)
    page.locale = (catalogue := CataloguePage.objects.get(locale__language_code="da")).locale
    catalogue.add_child(instance=page)
    start = timezone.now() + dt.timedelta(days=30)
    Session.objects.bulk_create(
        Session(pk=FIRST_SESSION + n, workshop=page, starts_at=start, ends_at=start + dt.timedelta(hours=1))
        for n in range(SESSIONS)
    )
    hot = Session.objects.get(pk=FIRST_SESSION)
    print(json.dumps({"hot": str(hot.uuid), "pk": FIRST_SESSION, "served": stamp()}))


def book(session_id: int) -> Booking:
    """Book one class that nobody has booked."""
    return book_class(
        session_id=session_id,
        school=BookingSchool(unlisted_name="Skolen"),
        groups=[ClassGroup(uuid.uuid4().hex[:16], 7, 2, 1)],
        contact=CONTACT,
        language="da",
        idempotency_key=uuid.uuid4(),
    )


def script(path: str) -> None:
    """Write the statements of one booking as a pgbench script: the same text, with fresh keys."""
    book(FIRST_SESSION)
    with CaptureQueriesContext(connection) as captured:
        booking = book(FIRST_SESSION)
    line = booking.lines.get()
    fresh = {
        f"'{booking.reference}'": "substr(md5(random()::text), 1, 12)",
        f"'{booking.token_hash}'": "md5(random()::text) || md5(random()::text)",
        f"'{line.label}'": "'L:n'",
        str(FIRST_SESSION): ":s",
    }
    lines = [f"\\set s random({FIRST_SESSION}, {FIRST_SESSION} + :spread - 1)", "\\set n random(1, 1000000000000)"]
    for query in captured.captured_queries:
        sql = query["sql"].strip().rstrip(";")
        for old, new in fresh.items():
            sql = sql.replace(old, new)
        sql = sql.replace("'L:n'", "'L' || :n")
        # The booking's, the form's and the message's own are drawn anew each time.
        sql = re.sub(r"'[0-9a-f]{32}'::uuid", "gen_random_uuid()", sql)
        lines.append(" ".join(sql.split()) + ";")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    print(json.dumps({"statements": len(captured.captured_queries)}))


def verb(clients: int, seconds: float, spread: int) -> None:
    """Call the verb from so many processes; print bookings a second and the 99th percentile in milliseconds."""
    answers: Queue = Queue()
    connection.close()
    start = time.time() + 1
    people = [Process(target=_caller, args=(n, start, seconds, spread, answers)) for n in range(clients)]
    for person in people:
        person.start()
    times = sorted(took for _ in people for took in answers.get())
    for person in people:
        person.join()
    print(json.dumps({"rate": len(times) / seconds, "p99_ms": 1000 * times[int(len(times) * 0.99)]}))


def _caller(number: int, start: float, seconds: float, spread: int, answers: Queue) -> None:
    connection.ensure_connection()
    time.sleep(max(0.0, start - time.time()))
    times = []
    while time.time() < start + seconds:
        began = time.perf_counter()
        book(FIRST_SESSION + (number * 31 + len(times)) % spread)
        times.append(time.perf_counter() - began)
    answers.put(times)


def fill(bookings: int, messages: int) -> None:
    """Have so many bookings on the hot session, and so many messages waiting."""
    missing = bookings - Booking.objects.filter(session_id=FIRST_SESSION).count()
    now = timezone.now()
    if missing > 0:
        Booking.objects.bulk_create(
            (
                Booking(
                    reference=uuid.uuid4().hex[:12],
                    session_id=FIRST_SESSION,
                    audience="class",
                    state="confirmed",
                    seats=2,
                    contact_name="A",
                    contact_email="a@example.dk",
                    school_name="Skolen",
                    school_unlisted=True,
                    idempotency_key=uuid.uuid4(),
                    token_hash=uuid.uuid4().hex * 2,
                    created_at=now,
                    confirmed_at=now,
                )
                for _ in range(missing)
            ),
            batch_size=2000,
        )
    Message.objects.bulk_create(
        (
            Message(kind="x", recipient="a@example.dk", language="da", created_at=now, send_after=now)
            for _ in range(messages)
        ),
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(json.dumps({"bookings": Booking.objects.count(), "messages": Message.objects.count()}))


def count() -> None:
    """Say how many bookings there are."""
    print(json.dumps({"bookings": Booking.objects.count()}))


if __name__ == "__main__":
    name, *words = sys.argv[1:]
    globals()[name](*(json.loads(word) if word[:1].isdigit() else word for word in words))
