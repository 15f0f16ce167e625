"""How the form of each writing route is filled in, so that the walk over them can send it.

A recipe gets the names of the object in the address and returns the fields that differ from the form as it is shown.
A route without a recipe is proved by a test elsewhere, which is named in ELSEWHERE and must speak of the event.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from bookings.models import GroupLine
from tests.factories.bookings import make_booking, make_session
from tests.factories.courses import make_workshop
from vaern.goals.models import Goal
from vaern.outbox.editing import number_of
from vaern.outbox.texts import current_text, text_kind
from vaern.people.models import Administration

Names = dict[str, Any]
Recipe = Callable[[Names], dict[str, Any]]


def plain(**fields: Any) -> Recipe:
    """Return a recipe that always fills in the same."""
    return lambda names: fields


def _report(names: Names) -> dict[str, Any]:
    line = GroupLine.objects.get(session__uuid=names["session"])
    prefix = f"line-{line.pk}"
    return {"key": str(uuid.uuid4()), f"{prefix}-pupils": "20", f"{prefix}-adults": "1", f"{prefix}-reason": ""}


def _plan(names: Names) -> dict[str, Any]:
    return {
        "workshop": str(make_workshop().pk),
        "starts_at": "02.12.2026 10:00",
        "ends_at": "02.12.2026 11:30",
        "capacity": "28",
        "language": "da",
        "capacity_unit": "people",
        "waiting_rule": "none",
        "visibility": "public",
    }


def _approve(names: Names) -> dict[str, Any]:
    booking = make_booking(make_session(approval_needed=True))
    return {"bookings": str(booking.pk), "approve": "1"}


def _text(names: Names) -> dict[str, Any]:
    kind = text_kind(names["key"])
    return {"subject": "Et andet emne", "body": current_text(kind, names["language"]).body, "save": "1"}


RECIPES: dict[str, Recipe] = {
    "bookings:subscribe_signed_in": plain(),
    "bookings:attendance": _report,
    "staff_goal_years:add": lambda names: {
        "goal": str(Goal.objects.all()[0].pk),
        "year": "2031",
        "low": "10",
        "high": "",
        "reason": "Nyt år",
    },
    "staff_goal_years:edit": plain(low="11", high="", reason="Ny aftale"),
    "staff_goals:edit": plain(title_da="Et andet navn"),
    "staff_sessions:add": _plan,
    "staff_sessions:edit": plain(place="Biblioteket"),
    "staff_sessions:copy": plain(starts_at="03.12.2026 10:00", ends_at="03.12.2026 11:30"),
    "staff_sessions:cancel": plain(reason="Aflyst på grund af vejret"),
    "staff_bookings:cancel": plain(reason="Aflyst på grund af vejret"),
    "staff_approvals:index": _approve,
    "staff_visits:answer": plain(answer="decline", text="Vi har desværre ingen tider.", reason="Vi har ingen tider."),
    "staff_deadline_rules:add": lambda names: {
        "workshop": str(make_workshop().pk),
        "close_days": "2",
        "close_clock": "12:00",
        "cancel_days": "1",
        "cancel_clock": "12:00",
        "reminder_days": "3",
    },
    "staff_deadline_rules:edit": plain(note="Efter aftale"),
    "staff_school_holidays:add": plain(
        name_da="Efterårsferie",
        name_en="Autumn holiday",
        first_day="18.10.2027",
        last_day="22.10.2027",
        school_year="2027/28",
    ),
    "staff_school_holidays:edit": plain(source="kk.dk"),
    "staff_messages:again": plain(),
    "staff_messages:give_up": plain(),
    "staff_texts_edit": _text,
    "staff_texts_reset": lambda names: {"seen": str(number_of(text_kind(names["key"]), names["language"]))},
    "staff_organisations:add": plain(name="Boligforeningen", kind="partner", category="housing"),
    "staff_organisations:edit": plain(name="Et andet navn"),
    "staff_school_types:add": plain(
        institution_type="1999", type_name="Prøve", group="public", valid_from="01.01.2026", valid_to=""
    ),
    "staff_school_types:edit": plain(type_name="Et andet navn"),
    "staff_administrations:add": plain(code="ZZZ", name_da="Prøve", name_en="Test", valid_from="01.01.2026"),
    "staff_administrations:edit": plain(name_da="Et andet navn"),
    "wagtailusers_users:add": lambda names: {
        "email": "ny@example.dk",
        "first_name": "Ny",
        "last_name": "Person",
        "administration": str(Administration.objects.all()[0].pk),
    },
    "wagtailusers_users:edit": plain(first_name="Et andet navn", last_name="Person"),
    "staff_contacts:add": plain(
        name_da="Rådgivning",
        name_en="Advice",
        phone="+4570000000",
        hours_da="Hverdage",
        hours_en="Weekdays",
        what_happens_da="Du taler med en rådgiver.",
        what_happens_en="You talk to an adviser.",
        anonymous_da="Ja.",
        anonymous_en="Yes.",
    ),
    "staff_contacts:edit": plain(hours_da="Altid"),
    "staff_contacts:checked": plain(),
    "staff_situations:add": plain(title_da="Noget nyt", title_en="Something new", position="5"),
    "staff_situations:edit": plain(position="7"),
    "staff_plan_versions:propose": plain(note_da="Første udgave.", kind="material"),
    "staff_plan_versions:adopt": plain(
        adopted_by="Borgerrepræsentationen",
        adopted_on="02.11.2026",
        published_on="05.11.2026",
        revision_due_on="02.11.2030",
    ),
    "staff_plan_versions:decline": plain(reason="Ikke endnu.", decision_note="Ikke endnu."),
    "staff_plan_versions:withdraw": plain(),
    "material_versions:withdraw": plain(reason="En kilde var forkert."),
    "material_versions:bring_back": plain(),
    "material_files:add": lambda names: {
        "title": "Et ark",
        "upload": SimpleUploadedFile("ark.txt", b"Et ark", content_type="text/plain"),
    },
    "urgent_messages:add": plain(
        text_da="Lukket", text_en="Closed", starts_at="24.11.2026 10:00", ends_at="25.11.2026 10:00"
    ),
    "urgent_messages:edit": plain(text_da="Lukket i morgen"),
    "feedback:edit": plain(state="handled"),
    "editors_confirm": plain(),
    "translations_still_right": plain(),
    "exchange_export_organisations": plain(form="csv"),
    "exchange_export_sessions": plain(form="ics"),
    "exchange_export_bookings": plain(form="csv", first="01.01.2026", last="31.12.2026"),
    "exchange_export_attendance": plain(form="csv"),
    "exchange_export_visits": plain(form="csv-en"),
    "exchange_export_signups": plain(form="xlsx"),
    "exchange_export_goals": plain(form="csv"),
    "exchange_export_audit": plain(form="csv"),
    "exchange_batch": plain(),
}

# Routes whose event another test proves: the path of the test, and its name.
ELSEWHERE: dict[str, tuple[str, str]] = {}
