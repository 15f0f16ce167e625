"""Adoption is a record that two persons make, with the law's four years, and that nothing changes afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from tests.factories.guidance import make_contact
from tests.factories.people import make_user
from tests.factories.plan import adopted, make_card, make_chapter, make_plan, proposed, write
from vaern.audit.models import AuditEvent
from vaern.guidance.models import ChapterPage, Contact, PlanPage, PlanVersion, RevisionReminder
from vaern.guidance.plans import rules
from vaern.guidance.plans.domain import Refused, adopt, decline, propose, remind_of_revisions, withdraw
from vaern.guidance.plans.outline import fingerprint, outlines
from vaern.guidance.plans.rules import Due
from vaern.guidance.plans.snapshot import text_of
from vaern.guidance.plans.text import decode, digest, encode
from vaern.outbox.models import Message
from vaern.outbox.relay import send_next

pytestmark = pytest.mark.usefixtures("site", "clock")
DAY = dt.date(2026, 11, 2)


@pytest.fixture
def plan(site: None) -> PlanPage:
    page = make_plan()
    make_chapter(page, "Formål", {"Hvorfor": "Fordi loven siger det."})
    return page


def decision(version: PlanVersion, **changes: Any) -> dict[str, Any]:
    dates = {"adopted_on": DAY, "published_on": DAY, "revision_due_on": dt.date(2030, 11, 2)}
    return {"version_id": version.pk, "adopted_by": "Borgerrepræsentationen", **dates, **changes}


@pytest.mark.parametrize(
    ("last", "material", "expected"),
    [
        (None, True, (1, 0)),
        (None, False, (1, 0)),
        ((1, 0), True, (2, 0)),
        ((2, 3), True, (3, 0)),
        ((2, 3), False, (2, 4)),
    ],
)
def test_the_next_number(last: Any, material: bool, expected: tuple[int, int]) -> None:
    assert rules.next_number(last, material=material) == expected


@pytest.mark.parametrize(
    ("adopted_on", "latest", "warned"),
    [
        ((2024, 3, 1), (2028, 3, 1), (2027, 9, 1)),
        ((2024, 2, 29), (2028, 2, 29), (2027, 8, 29)),
        ((2025, 8, 31), (2029, 8, 31), (2029, 2, 28)),
    ],
)
def test_four_years_and_six_months(adopted_on: Any, latest: Any, warned: Any) -> None:
    due = rules.latest_revision(dt.date(*adopted_on))
    assert (due, rules.warn_from(due)) == (dt.date(*latest), dt.date(*warned))
    days = (dt.date(*warned) - dt.timedelta(days=1), dt.date(*warned), due, due + dt.timedelta(days=1))
    assert [rules.due(due, day) for day in days] == [Due.LATER, Due.SOON, Due.SOON, Due.OVERDUE]


def test_a_version_is_proposed_by_one_and_adopted_by_another(plan: PlanPage) -> None:
    editor, approver = make_user("editor"), make_user("approver")
    proposal = proposed(plan, by=editor)
    version = adopt(**decision(proposal), actor_id=approver.pk)
    version.refresh_from_db()
    assert (version.number, version.state, version.proposed_by, version.decided_by) == (
        "1.0",
        "adopted",
        editor,
        approver,
    )
    assert (version.adopted_on, version.revision_due_on) == (DAY, dt.date(2030, 11, 2))
    assert version.sha256 == digest(version.content)
    assert encode(decode(version.content)) == version.content
    assert list(AuditEvent.objects.order_by("pk").values_list("action", "actor")) == [
        ("plan_version.proposed", editor.pk),
        ("plan_version.adopted", approver.pk),
    ]


def test_a_material_change_is_a_major_version_and_an_editorial_one_a_minor(plan: PlanPage) -> None:
    assert [adopted(plan, kind=kind).number for kind in ("editorial", "editorial", "material", "editorial")] == [
        "1.0",
        "1.1",
        "2.0",
        "2.1",
    ]


def refused(call: Any, **facts: Any) -> str:
    with pytest.raises(Refused) as caught:
        call(**facts)
    return caught.value.why


def test_nobody_decides_on_their_own_proposal(plan: PlanPage) -> None:
    both = make_user("editor", is_superuser=True)
    proposal = proposed(plan, by=both)
    assert refused(adopt, **decision(proposal), actor_id=both.pk) == Refused.OWN_PROPOSAL
    assert refused(decline, version_id=proposal.pk, reason="x", actor_id=both.pk) == Refused.OWN_PROPOSAL
    proposal.refresh_from_db()
    assert proposal.state == PlanVersion.State.PROPOSED
    with pytest.raises(IntegrityError, match="plan_version_two_persons"), transaction.atomic():
        PlanVersion.objects.bulk_create([_copy(proposal, state="declined", reason="x", decided_by_id=both.pk)])


def _copy(version: PlanVersion, **changes: Any) -> PlanVersion:
    facts = {field.attname: getattr(version, field.attname) for field in PlanVersion._meta.concrete_fields}
    return PlanVersion(**{**facts, "id": None, "uuid": "00000000-0000-0000-0000-000000000001", **changes})


@pytest.mark.parametrize("role", ["editor", "coordinator", "facilitator", "administrator"])
def test_only_an_approver_decides(role: str, plan: PlanPage) -> None:
    proposal = proposed(plan)
    assert refused(adopt, **decision(proposal), actor_id=make_user(role).pk) == Refused.NOT_ALLOWED
    gone = make_user("approver", is_active=False)
    assert refused(adopt, **decision(proposal), actor_id=gone.pk) == Refused.NOT_ALLOWED


@pytest.mark.parametrize("role", ["approver", "coordinator", "administrator"])
def test_only_an_editor_proposes(role: str, plan: PlanPage) -> None:
    with pytest.raises(Refused, match=Refused.NOT_ALLOWED):
        proposed(plan, by=make_user(role))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"revision_due_on": dt.date(2030, 11, 3)}, Refused.TOO_LATE),
        ({"revision_due_on": DAY}, Refused.TOO_LATE),
        ({"adopted_by": "  "}, Refused.BODY_MISSING),
        ({"adopted_on": dt.date(2026, 11, 24)}, Refused.IN_FUTURE),
        ({"published_on": dt.date(2026, 11, 1)}, Refused.PUBLISHED_BEFORE),
    ],
)
def test_an_adoption_has_a_body_and_dates_that_can_be(changes: dict[str, Any], why: str, plan: PlanPage) -> None:
    proposal = proposed(plan)
    approver = make_user("approver")
    assert refused(adopt, **decision(proposal, **changes), actor_id=approver.pk) == why
    assert adopt(**decision(proposal), actor_id=approver.pk).is_adopted


def test_the_database_holds_the_four_years(plan: PlanPage) -> None:
    version = adopted(plan)
    late = _copy(version, minor=1, kind="editorial", revision_due_on=dt.date(2030, 11, 3))
    with pytest.raises(IntegrityError, match="plan_version_revision_in_time"), transaction.atomic():
        late.save()
    _copy(version, minor=1, kind="editorial").save()  # the same row with the right date can be written


def test_a_proposal_is_declined_with_a_reason_or_withdrawn_by_its_proposer(plan: PlanPage) -> None:
    editor, approver = make_user("editor"), make_user("approver")
    first = proposed(plan, by=editor)
    assert refused(decline, version_id=first.pk, reason=" ", actor_id=approver.pk) == Refused.NO_REASON
    decline(version_id=first.pk, reason="Kapitel 2 mangler.", actor_id=approver.pk)
    second = proposed(plan, by=editor)
    assert second.number == "1.0"  # a number is used up by an adoption alone
    assert refused(withdraw, version_id=second.pk, actor_id=make_user("editor").pk) == Refused.NOT_OWN
    withdraw(version_id=second.pk, actor_id=editor.pk)
    assert list(PlanVersion.objects.order_by("pk").values_list("state", "reason")) == [
        ("declined", "Kapitel 2 mangler."),
        ("withdrawn", ""),
    ]
    for version in (first, second):
        assert refused(adopt, **decision(version), actor_id=approver.pk) == Refused.NOT_OPEN


def test_only_one_proposal_waits(plan: PlanPage) -> None:
    proposed(plan)
    with pytest.raises(Refused, match=Refused.OPEN_PROPOSAL):
        proposed(plan)


@pytest.mark.parametrize("what", ["text", "unpublished", "order", "card", "contact"])
def test_pages_that_changed_since_the_proposal_are_not_adopted(what: str, plan: PlanPage) -> None:
    chapter = make_chapter(plan, "Handling", {"Gør": "nu"})
    contact = make_contact()
    card = make_card(chapter, contacts=[("contact", contact)])
    proposal = proposed(plan)
    {
        "text": lambda: write(chapter, {"Gør": "senere"}),
        "unpublished": chapter.unpublish,
        "order": lambda: chapter.move(ChapterPage.objects.get(title="Formål"), pos="left"),
        "card": card.delete,
        "contact": lambda: Contact.objects.filter(pk=contact.pk).update(phone="+4522222222"),
    }[what]()
    assert refused(adopt, **decision(proposal), actor_id=make_user("approver").pk) == Refused.TEXT_CHANGED


def test_pages_that_changed_while_the_text_was_rendered_are_not_proposed(plan: PlanPage) -> None:
    plans = outlines(plan.translation_key)
    facts = {"plan_key": plan.translation_key, "texts": text_of(plans), "source": fingerprint(plans)}
    ChapterPage.objects.get().unpublish()
    make_chapter(plan, "En anden")
    words = {"kind": "material", "note_da": "Ny", "note_en": "", "actor_id": make_user("editor").pk}
    assert refused(propose, **facts, **words) == Refused.TEXT_CHANGED


def test_a_plan_without_a_published_chapter_is_not_proposed(plan: PlanPage) -> None:
    ChapterPage.objects.get().unpublish()
    with pytest.raises(Refused, match=Refused.NOT_PUBLISHED):
        proposed(plan)


def test_nothing_changes_an_adopted_version(plan: PlanPage) -> None:
    version = adopted(plan)
    stale = PlanVersion.objects.get(pk=version.pk)
    for attempt in (
        lambda: PlanVersion.objects.filter(pk=version.pk).update(note_da="x"),
        lambda: PlanVersion.objects.bulk_update([stale], ["note_da"]),
        lambda: PlanVersion.objects.filter(pk=version.pk).delete(),
        stale.save,
        stale.delete,
    ):
        with pytest.raises(TypeError), transaction.atomic():
            attempt()
    with pytest.raises(IntegrityError), transaction.atomic():
        _sql("UPDATE guidance_planversion SET note_da = 'x' WHERE id = %s", version.pk)
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError), transaction.atomic():
            _sql("DELETE FROM guidance_planversion WHERE id = %s", version.pk)
    with pytest.raises(ProtectedError):
        version.decided_by.delete()
    assert PlanVersion.objects.get(pk=version.pk).note_da == "Første udgave."


def test_the_text_of_a_proposal_does_not_change_either(plan: PlanPage) -> None:
    proposal = proposed(plan)
    _sql("UPDATE guidance_planversion SET note_da = 'Anden note' WHERE id = %s", proposal.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        _sql("UPDATE guidance_planversion SET content = '{}' WHERE id = %s", proposal.pk)


def _sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_those_responsible_are_reminded_once(plan: PlanPage, clock: Any) -> None:
    someone = make_user("editor", email="ansvarlig@example.dk")
    PlanPage.objects.filter(pk=plan.pk).update(responsible=someone)
    adopted(plan, on=dt.date(2023, 3, 1))
    assert remind_of_revisions(today=dt.date(2026, 8, 31)) == 0
    assert [remind_of_revisions(today=dt.date(2026, 9, 1)) for _again in range(2)] == [1, 0]
    assert RevisionReminder.objects.count() == 1
    assert list(Message.objects.values_list("kind", "recipient")) == [("guidance.revision_due", "ansvarlig@example.dk")]
    while send_next():
        pass
    (message,) = mail.outbox
    assert message.subject == "”Beredskabsplan” skal være revideret senest 1. marts 2027"
    assert "barnets lov § 15, stk. 3" in message.body


def test_without_a_responsible_all_who_may_propose_are_reminded_and_an_older_version_is_not_counted(
    plan: PlanPage,
) -> None:
    adopted(plan, on=dt.date(2022, 12, 1))
    adopted(plan, kind="editorial")
    assert remind_of_revisions(today=dt.date(2026, 11, 23)) == 0
    editors = sorted(PlanVersion.objects.values_list("proposed_by__email", flat=True))
    assert remind_of_revisions(today=dt.date(2030, 6, 1)) == 2
    assert sorted(Message.objects.values_list("recipient", flat=True)) == editors
