"""Every route × every role × own and other's object, as the policy says; a route without a policy fails."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import NoReverseMatch, reverse

from bookings.models import AttendanceRecord, Booking, GroupLine, Session
from bookings.views import door
from tests.factories.people import make_user
from tests.policy.asking import ANONYMOUS, SUBJECTS, Asker, filled_in, is_sent_away
from tests.policy.recipes import ELSEWHERE, RECIPES
from tests.policy.routes import Address, addresses
from tests.policy.table import LOOKS, NO_ROLE, OWN_TESTS, POLICIES, PUBLIC, WAGTAIL, WAGTAIL_OPEN, is_declared
from tests.policy.world import OBJECTS
from vaern.audit.models import AuditEvent
from vaern.certificates import admin as certificates
from vaern.certificates import jobs
from vaern.certificates import views as certificate_pages
from vaern.exchange.importers import IMPORTERS
from vaern.exchange.models import ImportBatch
from vaern.exchange.tables import template_file
from vaern.outbox.models import Message
from vaern.people.models import Organisation
from vaern.people.roles import FACILITATOR, ROLES, SIGNATORY

pytestmark = pytest.mark.usefixtures("site", "clock")
HERE = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _press(monkeypatch: pytest.MonkeyPatch) -> None:
    """A press that prints at once."""
    for module in (certificates, certificate_pages, door, jobs):
        monkeypatch.setattr(module, "make_pdfs", lambda pages: [b"%PDF-1.7" for _page in pages])


# -- the table is whole -----------------------------------------------------------------------------------


def undeclared(found: list[Address]) -> list[str]:
    return sorted({address.name for address in found if not is_declared(address.name)})


def test_every_route_has_a_policy() -> None:
    missing = undeclared(addresses())
    assert missing == [], (
        "These routes have no policy. Declare each in tests/policy/table.py, e.g. "
        f'"{missing[0]}": Route(by(COORDINATOR)), or in PUBLIC for one that anybody may open.'
    )


def test_a_new_route_without_one_is_noticed() -> None:
    new = Address("staff_things:edit", "admin/things/<int:pk>/", frozenset({"pk"}))
    assert undeclared([*addresses(), new]) == ["staff_things:edit"]


def test_no_policy_is_left_of_a_route_that_is_gone() -> None:
    names = {address.name for address in addresses()}
    assert sorted(set(POLICIES) - names) == []
    assert sorted(PUBLIC - names) == []


def test_what_an_address_names_is_declared() -> None:
    named = {address.name: bool(address.arguments) for address in addresses() if address.name in POLICIES}
    assert {name: bool(route.of) for name, route in POLICIES.items()} == named
    assert sorted({route.of for route in POLICIES.values() if route.of} - set(OBJECTS)) == []


def test_what_is_proved_by_other_tests_alone_does_not_grow() -> None:
    """A new route gets a recipe; this number only ever goes down."""
    assert sum(route.leaves == OWN_TESTS for route in POLICIES.values()) <= OWN_TESTS_LEFT


OWN_TESTS_LEFT = 39


def test_roles_are_known() -> None:
    assert {role for route in POLICIES.values() for role in route.roles} <= {*ROLES, NO_ROLE}
    assert all(route.own <= route.roles for route in POLICIES.values())


# -- who is let in ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("subject", SUBJECTS)
def test_who_opens_what(subject: str) -> None:
    asker = Asker(subject)
    wrong = []
    for name, route in POLICIES.items():
        for own in (True, False) if route.of else (True,):
            expected = subject in route.roles and (own or subject not in route.own)
            answer = asker.client.get(asker.url(name, route, own=own))
            for close in answer._resource_closers:
                close()  # some are files; `answer.close()` would close the database as well
            if answer.status_code == 405:
                continue  # it is only sent to: asked by the tests below
            if is_sent_away(answer, hidden=subject in route.roles) == expected or answer.status_code >= 500:
                wrong.append((name, "own" if own else "other's", answer.status_code, answer.headers.get("Location")))
    assert wrong == []


@pytest.mark.parametrize("subject", SUBJECTS)
def test_who_may_not_changes_nothing_whatever_is_sent(subject: str) -> None:
    """Sends each form as filled in for somebody who may, ids in the body included."""
    asker = Asker(subject)
    wrong = []
    for name, route in POLICIES.items():
        for own in (True, False) if route.of else (True,):
            if subject in route.roles and (own or subject not in route.own):
                continue
            url = asker.url(name, route, own=own)
            names = asker._made.get((route.of, own), {})
            body = RECIPES[name](names) if name in RECIPES else {}
            before = AuditEvent.objects.count()
            answer = asker.client.post(url, body)
            refused = is_sent_away(answer, hidden=subject in route.roles) or answer.status_code == 405
            if not refused or AuditEvent.objects.count() != before:
                wrong.append((name, answer.status_code, answer.headers.get("Location")))
    assert wrong == []


def test_a_facilitator_cannot_report_another_session_through_their_own() -> None:
    """The address names the own session, the body another's class."""
    facilitator = Asker(FACILITATOR)
    route = POLICIES["bookings:attendance"]
    mine, others = (facilitator.url("bookings:attendance", route, own=own) for own in (True, False))
    line = GroupLine.objects.get(session__uuid=others.rstrip("/").rsplit("/", 1)[-1])
    body = {"key": str(uuid.uuid4()), f"line-{line.pk}-pupils": "20", f"line-{line.pk}-adults": "1"}
    facilitator.client.post(mine, {**body, f"line-{line.pk}-reason": ""})
    assert not AttendanceRecord.objects.filter(line=line).exists()


@pytest.mark.parametrize("subject", [ANONYMOUS, NO_ROLE, FACILITATOR, SIGNATORY])
def test_wagtails_own_screens_are_for_staff(subject: str) -> None:
    asker = Asker(subject)
    let_in, asked = [], 0
    for address in addresses():
        if not address.name.startswith(WAGTAIL) or address.name in POLICIES or address.name in WAGTAIL_OPEN:
            continue
        url = some_url(address)
        if url is None:
            continue
        asked += 1
        for answer in (asker.client.get(url), asker.client.post(url, {})):
            if not is_sent_away(answer):
                let_in.append((address.name, answer.status_code))
    assert let_in == []
    assert asked > 150


def some_url(address: Address) -> str | None:
    for value in (1, "x", "1"):
        try:
            return reverse(address.name, kwargs=dict.fromkeys(address.arguments, value))
        except NoReverseMatch:
            continue
    return None


# -- what is sent is in the audit log ---------------------------------------------------------------------


def test_every_writing_route_has_a_recipe_or_another_proof() -> None:
    writing = {name for name, route in POLICIES.items() if route.writes and route.roles}
    assert sorted(writing - set(RECIPES) - set(ELSEWHERE)) == []
    assert sorted((set(RECIPES) | set(ELSEWHERE)) - writing) == []
    for name, (path, test) in ELSEWHERE.items():
        text = (HERE / path).read_text()
        assert f"def {test}(" in text, (name, path, test)
        assert POLICIES[name].leaves in text, (name, POLICIES[name].leaves, path)


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_sending_a_form_leaves_its_event(name: str) -> None:
    route = POLICIES[name]
    asker = Asker(min(route.roles & set(ROLES)))
    url = asker.url(name, route)
    fields = RECIPES[name](asker._made.get((route.of, True), {}))
    shown = asker.client.get(url)
    body = filled_in(shown.content, fields) if shown.status_code == 200 else fields
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    answer = asker.client.post(url, body)
    events = AuditEvent.objects.exclude(pk__in=before)
    assert [(event.action, event.actor_id) for event in events if event.action == route.leaves] == [
        (route.leaves, asker.user.pk)
    ], (answer.status_code, errors_of(answer), list(events))


def errors_of(answer: Any) -> Any:
    context = getattr(answer, "context", None) or {}
    return context["form"].errors if "form" in context else ""


@pytest.mark.parametrize("role", sorted(ROLES))
def test_what_only_shows_takes_no_form(role: str) -> None:
    """Who may open a page that is declared to change nothing cannot send it anything."""
    asker = Asker(role)
    takes = []
    for name, route in POLICIES.items():
        if role in route.roles and not route.leaves:
            answer = asker.client.post(asker.url(name, route), {})
            if answer.status_code != 405:
                takes.append((name, answer.status_code))
    assert takes == []


PREVIEWS = sorted(name for name, route in POLICIES.items() if route.leaves == LOOKS)


@pytest.mark.parametrize("name", PREVIEWS)
def test_a_preview_changes_nothing(name: str) -> None:
    """A file is sent as its template has it, so that it is looked through to the end."""
    route = POLICIES[name]
    asker = Asker(min(route.roles))
    url = asker.url(name, route)
    kind = name.removeprefix("exchange_import_")
    body = (
        {"file": SimpleUploadedFile("fil.csv", template_file(IMPORTERS[kind].columns, "csv"))} if kind != name else {}
    )
    before = facts()
    answer = asker.client.post(url, body)
    assert answer.status_code == (302 if body else 200), errors_of(answer)
    assert ImportBatch.objects.count() == int(bool(body))
    assert facts() == before


def facts() -> list[int]:
    models = (AuditEvent, Message, Organisation, Session, Booking, AttendanceRecord)
    return [model.objects.count() for model in models]


def test_a_signed_in_nobody_is_not_let_into_the_admin() -> None:
    client = Client()
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    assert is_sent_away(client.get("/admin/"))
