"""Processes with many threads that call the verbs, all at the same moment: `python -m tests.concurrency.crew THREADS`.

The test writes one line of JSON a round, and gets one back: what became of each attempt. Kept from round to round, so
that two hundred rounds take seconds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

# The test imports this file as well; the verbs are imported by the child alone, when Django is set up.

Attempt = tuple[str, dict[str, Any]]
HEAD_START = 0.03  # seconds from the order to the start: everybody has read it by then

ROUNDS_IN_FULL = os.environ.get("VAERN_RACES") == "full"


def rounds(few: int, many: int) -> int:
    """Return how often to race: `few` in the daily suite, `many` with VAERN_RACES=full."""
    return many if ROUNDS_IN_FULL else few


class Crew:
    """Some processes that wait for orders."""

    def __init__(self, *, processes: int, threads: int, log: Path, env: dict[str, str], cwd: Path) -> None:
        self.log = log.open("ab")
        self.members = [
            subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "tests.concurrency.crew", str(threads)],
                cwd=cwd,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.log,
                text=True,
            )
            for _ in range(processes)
        ]
        self.race([], patience=0)  # all are up

    def race(self, attempts: Sequence[Attempt], *, lock: bool = True, patience: float = HEAD_START) -> list[str]:
        """Run all attempts at once, dealt out to the processes in turn; return what became of each, in order."""
        start = time.time() + patience
        dealt = [list(attempts[place :: len(self.members)]) for place in range(len(self.members))]
        for member, share in zip(self.members, dealt, strict=True):
            assert member.stdin is not None
            member.stdin.write(json.dumps({"attempts": share, "start": start, "lock": lock}) + "\n")
            member.stdin.flush()
        outcomes = [""] * len(attempts)
        for place, member in enumerate(self.members):
            assert member.stdout is not None
            line = member.stdout.readline()
            assert line, f"a process has died; see {self.log.name}"
            outcomes[place :: len(self.members)] = json.loads(line)
        return outcomes

    def end(self) -> None:
        """Send everybody home."""
        for member in self.members:
            member.kill()
            member.wait()
            for pipe in (member.stdin, member.stdout):
                if pipe is not None:
                    pipe.close()
        self.log.close()


@contextmanager
def crew(*, processes: int, threads: int, log: Path, env: dict[str, str], cwd: Path) -> Iterator[Crew]:
    """A crew for the length of the block."""
    members = Crew(processes=processes, threads=threads, log=log, env=env, cwd=cwd)
    try:
        yield members
    finally:
        members.end()


def main() -> None:
    """Read orders until the input ends."""
    import django

    django.setup()
    from tests.concurrency.nolock import lock_taken_away

    operations = _operations()
    with ThreadPoolExecutor(int(sys.argv[1])) as pool:
        for line in sys.stdin:
            order = json.loads(line)
            with nullcontext() if order["lock"] else lock_taken_away():
                futures = [
                    pool.submit(_attempt, operations[name], arguments, order["start"])
                    for name, arguments in order["attempts"]
                ]
                outcomes = [future.result() for future in futures]
            sys.stdout.write(json.dumps(outcomes) + "\n")
            sys.stdout.flush()


def _attempt(operation: Callable[..., str], arguments: dict[str, Any], start: float) -> str:
    from django.db import connection

    from bookings.domain.errors import Refused
    from bookings.domain.locking import Busy
    from bookings.domain.session import CapacityBelowTaken

    connection.ensure_connection()
    while (wait := start - time.time()) > 0:
        time.sleep(wait)
    try:
        return operation(**arguments)
    except Refused as refused:
        return f"refused: {refused.why.value}"
    except CapacityBelowTaken:
        return "refused: capacity"
    except Busy:
        return "busy"
    except Exception as error:  # noqa: BLE001 - told to the test, which fails on it
        return f"error: {type(error).__name__}: {error}"


def _operations() -> dict[str, Callable[..., str]]:
    """Return what can be ordered; each returns the state that the booking has by it."""
    from django.utils import timezone

    from bookings.domain.booking import BookingSchool, ClassGroup, Contact, book_class, cancel
    from bookings.domain.changes import Numbers, change_numbers, move_booking
    from bookings.domain.offers import accept_offer, decline_offer, expire_offers
    from bookings.domain.session import change_session

    def book(session: int, label: str, pupils: int, **fields: Any) -> str:
        booking = book_class(
            session_id=session,
            school=BookingSchool(unlisted_name="Skolen"),
            groups=[ClassGroup(label, 7, pupils, 1)],
            contact=Contact("Åse", f"{uuid.uuid4()}@example.dk"),
            language="da",
            idempotency_key=uuid.UUID(fields.pop("key", None) or str(uuid.uuid4())),
            **fields,
        )
        return str(booking.state)

    def change(booking: int, line: int, pupils: int) -> str:
        return str(change_numbers(booking_id=booking, numbers={line: Numbers(pupils, 1)}).state)

    def capacity(session: int, seats: int) -> str:
        change_session(session_id=session, changes={"capacity": seats}, actor_id=None)
        return "changed"

    return {
        "book": book,
        "cancel": lambda booking: str(cancel(booking_id=booking).state),
        "accept": lambda booking: str(accept_offer(booking_id=booking).state),
        "decline": lambda booking: str(decline_offer(booking_id=booking).state),
        "expire": lambda: f"expired {expire_offers(now=timezone.now())}",
        "change": change,
        "capacity": capacity,
        "move": lambda booking, session: str(move_booking(booking_id=booking, to_session_id=session).state),
    }


if __name__ == "__main__":
    main()
