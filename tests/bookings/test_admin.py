"""The staff screens for sessions and bookings: who gets in, what the forms refuse, and what calling off does."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from bookings.domain import session as session_verbs
from bookings.domain.booking import Contact
from bookings.domain.locking import Busy
from bookings.models import Session
from bookings.rules import State
from tests.factories.bookings import make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.people import make_school, make_user
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message
from vaern.people.models import User

pytestmark = pytest.mark.usefixtures("site", "clock")

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
ROLES = ["coordinator", "editor", "approver", "facilitator", "administrator"]
IN, HOME, DOOR = (200, ""), (302, "/admin/"), (302, "/log-ind/medarbejder/")
# What those who may not are answered: Wagtail sends staff to its front page, and others to the door.
ELSEWHERE = {"editor": HOME, "approver": HOME, "facilitator": DOOR, "administrator": HOME}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def coordinator() -> User:
    return make_user("coordinator")


@pytest.fixture
def client(coordinator: User) -> Client:
    return client_of(coordinator)


def answer(client: Client, url: str) -> tuple[int, str]:
    response = client.get(url)
    return response.status_code, response.headers.get("Location", "").split("?")[0]


def session_form(session: Session | None = None, **changes: Any) -> dict[str, Any]:
    """The session's form as a browser sends it: filled in from `session`, or a plain new one."""
    start = session.starts_at.astimezone(COPENHAGEN) if session else dt.datetime(2026, 12, 2, 10, 0, tzinfo=COPENHAGEN)
    data: dict[str, Any] = {
        "workshop": str(session.workshop_id) if session else "",
        "starts_at": f"{start:%d.%m.%Y %H:%M}",
        "ends_at": f"{start + dt.timedelta(minutes=90):%d.%m.%Y %H:%M}",
        "place": session.place if session else "",
        "language": "da",
        "capacity": "28",
        "capacity_unit": "people",
        "waiting_rule": session.waiting_rule if session else "none",
        "visibility": "public",
    }
    return data | changes


def errors(response: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("view", ["index", "index_results", "add", "edit", "copy", "inspect", "cancel"])
def test_only_coordinators_open_the_sessions(role: str, view: str) -> None:
    args = [] if view in {"index", "index_results", "add"} else [make_session().pk]
    expected = IN if role == "coordinator" else ELSEWHERE[role]
    assert answer(client_of(make_user(role)), reverse(f"staff_sessions:{view}", args=args)) == expected


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("view", ["index", "index_results", "inspect", "cancel"])
def test_only_coordinators_open_the_bookings(role: str, view: str) -> None:
    args = [] if view in {"index", "index_results"} else [make_booking(make_session()).pk]
    expected = IN if role == "coordinator" else ELSEWHERE[role]
    assert answer(client_of(make_user(role)), reverse(f"staff_bookings:{view}", args=args)) == expected


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_shows_bookings_to_coordinators_alone(role: str) -> None:
    page = client_of(make_user(role)).get("/admin/")
    assert ('"/admin/sessions/"' in page.content.decode()) == (role == "coordinator")


def test_who_is_signed_in_but_no_staff_is_refused_and_not_sent_in_circles() -> None:
    response = client_of(make_user("facilitator")).get("/admin/sessions/", follow=True)
    assert [url for url, _status in response.redirect_chain] == ["/log-ind/medarbejder/?next=/admin/sessions/"]
    assert response.status_code == 403


def test_a_stranger_is_asked_to_sign_in_and_comes_back() -> None:
    response = Client().get("/admin/sessions/", follow=True)
    assert unquote(response.redirect_chain[-1][0]) == "/log-ind/?next=/admin/sessions/"
    assert response.status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "staff_sessions:delete",
        "staff_sessions:history",
        "staff_bookings:add",
        "staff_bookings:edit",
        "staff_bookings:delete",
    ],
)
def test_there_is_no_address_for_what_nobody_may_do(name: str) -> None:
    for args in ([], [1]):
        with pytest.raises(NoReverseMatch):
            reverse(name, args=args)


def test_not_even_a_superuser_writes_bookings_or_deletes() -> None:
    root = make_user(is_superuser=True)
    booking = make_booking(make_session())
    page = client_of(root).get(reverse("staff_bookings:inspect", args=[booking.pk])).content.decode()
    assert "/edit/" not in page
    for url in ("/admin/bookings/new/", f"/admin/bookings/edit/{booking.pk}/", f"/admin/bookings/delete/{booking.pk}/"):
        assert client_of(root).get(url).status_code == 404


# -- planning ---------------------------------------------------------------------------------------------


def test_planning_writes_the_session_and_one_event(client: Client, coordinator: User) -> None:
    workshop, facilitator = make_workshop(), make_user("facilitator")
    data = session_form(workshop=str(workshop.pk), facilitators=[str(facilitator.pk)])
    response = client.post(reverse("staff_sessions:add"), data)
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/sessions/")
    session = Session.objects.get()
    assert session.starts_at == dt.datetime(2026, 12, 2, 10, 0, tzinfo=COPENHAGEN)
    assert (session.capacity, list(session.facilitators.all())) == (28, [facilitator])
    assert list(AuditEvent.objects.values_list("action", "actor", "subject_key")) == [
        ("session.planned", coordinator.pk, str(session.uuid))
    ]


def test_times_are_danish_whatever_the_users_profile_says(client: Client, coordinator: User) -> None:
    profile = UserProfile.get_for_user(coordinator)
    profile.current_time_zone = "America/New_York"
    profile.save()
    client.post(reverse("staff_sessions:add"), session_form(workshop=str(make_workshop().pk)))
    session = Session.objects.get()
    assert session.starts_at == dt.datetime(2026, 12, 2, 10, 0, tzinfo=COPENHAGEN)
    assert 'value="02.12.2026 10:00"' in client.get(reverse("staff_sessions:edit", args=[session.pk])).content.decode()
    assert "02.12.2026, kl. 10.00–11.30" in client.get(reverse("staff_sessions:index")).content.decode()


def test_a_new_form_says_nothing_of_places(client: Client) -> None:
    form = client.get(reverse("staff_sessions:add")).context["form"]
    assert (form["capacity"].value(), form["unlimited"].value(), form["starts_at"].value()) == (None, None, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"capacity": ""}, "capacity"),
        ({"capacity": "20", "unlimited": "on"}, "unlimited"),
        ({"capacity": "-1"}, "capacity"),
        ({"ends_at": "02.12.2026 10:00"}, "ends_at"),
        ({"ends_at": "01.12.2026 11:00"}, "ends_at"),
        ({"closes_at": "02.12.2026 10:01"}, "closes_at"),
        ({"cancel_until": "03.12.2026 10:00"}, "cancel_until"),
        ({"opens_at": "02.12.2026 10:00"}, "opens_at"),
        ({"opens_at": "01.12.2026 10:00", "closes_at": "01.12.2026 09:00"}, "opens_at"),
        ({"starts_at": "på onsdag"}, "starts_at"),
        ({"workshop": ""}, "workshop"),
        ({"place": "Sal\n2"}, "place"),
    ],
)
def test_a_form_with_a_mistake_plans_nothing(client: Client, changes: dict[str, str], field: str) -> None:
    data = session_form(workshop=str(make_workshop().pk)) | changes
    response = client.post(reverse("staff_sessions:add"), data)
    assert (response.status_code, list(errors(response))) == (200, [field])
    assert (Session.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_unlimited_is_said_and_not_forgotten(client: Client) -> None:
    data = session_form(workshop=str(make_workshop().pk), capacity="", unlimited="on")
    client.post(reverse("staff_sessions:add"), data)
    assert Session.objects.get().capacity is None


def test_only_danish_workshops_with_dates_can_be_chosen(client: Client) -> None:
    dated = make_workshop()
    make_workshop(language="en")
    make_workshop(way_of_booking="request")
    form = client.get(reverse("staff_sessions:add")).context["form"]
    assert list(form.fields["workshop"].queryset) == [dated]


def test_a_public_holiday_is_planned_with_a_warning(client: Client) -> None:
    data = session_form(workshop=str(make_workshop().pk), starts_at="25.12.2026 10:00", ends_at="25.12.2026 11:00")
    response = client.post(reverse("staff_sessions:add"), data, follow=True)
    assert Session.objects.count() == 1
    assert "Juledag" in said(response) or "juledag" in said(response)


def test_a_copy_fills_in_the_form_but_not_the_times_and_is_a_session_of_its_own(client: Client) -> None:
    session = make_session(place="Salen")
    make_booking(session)
    url = reverse("staff_sessions:copy", args=[session.pk])
    form = client.get(url).context["form"]
    assert (form["place"].value(), form["starts_at"].value()) == ("Salen", None)
    client.post(url, session_form(session, starts_at="03.12.2026 10:00", ends_at="03.12.2026 11:00"))
    copy = Session.objects.exclude(pk=session.pk).get()
    assert (copy.seats_taken, copy.bookings.count()) == (0, 0)
    assert copy.uuid != session.uuid


# -- changing ---------------------------------------------------------------------------------------------


def test_a_changed_place_is_told_to_those_who_booked(client: Client, coordinator: User) -> None:
    session, facilitator = make_session(), make_user("facilitator")
    make_booking(session)
    data = session_form(session, place="Lokale 4", facilitators=[str(facilitator.pk)])
    response = client.post(reverse("staff_sessions:edit", args=[session.pk]), data)
    session.refresh_from_db()
    assert (response.status_code, session.place, list(session.facilitators.all())) == (302, "Lokale 4", [facilitator])
    assert list(Message.objects.filter(kind="bookings.changed").values_list("recipient")) == [("aase@example.dk",)]
    event = AuditEvent.objects.exclude(action="booking.confirmed").get()
    assert (event.action, event.actor, event.facts) == (
        "session.changed",
        coordinator,
        {"fields": ["facilitators", "place"]},
    )


def test_saving_without_a_change_writes_nothing(client: Client) -> None:
    session = make_session(facilitators=[make_user("facilitator")])
    data = session_form(session, facilitators=[str(person.pk) for person in session.facilitators.all()])
    assert client.post(reverse("staff_sessions:edit", args=[session.pk]), data).status_code == 302
    assert (AuditEvent.objects.count(), Message.objects.count()) == (0, 0)


def test_capacity_below_taken_is_an_error_and_changes_nothing(client: Client) -> None:
    session = make_session()
    make_booking(session, pupils=24)
    events, messages = AuditEvent.objects.count(), Message.objects.count()
    data = session_form(session, capacity="23", place="Et andet sted")
    response = client.post(reverse("staff_sessions:edit", args=[session.pk]), data)
    session.refresh_from_db()
    assert (response.status_code, list(errors(response))) == (200, ["capacity"])
    assert "24" in errors(response)["capacity"][0]
    assert (session.capacity, session.place) == (28, "")
    assert (AuditEvent.objects.count(), Message.objects.count()) == (events, messages)


def test_what_a_place_is_stays_once_somebody_has_booked(client: Client) -> None:
    session = make_session()
    make_booking(session)
    data = session_form(session, capacity_unit="groups")
    response = client.post(reverse("staff_sessions:edit", args=[session.pk]), data)
    assert (response.status_code, list(errors(response))) == (200, ["capacity_unit"])


def test_the_workshop_of_a_session_stays(client: Client) -> None:
    session, other = make_session(), make_workshop()
    client.post(reverse("staff_sessions:edit", args=[session.pk]), session_form(session, workshop=str(other.pk)))
    assert Session.objects.get().workshop_id == session.workshop_id


def test_a_cancelled_session_is_shown_and_not_edited(client: Client) -> None:
    session = make_session(status=Session.Status.CANCELLED)
    url = reverse("staff_sessions:edit", args=[session.pk])
    inspect = reverse("staff_sessions:inspect", args=[session.pk])
    assert answer(client, url) == (302, inspect)
    assert client.post(url, session_form(session, place="Salen")).headers["Location"] == inspect
    session.refresh_from_db()
    assert session.place == ""
    assert reverse("staff_sessions:edit", args=[session.pk]) not in client.get(inspect).content.decode()


def test_a_session_cancelled_in_the_meantime_is_words_at_the_form(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session()
    monkeypatch.setattr("bookings.admin.views.sessions.SessionEditView.refusal", lambda self, instance: None)
    session_verbs.cancel_session(session_id=session.pk, reason="Storm", actor_id=None)
    response = client.post(reverse("staff_sessions:edit", args=[session.pk]), session_form(session, place="Salen"))
    assert (response.status_code, list(errors(response))) == (200, ["__all__"])


@pytest.mark.parametrize("view", ["edit", "cancel"])
def test_a_busy_database_is_words_at_the_form(client: Client, monkeypatch: pytest.MonkeyPatch, view: str) -> None:
    def busy(**_kwargs: Any) -> None:
        raise Busy

    session = make_session()
    monkeypatch.setattr("bookings.admin.views.sessions.change_session", busy)
    monkeypatch.setattr("bookings.admin.views.call_off.cancel_session", busy)
    data = session_form(session, place="Salen", reason="Storm")
    response = client.post(reverse(f"staff_sessions:{view}", args=[session.pk]), data)
    assert (response.status_code, list(errors(response))) == (200, ["__all__"])


# -- calling off ------------------------------------------------------------------------------------------


def test_cancelling_a_session_tells_everybody_once(client: Client, coordinator: User) -> None:
    session = make_session(capacity=60)
    contact = Contact("Åse", "aase@example.dk", responsible_name="Bo", responsible_email="bo@example.dk")
    make_booking(session, contact=contact)
    make_booking(session, label="8.A", contact=Contact("Carl", "carl@example.dk"))
    url = reverse("staff_sessions:cancel", args=[session.pk])
    first = client.post(url, {"reason": "Underviseren kan ikke komme"}, follow=True)
    again = client.post(url, {"reason": "Underviseren kan ikke komme"}, follow=True)
    session.refresh_from_db()
    assert (session.status, session.cancel_reason, session.seats_taken) == (
        Session.Status.CANCELLED,
        "Underviseren kan ikke komme",
        0,
    )
    told = Message.objects.filter(kind="bookings.cancelled").values_list("recipient", flat=True)
    assert sorted(told) == ["aase@example.dk", "bo@example.dk", "carl@example.dk"]
    assert list(AuditEvent.objects.exclude(action="booking.confirmed").values_list("action", "actor")) == [
        ("session.cancelled", coordinator.pk)
    ]
    assert "3" in said(first)
    assert first.redirect_chain == again.redirect_chain == [(reverse("staff_sessions:inspect", args=[session.pk]), 302)]


def test_looking_at_the_page_cancels_nothing(client: Client) -> None:
    session = make_session()
    booking = make_booking(session)
    page = client.get(reverse("staff_sessions:cancel", args=[session.pk])).content.decode()
    assert booking.reference in page
    session.refresh_from_db()
    assert session.status == Session.Status.PLANNED


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "To\nlinjer", "Elev 010101-1234 er syg", "0101011234"])
@pytest.mark.parametrize("kind", ["session", "booking"])
def test_nothing_is_called_off_without_a_proper_reason(client: Client, kind: str, reason: str) -> None:
    session = make_session()
    booking = make_booking(session)
    pk = session.pk if kind == "session" else booking.pk
    response = client.post(reverse(f"staff_{kind}s:cancel", args=[pk]), {"reason": reason})
    assert (response.status_code, list(errors(response))) == (200, ["reason"])
    booking.refresh_from_db()
    assert booking.state == State.CONFIRMED


def test_a_held_session_is_not_cancelled(client: Client) -> None:
    session = make_session(status=Session.Status.HELD)
    client.post(reverse("staff_sessions:cancel", args=[session.pk]), {"reason": "Storm"})
    session.refresh_from_db()
    assert session.status == Session.Status.HELD


def test_cancelling_a_booking_frees_its_seats_and_tells_each_once(client: Client, coordinator: User) -> None:
    now = timezone.now()
    session = make_session(cancel_until=now + dt.timedelta(hours=1))
    contact = Contact("Åse", "aase@example.dk", responsible_name="Bo", responsible_email="bo@example.dk")
    booking = make_booking(session, contact=contact)
    Session.objects.update(cancel_until=now)  # the booker is too late, staff are not
    Message.objects.all().delete()
    url = reverse("staff_bookings:cancel", args=[booking.pk])
    for _time in range(2):
        response = client.post(url, {"reason": "Skolen ringede"})
        assert response.headers["Location"] == reverse("staff_bookings:inspect", args=[booking.pk])
    booking.refresh_from_db()
    session.refresh_from_db()
    assert (booking.state, booking.end_reason, session.seats_taken) == (State.CANCELLED, "Skolen ringede", 0)
    assert sorted(Message.objects.values_list("kind", "recipient")) == [
        ("bookings.cancelled", "aase@example.dk"),
        ("bookings.cancelled", "bo@example.dk"),
    ]
    event = AuditEvent.objects.exclude(action="booking.confirmed").get()
    assert (event.action, event.actor, event.facts["by_staff"]) == ("booking.cancelled", coordinator, True)


@pytest.mark.parametrize("role", ["editor", "approver", "facilitator", "administrator"])
def test_a_post_without_permission_changes_nothing(role: str) -> None:
    session = make_session()
    booking = make_booking(session)
    before = (AuditEvent.objects.count(), Message.objects.count())
    client = client_of(make_user(role))
    for name, pk in (("staff_sessions:cancel", session.pk), ("staff_bookings:cancel", booking.pk)):
        assert client.post(reverse(name, args=[pk]), {"reason": "Storm"}).status_code == 302
    client.post(reverse("staff_sessions:edit", args=[session.pk]), session_form(session, place="Salen"))
    client.post(reverse("staff_sessions:add"), session_form(session))
    session.refresh_from_db()
    booking.refresh_from_db()
    assert (session.status, session.place, booking.state) == (Session.Status.PLANNED, "", State.CONFIRMED)
    assert (Session.objects.count(), AuditEvent.objects.count(), Message.objects.count()) == (1, *before)


# -- lists ------------------------------------------------------------------------------------------------


def listed(client: Client, url: str) -> list[Any]:
    return list(client.get(url).context["object_list"])


def test_sessions_come_as_one_plans_and_can_be_narrowed(client: Client) -> None:
    late = make_session(starts_in=dt.timedelta(days=20), workshop=make_workshop("Ørens dag"))
    soon = make_session(starts_in=dt.timedelta(days=2), status=Session.Status.CANCELLED)
    over = make_session(starts_in=dt.timedelta(days=-2))
    long_over = make_session(starts_in=dt.timedelta(days=-20))
    index = reverse("staff_sessions:index")
    assert listed(client, index) == [soon, late, over, long_over]
    assert listed(client, f"{index}?ordering=-starts_at") == [late, soon, over, long_over]
    assert listed(client, f"{index}?status=cancelled") == [soon]
    assert listed(client, f"{index}?workshop={late.workshop_id}") == [late]
    assert listed(client, f"{index}?q=ørens+DAG") == [late]
    day = late.starts_at.astimezone(COPENHAGEN).date()
    assert listed(client, f"{index}?starts_at_from={day}&starts_at_to={day}") == [late]


def test_bookings_can_be_found_and_narrowed(client: Client) -> None:
    first, second = make_session(), make_session(starts_in=dt.timedelta(days=30))
    early = make_booking(first, school=make_school("Åens Skole"))
    late = make_booking(second, contact=Contact("Carl", "carl@example.dk"))
    index = reverse("staff_bookings:index")
    assert listed(client, index) == [late, early]
    assert listed(client, f"{index}?q={early.reference.lower()}") == [early]
    assert listed(client, f"{index}?q=åens") == [early]
    assert listed(client, f"{index}?q=CARL@example") == [late]
    assert listed(client, f"{index}?session={first.pk}") == [early]
    assert listed(client, f"{index}?state=cancelled") == []
    assert listed(client, f"{index}?session__starts_at_from={second.starts_at.date()}") == [late]
    assert len(listed(client, f"{index}?session=nonsense")) == 2


def test_a_booking_shows_its_classes_and_contact_and_no_secret(client: Client) -> None:
    booking = make_booking(make_session())
    page = client.get(reverse("staff_bookings:inspect", args=[booking.pk])).content.decode()
    assert all(text in page for text in ("7.B", "Åse Ødegård", "aase@example.dk", "12345678", booking.reference))
    assert booking.token_hash not in page


def test_a_session_leads_to_its_attendance_and_its_bookings(client: Client) -> None:
    session = make_session()
    page = client.get(reverse("staff_sessions:edit", args=[session.pk])).content.decode()
    assert reverse("bookings:attendance", args=[session.uuid]) in page
    assert f"{reverse('staff_bookings:index')}?session={session.pk}" in page


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("kind", "queries"), [("sessions", 18), ("bookings", 14)])
def test_a_list_takes_as_many_queries_whatever_its_length(client: Client, kind: str, queries: int, rows: int) -> None:
    for _row in range(rows):
        make_booking(make_session(facilitators=[make_user("facilitator")]))
    client.get(reverse(f"staff_{kind}:index"))  # fills what Wagtail keeps for the process
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(reverse(f"staff_{kind}:index"))
    assert len(captured) == queries
