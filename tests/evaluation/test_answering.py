"""The form behind a link: who may send it, how often, and what is kept of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import models
from django.test import Client, override_settings
from django.utils import timezone, translation

from bookings.domain.booking import cancel
from bookings.domain.reminders import thank
from bookings.domain.session import cancel_session
from bookings.links import link_to
from bookings.models import Booking, Session
from tests.factories.bookings import make_past_booking, make_session
from tests.factories.evaluation import DAY, give, make_past_staff, make_question, report_person
from tests.factories.forms import served
from tests.factories.texts import escaped, page, said
from vaern.audit.models import AuditEvent
from vaern.evaluation.domain import ASKS, write_question
from vaern.evaluation.links import path_to_form
from vaern.evaluation.models import Answer, Question, Release, SpentLink
from vaern.evaluation.rules import Role
from vaern.outbox.models import Message
from vaern.outbox.relay import send_next

pytestmark = pytest.mark.usefixtures("site", "clock")


@pytest.fixture
def questions() -> list[Question]:
    return [
        make_question("scale", order=1),
        make_question("choice", order=2),
        make_question("yes_no", order=3),
        make_question("text", order=4, required=False),
    ]


@pytest.fixture
def booking(questions: list[Question]) -> Booking:
    _session, bookings = make_past_staff(6)
    return bookings[0]


def form(questions: list[Question], **changes: str) -> dict[str, str]:
    values = {"scale": "4", "choice": "1", "yes_no": "1", "text": "Mere tid til snak"} | changes
    return {"served": served(), "website": "", **{f"q{one.pk}": values[one.kind] for one in questions}}


def test_answers_are_kept_without_anything_about_the_person(
    client: Client, booking: Booking, questions: list[Question]
) -> None:
    path = path_to_form(booking, Role.CONTACT)
    html = page(client, path)
    assert html.index(questions[0].text_da) < html.index(questions[3].text_da)
    assert escaped(said("Write about the workshop and never about persons: no names, nothing that tells who somebody "
                        "is, no CPR numbers.")) in html  # fmt: skip
    events = AuditEvent.objects.count()
    answer = client.post(path, form(questions))
    assert (answer.status_code, answer["Location"]) == (302, "/evaluering/kvittering/")
    assert said("Thank you for your answers") in page(client, answer["Location"])
    kept = {(row.question.kind, row.number, row.text) for row in Answer.objects.select_related("question")}
    assert kept == {("scale", 4, ""), ("choice", 1, ""), ("yes_no", 1, ""), ("text", None, "Mere tid til snak")}
    assert AuditEvent.objects.count() == events  # an event has a time, and would lead back


def test_no_path_leads_from_an_answer_to_a_person() -> None:
    fields = {field.name: type(field) for field in Answer._meta.get_fields()}
    assert set(fields) == {"id", "question", "session", "number", "text", "release"}
    assert {field.name for field in SpentLink._meta.get_fields()} == {"id", "session", "mark"}
    times = (models.DateTimeField, models.DateField, models.TimeField)
    for model in (Answer, SpentLink, Release):
        assert not [field for field in model._meta.get_fields() if isinstance(field, times)]
    assert Answer._meta.get_field("id").get_internal_type() == "UUIDField"


def test_each_new_answer_writes_the_waiting_ones_anew(booking: Booking) -> None:
    others = list(Booking.objects.filter(session=booking.session).exclude(pk=booking.pk).order_by("pk"))
    give([booking])
    first = set(Answer.objects.values_list("pk", flat=True))
    give(others[:1])
    assert len(first) == 3
    assert first.isdisjoint(Answer.objects.values_list("pk", flat=True))
    assert Answer.objects.count() == 6


def test_sending_twice_is_one_answer(client: Client, booking: Booking, questions: list[Question]) -> None:
    path = path_to_form(booking, Role.CONTACT)
    assert client.post(path, form(questions)).status_code == 302
    again = client.post(path, form(questions, scale="1"))
    assert again.status_code == 404
    assert said("This link cannot be used") in again.content.decode()
    assert (Answer.objects.count(), SpentLink.objects.count()) == (4, 1)
    assert Answer.objects.get(question=questions[0]).number == 4


def test_links_that_cannot_be_used_look_alike(
    client: Client, booking: Booking, questions: list[Question], clock: time_machine.Coordinates
) -> None:
    path = path_to_form(booking, Role.CONTACT)
    other, _bookings = make_past_staff(1)
    token = path.split("/")[-2]

    def body(address: str) -> tuple[int, str]:
        answer = client.get(address)
        html = answer.content.decode()
        # The switch of language names the address itself.
        return answer.status_code, html.replace(address, "").replace(f"/en{address}", "").split("<main")[1]

    unknown = body(f"/evaluering/{booking.session.uuid}/{'0' * 43}/")
    assert unknown[0] == 404
    assert body(f"/evaluering/{other.uuid}/{token}/") == unknown
    assert body(f"/evaluering/{booking.uuid}/{token}/") == unknown
    assert body(f"/evaluering/{booking.session.uuid}/{token[:-1]}/") == unknown
    assert body(f"/evaluering/{booking.session.uuid}/æøå/") == unknown
    assert body(path)[0] == 200
    client.post(path, form(questions))
    assert body(path) == unknown
    last = Booking.objects.filter(session=booking.session).order_by("-pk")[0]
    late = path_to_form(last, Role.CONTACT)
    assert body(late)[0] == 200
    clock.move_to(booking.session.ends_at + 30 * DAY)
    assert body(late) == unknown


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_form_changes_nothing(client: Client, booking: Booking, method: str) -> None:
    path = path_to_form(booking, Role.CONTACT)
    for _ in range(3):
        assert getattr(client, method)(path).status_code == 200
    assert (Answer.objects.count(), SpentLink.objects.count()) == (0, 0)


def test_it_needs_the_pages_own_form(booking: Booking, questions: list[Question]) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path_to_form(booking, Role.CONTACT), form(questions)).status_code == 403
    assert Answer.objects.count() == 0


def test_it_opens_when_the_session_is_over(
    client: Client, questions: list[Question], clock: time_machine.Coordinates
) -> None:
    session, (booking,) = make_past_staff(1)
    path = path_to_form(booking, Role.CONTACT)
    clock.move_to(session.ends_at - dt.timedelta(seconds=1))
    page(client, path, status=404)
    clock.move_to(session.ends_at)
    page(client, path)


def test_cancelled_bookings_and_sessions_are_not_asked(client: Client, questions: list[Question]) -> None:
    session, (one, two) = make_past_staff(2)
    Session.objects.filter(pk=session.pk).update(
        starts_at=session.starts_at + 9 * DAY, ends_at=session.ends_at + 9 * DAY
    )
    cancel(booking_id=one.pk, by_staff=True, reason="Syg", actor_id=None)
    Session.objects.filter(pk=session.pk).update(starts_at=session.starts_at, ends_at=session.ends_at)
    page(client, path_to_form(one, Role.CONTACT), status=404)
    page(client, path_to_form(two, Role.CONTACT))
    Session.objects.filter(pk=session.pk).update(status="cancelled")
    page(client, path_to_form(two, Role.CONTACT), status=404)


@pytest.mark.parametrize("text", ["Det var 010203-1234, der kom", "0102031234", "010203 1234", "010203–1234"])
def test_what_looks_like_a_cpr_number_is_refused_and_not_stored(
    client: Client, booking: Booking, questions: list[Question], text: str
) -> None:
    answer = client.post(path_to_form(booking, Role.CONTACT), form(questions, text=text))
    assert answer.status_code == 422
    assert said("This looks like a CPR number. Take it out: Værn never holds CPR numbers.") in answer.content.decode()
    assert (Answer.objects.count(), SpentLink.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "changes", [{"scale": ""}, {"scale": "6"}, {"choice": "3"}, {"yes_no": "2"}, {"text": "x" * 301}]
)
def test_answers_that_make_no_sense_are_refused(
    client: Client, booking: Booking, questions: list[Question], changes: dict[str, str]
) -> None:
    assert client.post(path_to_form(booking, Role.CONTACT), form(questions, **changes)).status_code == 422
    assert Answer.objects.count() == 0


def test_a_question_that_changed_meanwhile_is_asked_again(
    client: Client, booking: Booking, questions: list[Question]
) -> None:
    sent = form(questions)
    new = _reworded(questions[0])
    answer = client.post(path_to_form(booking, Role.CONTACT), sent)
    assert answer.status_code == 422
    assert new.text_da in answer.content.decode()
    assert Answer.objects.count() == 0


def _reworded(question: Question) -> Question:
    facts: dict[str, Any] = {name: getattr(question, name) for name in ASKS} | {"text_da": "Ny ordlyd?"}
    return write_question(facts=facts, variant=question.variant, order=1, actor_id=None, key=question.key)


def test_an_older_secret_key_still_opens_and_counts_once(
    client: Client, booking: Booking, questions: list[Question], settings: Any
) -> None:
    old = path_to_form(booking, Role.CONTACT)
    with override_settings(SECRET_KEY_FALLBACKS=[settings.SECRET_KEY], SECRET_KEY="n" * 60):
        new = path_to_form(booking, Role.CONTACT)
        assert old != new
        assert client.post(old, form(questions)).status_code == 302
        page(client, new, status=404)


def test_the_contact_and_the_adult_in_charge_answer_each_for_themselves(client: Client) -> None:
    question = make_question("scale", variant="teacher")
    session = make_session(starts_in=-DAY)
    booking = make_past_booking(session)
    Booking.objects.filter(pk=booking.pk).update(responsible_name="Bo Lund", responsible_email="bo@example.dk")
    booking.refresh_from_db()
    for role in Role:
        path = path_to_form(booking, role)
        assert client.post(path, {"served": served(), f"q{question.pk}": "5"}).status_code == 302
    assert (Answer.objects.count(), SpentLink.objects.count()) == (2, 2)


def test_the_form_in_english(client: Client, booking: Booking) -> None:
    with translation.override("en"):
        path = path_to_form(booking, Role.CONTACT)
    assert path.startswith("/en/evaluation/")
    html = page(client, path)
    assert "Question of scale" in html
    assert "Too short" in html


@pytest.mark.parametrize("extra", [0, 20])
def test_the_form_reads_little(
    client: Client, questions: list[Question], extra: int, django_assert_num_queries: Any
) -> None:
    _session, bookings = make_past_staff(1 + extra)
    path = path_to_form(bookings[0], Role.CONTACT)
    page(client, path)
    with django_assert_num_queries(FORM_QUERIES):
        page(client, path)


FORM_QUERIES = 7


# -- where it is reached from -----------------------------------------------------------------------------


def test_the_own_page_leads_to_the_form_until_it_is_answered(client: Client, booking: Booking) -> None:
    path = path_to_form(booking, Role.CONTACT)
    assert path in page(client, link_to(booking))
    give([booking])
    html = page(client, link_to(booking))
    assert path not in html
    assert said("Thank you, you have answered.") in html


def test_who_did_not_come_is_not_asked_on_the_own_page(client: Client, booking: Booking) -> None:
    report_person(booking, present=False)
    assert "/evaluering/" not in page(client, link_to(booking))
    report_person(booking, present=True)
    assert path_to_form(booking, Role.CONTACT) in page(client, link_to(booking))


def test_the_thanks_have_each_recipients_own_link(questions: list[Question], clock: time_machine.Coordinates) -> None:
    _session, (booking,) = make_past_staff(1)
    Booking.objects.filter(pk=booking.pk).update(responsible_email="bo@example.dk", responsible_name="Bo Lund")
    Message.objects.all().delete()
    clock.move_to(booking.session.ends_at + DAY)
    assert thank(now=timezone.now()) == 2
    while send_next():
        pass
    by_address = {message.to[0]: message.body for message in mail.outbox}
    contact, responsible = path_to_form(booking, Role.CONTACT), path_to_form(booking, Role.RESPONSIBLE)
    assert contact in by_address[booking.contact_email]
    assert responsible not in by_address[booking.contact_email]
    assert responsible in by_address["bo@example.dk"]
    assert contact not in by_address["bo@example.dk"]


def test_without_questions_nobody_is_asked(client: Client) -> None:
    _session, (booking,) = make_past_staff(1)
    assert "/evaluering/" not in page(client, link_to(booking))
    page(client, path_to_form(booking, Role.CONTACT), status=404)


def test_a_called_off_session_has_no_evaluation(client: Client, questions: list[Question]) -> None:
    session = make_session(workshop=make_past_staff(0)[0].workshop, starts_in=DAY)
    cancel_session(session_id=session.pk, reason="Lokalet er lukket", actor_id=None)
    page(client, f"/evaluering/{session.uuid}/{'0' * 43}/", status=404)
