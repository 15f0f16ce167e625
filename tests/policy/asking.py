"""Ask an address as somebody, and read the answer: let in, or sent away."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse
from lxml import html

from tests.factories.people import make_user
from tests.policy.table import NO_ROLE, Route
from tests.policy.world import OBJECTS, Names
from vaern.people.models import Administration, User
from vaern.people.roles import ADMINISTRATION_COORDINATOR, ROLES

ANONYMOUS = "anonymous"
SUBJECTS = [*ROLES, NO_ROLE, ANONYMOUS]
AWAY = ("/log-ind/", "/admin/login/")


class Asker:
    """A browser of one subject. What it asks about is made once for each kind of object."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.client = Client()
        own = {"administration": Administration.objects.all()[0]} if subject == ADMINISTRATION_COORDINATOR else {}
        self.user: User = make_user(subject if subject in ROLES else "", **own)
        if subject != ANONYMOUS:
            self.client.force_login(self.user, backend="django.contrib.auth.backends.ModelBackend")
        self._made: dict[tuple[str, bool], Names] = {}

    def url(self, name: str, route: Route, *, own: bool = True) -> str:
        """Return the route's address for an object of the asker's own, or of another's."""
        if not route.of:
            return reverse(name)
        if (route.of, own) not in self._made:
            owner = self.user if own else make_user(self.subject if self.subject in ROLES else "")
            self._made[(route.of, own)] = OBJECTS[route.of](owner)
        return reverse(name, kwargs=self._made[(route.of, own)])


def is_sent_away(answer: Any, *, hidden: bool = True) -> bool:
    """Say whether the answer is a no: 403, the door, or Wagtail's front page with its word of refusal.

    And 404 where it may be `hidden`: for those who open such pages and not this one. To the others it would say nothing
    of the permission.
    """
    if answer.status_code == 403 or (hidden and answer.status_code == 404):
        return True
    target = answer.headers.get("Location", "")
    within_admin = answer.wsgi_request.path.startswith("/admin/")  # elsewhere, the admin is a door like another
    return answer.status_code == 302 and ((target == "/admin/" and within_admin) or target.startswith(AWAY))


def filled_in(page: bytes, changes: dict[str, Any]) -> dict[str, Any]:
    """Return what the page's largest form that is sent by POST would send, with `changes` written into it."""
    forms = [form for form in html.fromstring(page).forms if form.method.upper() == "POST"]
    form = max(forms, key=lambda form: len(list(form.inputs)))
    return {**dict(form.form_values()), **changes}
