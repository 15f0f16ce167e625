"""What the page editor sends, read from its own form."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse
from lxml import html
from wagtail.fields import StreamField


def edit_form(client: Client, page: Any) -> dict[str, Any]:
    """The fields of a page's form as they are shown, so that a test changes only what it is about."""
    response = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert response.status_code == 200
    forms = [
        form
        for form in html.fromstring(response.content).forms
        if form.get("id") == "page-edit-form" or "title" in form.fields
    ]
    shown = {name: value or "" for name, value in forms[0].form_values()}
    # A browser's script makes the blocks' fields; here a body is empty.
    streams = {f"{field.name}-count": "0" for field in page._meta.get_fields() if isinstance(field, StreamField)}
    return {**shown, **streams}
