"""Fill an installation with invented content to try it out."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from bookings.models import AttendanceRecord, Booking, Session
from courses.models import WorkshopPage
from vaern.certificates.jobs import print_certificates
from vaern.demo.booked import load_bookings
from vaern.demo.charter import load_charter_partners, load_charter_text, make_seal
from vaern.demo.desk import load_desk
from vaern.demo.evaluated import end_certificates, load_evaluations
from vaern.demo.goalyears import load_goal_years
from vaern.demo.history import load_history
from vaern.demo.materials import load_second_version
from vaern.demo.people import load_people
from vaern.demo.plan import load_plan_versions
from vaern.demo.progress import is_loaded, mark_loaded
from vaern.demo.sessions import load_sessions
from vaern.demo.today import load_today
from vaern.demo.workshops import load_workshops
from vaern.guidance.plans.prints import print_missing
from vaern.people.models import School, User


def load_starter() -> None:
    """Write the texts that every new installation begins with."""
    call_command("load_starter", verbosity=0)


# In this order; each is written once, whole or not at all, so that an interrupted load is simply run again.
PARTS = {
    "people": load_people,
    "workshops": load_workshops,
    # Before the starter texts: in the demo it has been in force for a while.
    "charter text": load_charter_text,
    "starter": load_starter,
    "materials": load_second_version,
    "plan versions": load_plan_versions,
    "charter": load_charter_partners,
    "goal years": load_goal_years,
    "sessions": load_sessions,
    "history": load_history,
    "today": load_today,
    "evaluations": load_evaluations,
}
# Made by the verbs, each of which is its own transaction; running it again books nothing twice.
BOOKINGS, DESK = "bookings", "desk"
# After their PDFs, which are made in no transaction.
CERTIFICATES = "ended certificates"


class Command(BaseCommand):
    """`manage.py load_demo`: idempotent; what is there stays, whoever has edited it."""

    help = "Load invented schools' bookings, workshops, pages and users to try the site with. Never on a real site."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --if-empty."""
        parser.add_argument("--if-empty", action="store_true", help="Do nothing when the demo has been loaded.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the parts that are not there, and say in one line what the site holds."""
        loud = options["verbosity"] > 0
        if options["if_empty"] and all(is_loaded(part) for part in [*PARTS, BOOKINGS, DESK, CERTIFICATES]):
            if loud:
                self.stdout.write("The demo is loaded already.")
            return
        call_command("setup_site", verbosity=0)
        for part, load in PARTS.items():
            with transaction.atomic():
                if not is_loaded(part):
                    load()
                    mark_loaded(part)
        if not is_loaded(BOOKINGS):
            load_bookings()
            mark_loaded(BOOKINGS)
        if not is_loaded(DESK):
            load_desk()
            mark_loaded(DESK)
        _refresh_statistics()
        make_seal()
        print_missing()
        print_certificates()
        if not is_loaded(CERTIFICATES):
            end_certificates()
            mark_loaded(CERTIFICATES)
            print_certificates()
        if loud:
            self.stdout.write(summary())


def _refresh_statistics() -> None:
    """Let PostgreSQL count what has come in, or it plans its first reports as if the tables were empty."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Ours by name: the catalogue's own tables are shared with other databases, and may be locked there.
            tables = connection.introspection.django_table_names(only_existing=True)
            cursor.execute(f"ANALYZE {', '.join(connection.ops.quote_name(table) for table in tables)}")


def summary() -> str:
    """Return the numbers of what the site holds now."""
    return (
        f"Demo: {School.objects.count()} schools, {User.objects.count()} users, "
        f"{WorkshopPage.objects.filter(alias_of__isnull=True).count()} workshop pages, "
        f"{Session.objects.count()} sessions, {Booking.objects.count()} bookings, "
        f"{AttendanceRecord.objects.count()} attendance records."
    )
