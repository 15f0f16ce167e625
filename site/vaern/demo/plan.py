"""The demo's adopted versions of the preparedness plan: an older 1.0, and 1.1 which is the starter's text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from vaern.demo.content import read
from vaern.guidance.models import ChapterPage, PlanPage, PlanVersion
from vaern.guidance.plans.domain import adopt, propose
from vaern.guidance.plans.outline import fingerprint, outlines
from vaern.guidance.plans.rules import latest_revision
from vaern.guidance.plans.snapshot import text_of
from vaern.people.models import User
from vaern.people.roles import APPROVER, EDITOR
from vaern.setup.starter.tree import publish

BODY = "Beskæftigelses- og Integrationsudvalget (opdigtet vedtagelse)"
FIRST_NOTE = (
    "Den første udgave af planen.",
    "The first edition of the plan.",
)
SECOND_NOTE = (
    "Afsnittet om, hvad du gør uden for åbningstid, er nyt, og det står klarere, at du taler med din leder samme dag.",
    "The section on what to do outside office hours is new, and it is clearer that you talk to your line manager "
    "the same day.",
)
# What the sections said before: chapter slug, number of the section, and its older heading and text (none: not there).
OLDER: list[tuple[str, int, tuple[str, str] | None]] = [
    ("trin-for-trin", 2, ("Tal med din leder", "<p>I vurderer sammen, om det haster, og hvem der skal inddrages.</p>")),
    ("akutte-situationer", 3, None),
    (
        "step-by-step",
        2,
        ("Talk to your line manager", "<p>Together you judge whether it is urgent and who should be involved.</p>"),
    ),
    ("acute-situations", 3, None),
]


def load_plan_versions() -> None:
    """Adopt the older text as 1.0 and the starter's as 1.1, by the demo's editor and approver."""
    plan = PlanPage.objects.filter(locale__language_code="da", live=True).first()
    editor, approver = _first(EDITOR), _first(APPROVER)
    if plan is None or editor is None or approver is None or PlanVersion.objects.exists():
        return
    bodies = {slug: _raw(slug) for slug, _number, _older in OLDER if ChapterPage.objects.filter(slug=slug).exists()}
    for slug, number, older in OLDER:
        if slug in bodies:
            _write(slug, _with_older(bodies[slug], number, older))
    today = timezone.localdate()
    people = (editor, approver)
    _adopt(plan, people, kind=PlanVersion.Kind.MATERIAL, note=FIRST_NOTE, day=today - dt.timedelta(days=580))
    for slug, body in bodies.items():
        _write(slug, body)
    _adopt(plan, people, kind=PlanVersion.Kind.EDITORIAL, note=SECOND_NOTE, day=today - dt.timedelta(days=40))


def _first(role: str) -> User | None:
    email = next(row["email"] for row in read("people")["user"] if row["role"] == role)
    return User.objects.filter(email=email).first()


def _raw(slug: str) -> list[dict[str, Any]]:
    return [dict(block) for block in ChapterPage.objects.get(slug=slug).body.raw_data]


def _with_older(rows: list[dict[str, Any]], number: int, older: tuple[str, str] | None) -> list[dict[str, Any]]:
    before, section, after = rows[: number - 1], rows[number - 1], rows[number:]
    if older is None:
        return [*before, *after]
    return [*before, {**section, "value": {"heading": older[0], "text": older[1]}}, *after]


def _write(slug: str, rows: list[dict[str, Any]]) -> None:
    page = ChapterPage.objects.get(slug=slug)
    to_stream: Callable[[Any], Any] = page._meta.get_field("body").stream_block.to_python
    page.body = to_stream(rows)
    publish(page)


def _adopt(plan: PlanPage, people: tuple[User, User], *, kind: str, note: tuple[str, str], day: dt.date) -> None:
    plans = outlines(plan.translation_key)
    version = propose(
        plan_key=plan.translation_key,
        texts=text_of(plans),
        source=fingerprint(plans),
        kind=kind,
        note_da=note[0],
        note_en=note[1],
        actor_id=people[0].pk,
    )
    adopt(
        version_id=version.pk,
        adopted_by=BODY,
        adopted_on=day,
        published_on=day + dt.timedelta(days=7),
        revision_due_on=latest_revision(day),
        actor_id=people[1].pk,
    )
