"""What an editor does with a workshop: preview it, and try to delete it."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from courses.models import Subject, WorkshopPage
from tests.factories.bookings import make_session
from tests.factories.courses import make_workshop
from tests.factories.people import make_user

pytestmark = pytest.mark.usefixtures("site", "clock")


def test_a_draft_with_new_terms_is_previewed() -> None:
    page = make_workshop()
    page.subjects = [Subject.objects.create(key="dansk", name_da="Dansk", name_en="Danish")]
    draft = page.save_revision().as_object()
    answer = draft.make_preview_request(RequestFactory().get("/"), "")
    assert answer.status_code == 200
    assert "Dansk" in answer.render().content.decode()


@pytest.mark.parametrize(("with_dates", "left"), [(True, 1), (False, 0)])
def test_a_workshop_with_dates_is_kept(client: Client, with_dates: bool, left: int) -> None:
    page = make_workshop()
    if with_dates:
        make_session(workshop=page)
    client.force_login(make_user("editor"))
    answer = client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert (answer.status_code, WorkshopPage.objects.filter(pk=page.pk).count()) == (302, left)
