"""Turn the contacts that were written into pages into records that pages choose.

The same number on the Danish and the English page becomes one record with both languages' words. Drafts and old
revisions are turned too, so that a page can still be taken back to how it was.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

from django.db import migrations

PAGES = ("WorriedPage", "ActionCardPage")
ACUTE = ("112", "114")


def stored_phone(typed: str) -> str:
    """Return the number as records hold it; what is no Danish number stays as it was typed."""
    digits = re.sub(r"[^0-9+]", "", typed)
    return f"+45{digits}" if re.fullmatch(r"[0-9]{8}", digits) else digits


def as_date(value: Any) -> dt.date | None:
    """Return the day of an ISO text."""
    return dt.date.fromisoformat(value[:10]) if value else None


def record_for(apps: Any, value: dict[str, Any], language: str) -> int:
    """Return the id of the contact for a block's words, made or completed."""
    Contact = apps.get_model("guidance", "Contact")
    phone, name = stored_phone(value.get("phone") or ""), (value.get("name") or "")[:120]
    own, other = ("en", "da") if language == "en" else ("da", "en")
    same = Contact.objects.filter(phone=phone, **{f"name_{own}__in": ["", name]}).order_by("pk")
    contact = same.exclude(**{f"name_{own}": ""}).first() or same.first() or Contact(phone=phone, position=Contact.objects.count() + 1)
    checked = as_date(value.get("checked_on"))
    if contact.pk is None:
        contact.last_checked_on, contact.acute = checked, phone in ACUTE
    elif checked and contact.last_checked_on:
        contact.last_checked_on = min(checked, contact.last_checked_on)
    if not getattr(contact, f"name_{own}"):
        setattr(contact, f"name_{own}", name)
        setattr(contact, f"hours_{own}", (value.get("hours") or "")[:120])
        setattr(contact, f"what_happens_{own}", (value.get("what_happens") or "")[:400])
        setattr(contact, f"anonymous_{own}", (value.get("anonymous") or "")[:200])
    if not contact.name_da:
        contact.name_da = getattr(contact, f"name_{other}") or name
    contact.unverified = contact.last_checked_on is None
    contact.save()
    return contact.pk


def to_records(apps: Any, schema_editor: Any) -> None:
    """Replace each block's words by the id of a record."""
    rewrite(apps, lambda value, language: record_for(apps, value, language) if isinstance(value, dict) else value)


def to_words(apps: Any, schema_editor: Any) -> None:
    """Replace each id by the record's words, for going back."""
    Contact = apps.get_model("guidance", "Contact")

    def words(value: Any, language: str) -> Any:
        contact = Contact.objects.filter(pk=value).first() if isinstance(value, int) else None
        if contact is None:
            return value
        own = "en" if language == "en" else "da"
        return {
            "name": getattr(contact, f"name_{own}") or contact.name_da,
            "phone": contact.phone,
            "hours": getattr(contact, f"hours_{own}"),
            "what_happens": getattr(contact, f"what_happens_{own}"),
            "anonymous": getattr(contact, f"anonymous_{own}"),
            "checked_on": contact.last_checked_on.isoformat() if contact.last_checked_on else None,
        }

    rewrite(apps, words)


def rewrite(apps: Any, change: Any) -> None:
    """Put each contact block of every page and revision through `change`; Danish pages first, whose names lead."""
    Revision = apps.get_model("wagtailcore", "Revision")
    for name in PAGES:
        model = apps.get_model("guidance", name)
        field = model._meta.get_field("body")
        languages = dict(model.objects.values_list("pk", "locale__language_code"))
        for page in model.objects.order_by("locale__language_code", "pk"):
            body = as_list(field.get_prep_value(page.body))
            if changed(body, change, languages[page.pk]):
                page.body = field.to_python(json.dumps(body))
                page.save(update_fields=["body"])
        revisions = Revision.objects.filter(content_type__app_label="guidance", content_type__model=name.lower())
        for revision in revisions.order_by("pk").iterator():
            body = as_list(revision.content.get("body"))
            pk = int(revision.object_id)
            if changed(body, change, languages.get(pk, "da")):
                revision.content["body"] = json.dumps(body)
                revision.save(update_fields=["content"])


def as_list(body: Any) -> list[dict[str, Any]]:
    """Return a stream's blocks: a page holds them as JSON, a revision as JSON in a text."""
    found: list[dict[str, Any]] = json.loads(body) if isinstance(body, str) else (body or [])
    return found


def changed(body: list[dict[str, Any]], change: Any, language: str) -> bool:
    """Change the contact blocks of a body in place, and say whether there were any."""
    contacts = [block for block in body if block["type"] == "contact"]
    for block in contacts:
        block["value"] = change(block["value"], language)
    return bool(contacts)


class Migration(migrations.Migration):
    dependencies = [
        ("guidance", "0010_contacts"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(to_records, to_words)]
