"""The verbs on versions of the plan: propose, adopt, decline, withdraw; keep a file; remind of a revision."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from vaern.audit.domain import record
from vaern.guidance.models import PlanFile, PlanPage, PlanVersion, RevisionReminder
from vaern.guidance.permissions import DECIDE, PROPOSE, people_to_remind
from vaern.guidance.plans import rules
from vaern.guidance.plans.outline import fingerprint, outlines
from vaern.guidance.plans.text import PlanText, digest, encode
from vaern.outbox.domain import enqueue
from vaern.people.models import User

SUBJECT = "plan_version"
REVISION_DUE = "guidance.revision_due"


class Refused(Exception):
    """A verb that could not be done; `why` is one of the words below, which the doors put into sentences."""

    NOT_PUBLISHED = "not_published"  # no published plan, or no chapter in it
    OPEN_PROPOSAL = "open_proposal"  # another proposal waits
    NOT_OPEN = "not_open"  # it was decided on, or withdrawn, already
    OWN_PROPOSAL = "own_proposal"  # nobody decides on their own
    NOT_OWN = "not_own"  # only the proposer withdraws
    NOT_ALLOWED = "not_allowed"
    TEXT_CHANGED = "text_changed"  # the pages are not those that were proposed
    NO_REASON = "no_reason"
    BODY_MISSING = "body_missing"
    TOO_LATE = "too_late"  # revision more than four years after adoption, or not after it
    IN_FUTURE = "in_future"  # adopted on a day that has not come
    PUBLISHED_BEFORE = "published_before"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def propose(
    *,
    plan_key: UUID,
    texts: dict[str, PlanText],
    source: str,
    kind: str,
    note_da: str,
    note_en: str,
    actor_id: int | None,
) -> PlanVersion:
    """Freeze the plan's published text as a proposal for its next version.

    `texts` and `source` are what `snapshot.text_of` and `outline.fingerprint` made of the same outlines just before;
    pages that have changed since are refused, so that nothing unpublished in the meantime gets in. Raises Refused.
    """
    with transaction.atomic():
        _allow(actor_id, PROPOSE)
        page = _lock_plan(plan_key)
        if page is None or not any(text.chapters for text in texts.values()):
            raise Refused(Refused.NOT_PUBLISHED)
        if not note_da.strip():
            raise Refused(Refused.NO_REASON)
        if PlanVersion.objects.filter(plan_key=plan_key, state=PlanVersion.State.PROPOSED).exists():
            raise Refused(Refused.OPEN_PROPOSAL)
        if fingerprint(outlines(plan_key)) != source:
            raise Refused(Refused.TEXT_CHANGED)
        version = _new_version(page, texts, source, kind=kind, note_da=note_da, note_en=note_en)
        version.proposed_by_id = actor_id or 0
        version.save()
        _record("proposed", version, actor_id, kind=kind)
        return version


def adopt(
    *,
    version_id: int,
    adopted_by: str,
    adopted_on: dt.date,
    published_on: dt.date,
    revision_due_on: dt.date,
    actor_id: int | None,
) -> PlanVersion:
    """Adopt a proposal: the second person's decision, with the body and the dates of the adoption.

    The pages must still be those that were proposed. The revision is due at most four years after the adoption
    (barnets lov § 15, stk. 3). Raises Refused.
    """
    with transaction.atomic():
        version = _lock_open(version_id, actor_id)
        today = timezone.localdate()
        if not adopted_by.strip():
            raise Refused(Refused.BODY_MISSING)
        if adopted_on > today:
            raise Refused(Refused.IN_FUTURE)
        if published_on < adopted_on:
            raise Refused(Refused.PUBLISHED_BEFORE)
        if not adopted_on < revision_due_on <= rules.latest_revision(adopted_on):
            raise Refused(Refused.TOO_LATE)
        if fingerprint(outlines(version.plan_key)) != version.source:
            raise Refused(Refused.TEXT_CHANGED)
        version.state = PlanVersion.State.ADOPTED
        version.adopted_by, version.adopted_on = adopted_by.strip(), adopted_on
        version.published_on, version.revision_due_on = published_on, revision_due_on
        _decide(version, actor_id)
        _record("adopted", version, actor_id, sha256=version.sha256)
        return version


def decline(*, version_id: int, reason: str, actor_id: int | None) -> PlanVersion:
    """Decline a proposal with a reason that its proposer reads. Raises Refused."""
    with transaction.atomic():
        version = _lock_open(version_id, actor_id)
        if not reason.strip():
            raise Refused(Refused.NO_REASON)
        version.state, version.reason = PlanVersion.State.DECLINED, reason.strip()
        _decide(version, actor_id)
        _record("declined", version, actor_id)
        return version


def withdraw(*, version_id: int, actor_id: int | None) -> PlanVersion:
    """Take an own proposal back. Raises Refused."""
    with transaction.atomic():
        _allow(actor_id, PROPOSE)
        version = _lock(version_id)
        if version.proposed_by_id != actor_id:
            raise Refused(Refused.NOT_OWN)
        version.state = PlanVersion.State.WITHDRAWN
        _decide(version, actor_id)
        _record("withdrawn", version, actor_id)
        return version


def keep_file(
    *, version_id: int, language: str, kind: str, key: str, name: str, path: str, sha256: str, size: int
) -> PlanFile:
    """Note a file that is in storage. The first one counts: two workers that made it made the same bytes."""
    file, _created = PlanFile.objects.get_or_create(
        version_id=version_id,
        language=language,
        kind=kind,
        key=key,
        defaults={"name": name, "path": path, "sha256": sha256, "size": size, "made_at": timezone.now()},
    )
    return file


def remind_of_revisions(*, today: dt.date) -> int:
    """Write, once a version, to those responsible that its revision is due within six months. Return how many mails."""
    written = 0
    newest: dict[UUID, PlanVersion] = {}
    for version in PlanVersion.objects.adopted().light():
        newest.setdefault(version.plan_key, version)
    for version in newest.values():
        if version.revision_due_on and rules.due(version.revision_due_on, today) is not rules.Due.LATER:
            written += _remind(version)
    return written


@transaction.atomic
def _remind(version: PlanVersion) -> int:
    _reminder, is_new = RevisionReminder.objects.get_or_create(version=version, defaults={"sent_at": timezone.now()})
    if not is_new:
        return 0
    page = PlanPage.objects.filter(translation_key=version.plan_key).order_by("locale__pk").first()
    people = people_to_remind(page.responsible if page else None)
    for person in people:
        enqueue(
            kind=REVISION_DUE,
            recipient=person.email,
            language="da",
            context={"version": version.pk},
            thread=f"plan-revision-{version.uuid}",
        )
    _record("revision_reminded", version, None, people=len(people))
    return len(people)


def _new_version(
    page: PlanPage, texts: dict[str, PlanText], source: str, *, kind: str, note_da: str, note_en: str
) -> PlanVersion:
    adopted = PlanVersion.objects.adopted().light().filter(plan_key=page.translation_key).first()
    material = kind == PlanVersion.Kind.MATERIAL
    major, minor = rules.next_number((adopted.major, adopted.minor) if adopted else None, material=material)
    content = encode(texts)
    return PlanVersion(
        plan_key=page.translation_key,
        slug=adopted.slug if adopted else _address(page),
        title=page.title,
        major=major,
        minor=minor,
        kind=kind,
        note_da=note_da.strip(),
        note_en=note_en.strip(),
        content=content,
        sha256=digest(content),
        source=source,
        proposed_at=timezone.now(),
    )


def _address(page: PlanPage) -> str:
    """Return the address of a plan's versions, which stays whatever becomes of the page: no other plan has it."""
    slug, taken = page.slug[:70], 1
    while PlanVersion.objects.filter(slug=slug).exclude(plan_key=page.translation_key).exists():
        taken += 1
        slug = f"{page.slug[:70]}-{taken}"
    return str(slug)


def _lock_plan(plan_key: UUID) -> PlanPage | None:
    """Lock the plan's pages, so that proposals for one plan come one after the other; return the Danish one if any."""
    pages = PlanPage.objects.filter(translation_key=plan_key).order_by("locale_id", "pk")
    locked: list[PlanPage] = list(pages.select_for_update(of=("self",)))
    return next((page for page in locked if page.live), None)


def _lock(version_id: int) -> PlanVersion:
    version = PlanVersion.objects.select_for_update().get(pk=version_id)
    if version.state != PlanVersion.State.PROPOSED:
        raise Refused(Refused.NOT_OPEN)
    return version


def _lock_open(version_id: int, actor_id: int | None) -> PlanVersion:
    """Return a proposal that this person may decide on."""
    _allow(actor_id, DECIDE)
    version = _lock(version_id)
    if version.proposed_by_id == actor_id:
        raise Refused(Refused.OWN_PROPOSAL)
    return version


def _decide(version: PlanVersion, actor_id: int | None) -> None:
    version.decided_by_id, version.decided_at = actor_id, timezone.now()
    version.save()


def _allow(actor_id: int | None, permission: str) -> None:
    actor = User.objects.filter(pk=actor_id or 0, is_active=True).first()
    if actor is None or not actor.has_perm(permission):
        raise Refused(Refused.NOT_ALLOWED)


def _record(what: str, version: PlanVersion, actor_id: int | None, **facts: str | int) -> None:
    record(
        action=f"plan_version.{what}",
        subject_type=SUBJECT,
        subject_key=str(version.uuid),
        actor_id=actor_id,
        number=version.number,
        **facts,
    )
