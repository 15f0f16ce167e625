"""Results: never of fewer than five answers, in no channel, and not by subtracting either."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.models import Booking, Session
from courses.models import WorkshopPage
from tests.factories.courses import make_workshop
from tests.factories.evaluation import DAY, give, make_past_staff, make_question
from tests.factories.people import make_user
from tests.factories.texts import escaped, page, said
from vaern.audit.models import AuditEvent
from vaern.evaluation.domain import ASKS, close_evaluations, retire_question, write_question
from vaern.evaluation.models import Answer, Question, Release, SpentLink
from vaern.evaluation.results import of_session, of_workshop, of_year

pytestmark = pytest.mark.usefixtures("site", "clock")

TOO_FEW = "Fewer than five answers so far, so nothing is shown."


@pytest.fixture
def workshop() -> WorkshopPage:
    return make_workshop("Kursus for fagfolk", audience="staff", grade_from=None, grade_to=None)


@pytest.fixture
def scale() -> Question:
    return make_question("scale", order=1)


@pytest.fixture
def text() -> Question:
    return make_question("text", order=2, required=False)


@pytest.fixture
def coordinator(client: Client) -> Client:
    client.force_login(make_user("coordinator"))
    return client


def session_path(session: Session) -> str:
    return f"/evalueringer/afholdelse/{session.uuid}/"


def workshop_path(workshop: WorkshopPage, year: int = 2026) -> str:
    return f"/evalueringer/{year}/{workshop.translation_key}/"


def numbers(session: Session) -> list[int]:
    return [one.number for one in of_session(session, "staff")]


def in_workshop(workshop: WorkshopPage) -> int:
    return of_workshop(workshop.translation_key, 2026, "staff")[0].number


@pytest.mark.parametrize(("answers", "shown"), [(0, 0), (1, 0), (4, 0), (5, 5), (6, 5), (9, 5), (10, 10)])
def test_a_session_shows_its_answers_in_fives(
    workshop: WorkshopPage, scale: Question, answers: int, shown: int
) -> None:
    session, bookings = make_past_staff(10, workshop=workshop)
    give(bookings[:answers])
    assert numbers(session) == [shown]
    # Nothing more can be worked out from what lies above.
    assert in_workshop(workshop) == shown
    assert of_year(2026, "staff")[0].number == shown


def test_no_page_and_no_file_says_more_than_that_there_are_few(
    coordinator: Client, workshop: WorkshopPage, scale: Question, text: Question
) -> None:
    session, bookings = make_past_staff(5, workshop=workshop)
    give(bookings[:4], text="Hemmelig")
    for path in (session_path(session), workshop_path(workshop), "/evalueringer/", "/evalueringer/2026/"):
        html = page(coordinator, path)
        assert "Hemmelig" not in html
        assert "v-bars" not in html
    assert page(coordinator, session_path(session)).count(said(TOO_FEW)) == 2
    for path in (session_path(session), workshop_path(workshop)):
        file = coordinator.post(path + "hent/").content.decode()
        assert "Hemmelig" not in file
        assert file.count(said("fewer than five")) == 2
    give(bookings[4:], text="Hemmelig")
    assert page(coordinator, session_path(session)).count("Hemmelig") == 5
    assert "Hemmelig" in coordinator.post(session_path(session) + "hent/").content.decode()


def test_a_text_that_few_have_answered_stays_hidden_beside_figures_that_are_shown(
    coordinator: Client, workshop: WorkshopPage, scale: Question, text: Question
) -> None:
    session, bookings = make_past_staff(6, workshop=workshop)
    give(bookings[:2])
    give(bookings[2:], text="Hemmelig")
    assert numbers(session) == [5, 0]
    html = page(coordinator, session_path(session))
    assert "Hemmelig" not in html
    assert html.count(said(TOO_FEW)) == 1


def test_distribution_share_and_mean(coordinator: Client, workshop: WorkshopPage, scale: Question) -> None:
    session, bookings = make_past_staff(5, workshop=workshop)
    for booking, number in zip(bookings, (1, 4, 4, 5, 5), strict=True):
        give([booking], number)
    (result,) = of_session(session, "staff")
    assert [(bar.number, bar.percent) for bar in result.bars] == [(1, 20), (0, 0), (0, 0), (2, 40), (2, 40)]
    assert result.mean == 3.8
    assert "3,8" in page(coordinator, session_path(session))


# -- several sessions -------------------------------------------------------------------------------------


def test_small_sessions_count_together_once_they_are_five(workshop: WorkshopPage, scale: Question) -> None:
    small = [make_past_staff(2, workshop=workshop) for _ in range(3)]
    for _session, bookings in small[:2]:
        give(bookings)
    assert in_workshop(workshop) == 0
    give(small[2][1])
    assert in_workshop(workshop) == 5  # the sixth waits for four others
    assert [numbers(session) for session, _bookings in small] == [[0], [0], [0]]


def test_the_difference_of_any_two_figures_is_nothing_or_five(
    workshop: WorkshopPage, scale: Question, clock: time_machine.Coordinates
) -> None:
    """Whatever comes in whatever order: what a reader could subtract, over scopes and over time, is 0 or ≥ 5."""
    sessions = [make_past_staff(size, workshop=workshop) for size in (7, 2, 3, 11, 1, 6)]
    seen: list[dict[str, Counter[int]]] = []

    def look() -> None:
        figures = {f"s{session.pk}": counts(of_session(session, "staff")) for session, _ in sessions}
        figures["w"] = counts(of_workshop(workshop.translation_key, 2026, "staff"))
        figures["y"] = counts(of_year(2026, "staff"))
        seen.append(figures)

    order = [(place, booking) for place, (_session, bookings) in enumerate(sessions) for booking in bookings]
    for step, (place, booking) in enumerate(sorted(order, key=lambda one: (one[1].pk * 7919) % 31)):
        give([booking], 1 + (step + place) % 5)
        look()
    clock.move_to(sessions[0][0].ends_at + 31 * DAY)
    close_evaluations()
    look()
    for figures in seen:
        shown = [figures[name] for name in figures if name.startswith("s")]
        rest = figures["w"] - sum(shown, Counter())
        assert all(total(one) == 0 or total(one) >= 5 for one in [*shown, rest, figures["w"], figures["y"]])
    for before, after in itertools.pairwise(seen):
        for name in before:
            assert total(after[name] - before[name]) in {0, *range(5, 40)}
            assert total(before[name] - after[name]) == 0
    assert total(seen[-1]["w"]) == 30  # all thirty: nothing is lost


def counts(results: list[Any]) -> Counter[int]:
    return Counter({place: bar.number for place, bar in enumerate(results[0].bars)}) if results else Counter()


def total(counter: Counter[int]) -> int:
    return sum(counter.values())


def test_what_is_left_of_a_session_counts_with_the_workshop_when_it_closes(
    workshop: WorkshopPage, scale: Question, clock: time_machine.Coordinates
) -> None:
    first, second = make_past_staff(8, workshop=workshop), make_past_staff(7, workshop=workshop)
    give(first[1])
    give(second[1])
    assert (numbers(first[0]), numbers(second[0]), in_workshop(workshop)) == ([5], [5], 10)
    assert close_evaluations() == 0
    clock.move_to(first[0].ends_at + 31 * DAY)
    assert close_evaluations() == 5
    assert (numbers(first[0]), numbers(second[0]), in_workshop(workshop)) == ([5], [5], 15)
    assert not Answer.objects.filter(release__session=None).exclude(session=None).exists()  # and nobody knows which
    assert close_evaluations() == 0


def test_other_workshops_and_other_years_do_not_count_together(
    scale: Question, clock: time_machine.Coordinates, workshop: WorkshopPage
) -> None:
    other = make_workshop(audience="staff", grade_from=None, grade_to=None)
    for one, number in ((workshop, 3), (other, 3)):
        _session, bookings = make_past_staff(number, workshop=one)
        give(bookings)
    session, bookings = make_past_staff(3, workshop=workshop)
    Session.objects.filter(pk=session.pk).update(
        starts_at=session.starts_at.replace(year=2025), ends_at=session.ends_at.replace(year=2025)
    )
    Answer.objects.bulk_create(Answer(question=scale, session=session, number=3) for _ in bookings)
    close_evaluations()
    assert Release.objects.count() == 0


def test_when_it_closes_nobody_knows_any_more_who_has_answered(
    workshop: WorkshopPage, scale: Question, clock: time_machine.Coordinates
) -> None:
    session, bookings = make_past_staff(5, workshop=workshop)
    give(bookings)
    close_evaluations()
    assert SpentLink.objects.count() == 5
    clock.move_to(session.ends_at + 30 * DAY)
    close_evaluations()
    assert SpentLink.objects.count() == 0
    assert numbers(session) == [5]


# -- wordings ---------------------------------------------------------------------------------------------


def test_answers_keep_the_wording_they_were_given_to(
    coordinator: Client, workshop: WorkshopPage, scale: Question
) -> None:
    session, bookings = make_past_staff(10, workshop=workshop)
    give(bookings[:5], 2)
    facts = {name: getattr(scale, name) for name in ASKS} | {"text_da": "Helt anderledes?"}
    new = write_question(facts=facts, variant="staff", order=1, actor_id=None, key=scale.key)
    assert (new.number, new.key) == (2, scale.key)
    give(bookings[5:9], 5)
    html = page(coordinator, session_path(session))
    assert html.index("Helt anderledes?") < html.index(scale.text_da)
    assert said("An earlier wording, not asked any more.") in html
    assert [(one.question.number, one.number) for one in of_session(session, "staff")] == [(2, 0), (1, 5)]
    retire_question(key=scale.key, actor_id=None)
    assert [one.question.number for one in of_session(session, "staff")] == [1]


# -- who sees them ----------------------------------------------------------------------------------------


def test_facilitators_see_their_own_sessions_only(client: Client, workshop: WorkshopPage, scale: Question) -> None:
    me, somebody = make_user("facilitator"), make_user("facilitator")
    mine, bookings = make_past_staff(5, workshop=workshop, facilitators=[me])
    theirs, _bookings = make_past_staff(1, workshop=workshop, facilitators=[somebody])
    give(bookings)
    client.force_login(me)
    assert page(client, session_path(mine)).count("v-bars__line") == 5
    page(client, session_path(theirs), status=404)
    assert client.post(session_path(theirs) + "hent/").status_code == 404
    assert client.post(session_path(mine) + "hent/").status_code == 200
    html = page(client, "/evalueringer/")
    assert (str(mine.uuid) in html, str(theirs.uuid) in html) == (True, False)
    page(client, workshop_path(workshop), status=403)
    assert client.post(workshop_path(workshop) + "hent/").status_code == 403


@pytest.mark.parametrize("role", ["editor", "approver", "administration-coordinator", "privacy-officer", ""])
def test_others_see_nothing(client: Client, workshop: WorkshopPage, scale: Question, role: str) -> None:
    session, _bookings = make_past_staff(1, workshop=workshop)
    paths = ["/evalueringer/", session_path(session), workshop_path(workshop)]
    for path in paths:
        assert client.get(path).status_code == 302
    client.force_login(make_user(role))
    for path in paths:
        page(client, path, status=403)
        assert client.post(f"{path}hent/").status_code in {403, 404}


# -- the file ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "  =1+1"])
def test_the_file_runs_nothing(coordinator: Client, workshop: WorkshopPage, text: Question, start: str) -> None:
    session, bookings = make_past_staff(5, workshop=workshop)
    give(bookings, text=f"{start}HYPERLINK(1)")
    answer = coordinator.post(session_path(session) + "hent/")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(rows) == 6
    assert all(row[3].startswith(("'=", "'+", "'-", "'@", "'\t", "'  =")) for row in rows[1:])


def test_taking_a_file_is_recorded_and_a_get_takes_none(
    coordinator: Client, workshop: WorkshopPage, scale: Question
) -> None:
    session, _bookings = make_past_staff(1, workshop=workshop)
    for path in (session_path(session), workshop_path(workshop)):
        assert coordinator.get(path + "hent/").status_code == 405
        assert coordinator.post(path + "hent/").status_code == 200
    events = AuditEvent.objects.filter(action="evaluation.exported").order_by("pk")
    assert [event.subject_type for event in events] == ["evaluation_session", "evaluation_workshop"]
    assert all(event.actor_id for event in events)


# -- how much is read -------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_pages_read_the_same_however_much_there_is(
    coordinator: Client, scale: Question, text: Question, number: int, django_assert_num_queries: Any
) -> None:
    pages = [make_workshop(audience="staff", grade_from=None, grade_to=None) for _ in range(number)]
    for one in pages:
        release = Release.objects.create(question=scale, workshop=one.translation_key, year=2026)
        Answer.objects.bulk_create(Answer(question=scale, number=3, release=release) for _ in range(5))
    session, bookings = make_past_staff(5, workshop=pages[0])
    give(bookings, text="Godt")
    for _ in range(number):
        make_past_staff(0, workshop=pages[0])
    for path, queries in (
        ("/evalueringer/", OVERVIEW),
        (workshop_path(pages[0]), WORKSHOP),
        (session_path(session), SESSION),
    ):
        page(coordinator, path)
        with django_assert_num_queries(queries):
            page(coordinator, path)


OVERVIEW, WORKSHOP, SESSION = 15, 13, 10


def test_an_empty_year_says_so(coordinator: Client) -> None:
    assert escaped(said("No results yet")) in page(coordinator, "/evalueringer/")
    page(coordinator, "/evalueringer/2026/")
    page(coordinator, "/evalueringer/1999/", status=404)


def test_the_staff_of_nobody_have_an_empty_list(client: Client) -> None:
    client.force_login(make_user("facilitator"))
    assert said("No sessions yet") in page(client, "/evalueringer/")
    assert Booking.objects.count() == 0
