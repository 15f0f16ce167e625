"""The demo is loaded once for the whole module, and every test looks at what is there."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from io import StringIO

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils import timezone

from bookings.facts import group_limits, session_facts
from bookings.models import AttendanceRecord, Booking, GroupLine, Session
from bookings.queries import unreported
from bookings.rules import Group, Refusal, availability
from courses.models import WorkshopPage
from tests.bookings.oracle import assert_invariants
from vaern.demo.days import COPENHAGEN, is_school_day, is_workday
from vaern.goals.measures import measure
from vaern.goals.models import GoalYear
from vaern.goals.rules import Status
from vaern.guidance.models import WorriedPage
from vaern.outbox.models import Message
from vaern.pages.models import ArticlePage, HomePage
from vaern.people.models import School, User

# An ordinary Monday afternoon in term time.
NOW = dt.datetime(2026, 11, 23, 13, 0, tzinfo=COPENHAGEN)
PUPILS_PUBLIC, PUPILS_PRIVATE = "elever-folkeskole", "elever-fri-og-privatskole"


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Load the demo in a transaction that is rolled back after the module; the verbs' own transactions go inside it."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        around = transaction.atomic()
        around._from_testcase = True  # as Django's TestCase does, so that durable blocks may stand inside
        around.__enter__()
        try:
            call_command("load_demo", verbosity=0)
            yield
        finally:
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _demo(_loaded, db) -> None:
    """Every test of the module sees the demo, and its own changes are rolled back."""


def row_counts() -> dict[str, int]:
    """Return how many rows each table has."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.label: model._base_manager.count() for model in models if model._meta.managed}


def test_running_it_again_adds_nothing() -> None:
    before = row_counts()
    out = StringIO()
    call_command("load_demo", stdout=out)
    assert row_counts() == before
    assert out.getvalue().startswith("Demo: 117 schools, 9 users, 32 workshop pages, ")


def test_if_empty_does_nothing_once_it_is_loaded() -> None:
    out = StringIO()
    call_command("load_demo", if_empty=True, stdout=out)
    assert out.getvalue() == "The demo is loaded already.\n"


def test_running_it_again_overwrites_and_brings_back_nothing() -> None:
    home = HomePage.objects.get(locale__language_code="da")
    home.title, home.body = "En anden titel", []
    home.save_revision().publish()
    ArticlePage.objects.get(slug="cookies", locale__language_code="en").delete()
    User.objects.filter(email="underviser@example.dk").update(first_name="Ændret")
    call_command("load_demo", verbosity=0)
    home.refresh_from_db()
    assert (home.title, len(home.body)) == ("En anden titel", 0)
    assert not ArticlePage.objects.filter(slug="cookies", locale__language_code="en").exists()
    assert User.objects.get(email="underviser@example.dk").first_name == "Ændret"


def test_seats_add_up_in_every_session() -> None:
    held = dict(Booking.objects.holding_seats().order_by().values_list("session").annotate(total=Sum("seats")))
    sessions = Session.objects.all()
    assert {session.pk: session.seats_taken for session in sessions} == {
        session.pk: held.get(session.pk, 0) for session in sessions
    }
    assert [s for s in sessions if s.capacity is not None and s.seats_taken > s.capacity] == []


def test_lines_follow_their_booking() -> None:
    lines = GroupLine.objects.select_related("booking")
    assert [line for line in lines if line.active != line.booking.is_active] == []
    assert [line for line in lines if line.session_id != line.booking.session_id] == []


def test_the_database_finds_no_dangling_row() -> None:
    connection.check_constraints()


def test_coming_dates() -> None:
    now = timezone.now()
    in_eight_days = now.replace(hour=0) + dt.timedelta(days=8)
    assert Session.objects.filter(starts_at__gt=now, starts_at__lt=in_eight_days).count() == 11
    coming = Session.objects.filter(starts_at__gt=in_eight_days).select_related("workshop")
    assert coming.count() == 69
    by_class_workshop = (
        coming.filter(workshop__audience="class").order_by().values_list("workshop").annotate(number=Count("pk"))
    )
    assert [number for _workshop, number in by_class_workshop] == [8] * 6
    days = {session.starts_at.astimezone(COPENHAGEN).date() for session in coming}
    assert [day for day in days if not is_school_day(day)] == []
    assert not coming.filter(facilitators=None).exists()


def test_coming_dates_show_every_answer() -> None:
    now = timezone.now()
    dates = Session.objects.filter(starts_at__gt=now, workshop__audience="class").select_related("workshop")
    answers = [availability(session_facts(date), now=now) for date in dates]
    assert {Refusal.CLOSED, Refusal.NOT_OPEN_YET, Refusal.SESSION_CANCELLED, Refusal.FULL, None} == set(answers)
    assert dates.filter(visibility=Session.Visibility.LINK).count() == 1
    for_24 = [
        date
        for date in dates.filter(visibility=Session.Visibility.PUBLIC)
        if availability(
            session_facts(date),
            now=now,
            seats=1 if date.capacity_unit == Session.Unit.GROUPS else 24,
            groups=(Group(24),),
            limits=group_limits(date),
        )
        is None
    ]
    assert len(for_24) >= 20


def test_coming_bookings_were_told() -> None:
    coming = Booking.objects.filter(session__starts_at__gt=timezone.now())
    assert coming.count() >= 22
    assert coming.filter(state=Booking.State.CANCELLED).count() >= 3
    threads = set(Message.objects.filter(thread__startswith="booking:").values_list("thread", flat=True))
    assert threads == {f"booking:{booking.uuid}" for booking in coming}


def test_nobody_holds_two_sessions_at_once() -> None:
    twice = (
        Session.objects.filter(facilitators__isnull=False)
        .order_by()
        .values("starts_at", "facilitators")
        .annotate(number=Count("pk"))
        .filter(number__gt=1)
    )
    assert list(twice) == []


def test_workshops_for_all_audiences_in_both_languages() -> None:
    live = WorkshopPage.objects.live().order_by().values_list("locale__language_code", "audience")
    assert Counter(live) == {
        (language, audience): number
        for language in ("da", "en")
        for audience, number in (("class", 8), ("parents", 3), ("staff", 3), ("adults", 2))
    }


@pytest.mark.parametrize(
    ("language", "slugs"),
    [
        ("da", ["skoler", "foraeldre", "fagpersoner", "om", "kontakt", "tilgaengelighed", "privatliv", "cookies"]),
        ("en", ["schools", "parents", "professionals", "about", "contact", "accessibility", "privacy", "cookies"]),
    ],
)
def test_pages(language: str, slugs: list[str]) -> None:
    pages = ArticlePage.objects.live().filter(locale__language_code=language).order_by("path")
    assert [page.slug for page in pages] == slugs
    assert [page.slug for page in pages if page.show_in_menus] == slugs[:3]
    assert [page.slug for page in pages if page.in_footer] == slugs[3:]
    home = HomePage.objects.get(locale__language_code=language)
    assert [door.value["page"].slug for door in home.doors] == slugs[:3]
    worried = WorriedPage.objects.live().get(locale__language_code=language)
    contacts = [block.value for block in worried.body if block.block_type == "contact"]
    assert [contact.phone for contact in contacts] == ["+4541749090", "+4540207198"]
    assert [(contact.unverified, contact.last_checked_on) for contact in contacts] == [(True, None)] * 2


def test_every_page_answers(client) -> None:
    for model in (HomePage, ArticlePage, WorriedPage, WorkshopPage):
        for page in model.objects.live():
            assert client.get(page.get_url_parts()[2]).status_code == 200


def test_people() -> None:
    assert School.objects.count() == 117
    roles = User.objects.order_by("email").values_list("email", "groups__name", "is_superuser")
    assert list(roles) == [
        ("administrator@example.dk", "Administrator", True),
        ("godkender2@example.dk", "Godkender", False),
        ("godkender@example.dk", "Godkender", False),
        ("koordinator@example.dk", "Koordinator", False),
        ("redaktoer@example.dk", "Redaktør", False),
        ("underviser2@example.dk", "Underviser", False),
        ("underviser3@example.dk", "Underviser", False),
        ("underviser4@example.dk", "Underviser", False),
        ("underviser@example.dk", "Underviser", False),
    ]
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_goals_of_last_year_and_this() -> None:
    """Last year is met for public schools and not quite for private ones; this year can still reach both."""
    figures = {
        (row.goal.key, row.year): measure(row) for row in GoalYear.objects.select_related("goal").filter(year__gte=2025)
    }
    assert {key: found.status for key, found in figures.items()} == {
        (PUPILS_PUBLIC, 2025): Status.MET,
        (PUPILS_PRIVATE, 2025): Status.NOT_MET,
        (PUPILS_PUBLIC, 2026): Status.ON_THE_WAY,
        (PUPILS_PRIVATE, 2026): Status.ON_THE_WAY,
    }
    assert 4000 <= figures[PUPILS_PUBLIC, 2025].value <= 4300
    assert 650 <= figures[PUPILS_PRIVATE, 2025].value < 800
    assert 3500 <= figures[PUPILS_PUBLIC, 2026].value < 4000
    assert 650 <= figures[PUPILS_PRIVATE, 2026].value < 800


def test_sessions_to_report() -> None:
    """Four of the first facilitator's, another of them this morning and a talk that is running, and two of others'."""
    waiting = unreported(timezone.now()).filter(facilitators__isnull=False)
    days = waiting.values_list("facilitators__email", "starts_at")
    assert [(email, f"{starts_at.astimezone(COPENHAGEN):%d.%m %H:%M}") for email, starts_at in days] == [
        ("underviser@example.dk", "19.11 08:30"),
        ("underviser3@example.dk", "19.11 08:30"),
        ("underviser@example.dk", "20.11 08:30"),
        ("underviser2@example.dk", "20.11 08:30"),
        ("underviser@example.dk", "23.11 10:30"),
        ("underviser@example.dk", "23.11 12:30"),
    ]


@pytest.mark.parametrize(
    ("day", "school", "work"),
    [
        (dt.date(2026, 11, 23), True, True),
        (dt.date(2026, 11, 22), False, False),
        (dt.date(2027, 1, 1), False, False),
        (dt.date(2028, 2, 29), True, True),
        (dt.date(2026, 7, 15), False, True),
        (dt.date(2026, 10, 14), False, True),
        (dt.date(2027, 3, 23), False, True),
        (dt.date(2027, 5, 7), False, True),
        (dt.date(2026, 6, 5), False, False),
        (dt.date(2026, 12, 24), False, False),
    ],
    ids=str,
)
def test_school_days(day: dt.date, school: bool, work: bool) -> None:
    assert (is_school_day(day), is_workday(day)) == (school, work)


def test_attendance_is_varied_and_never_from_the_future() -> None:
    records = AttendanceRecord.objects.all()
    assert records.filter(took_place=False).exists()
    assert records.filter(supersedes__isnull=False).exists()
    assert not records.filter(recorded_at__gt=timezone.now()).exists()
    held = Session.objects.filter(lines__records__pupils_present__gt=0).distinct()
    assert {session.status for session in held} == {Session.Status.HELD}


def test_the_demo_has_bookings_in_every_state_that_a_screen_shows() -> None:
    states = set(Booking.objects.values_list("state", flat=True))
    assert {"confirmed", "cancelled", "waitlisted", "offered", "requested"} <= states
    assert set(Booking.objects.values_list("audience", flat=True)) == {"class", "parents", "staff"}
    for session in Session.objects.filter(bookings__isnull=False, starts_at__gt=timezone.now()).distinct():
        assert_invariants(session)
