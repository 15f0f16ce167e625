"""Adopted versions of the preparedness plan. A version that is decided on never changes again."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vaern.guidance.plans.rules import latest_revision

FROZEN = "a version of the plan that is decided on never changes"


class PlanVersionQuerySet(models.QuerySet["PlanVersion"]):
    """Versions can be read and added; the verbs decide on one at a time, and nothing changes them in bulk."""

    def adopted(self) -> Self:
        """Return the adopted versions, the newest first."""
        return self.filter(state=PlanVersion.State.ADOPTED).order_by("-major", "-minor")

    def light(self) -> Self:
        """Leave the text itself unread: lists show facts only."""
        return self.defer("content")

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: see FROZEN."""
        raise TypeError(FROZEN)

    def delete(self) -> NoReturn:
        """Refuse: see FROZEN."""
        raise TypeError(FROZEN)


class PlanVersion(models.Model):
    """The plan's text as it was proposed, word for word in each language, and what was decided about it.

    `content` is the canonical JSON of `plans.text`; `sha256` is of its bytes. Pages, contacts and addresses can be
    changed and deleted without touching it. Triggers in the database hold what this class promises (migration 0005).
    """

    class State(models.TextChoices):
        """A proposal waits for a second person; the others are ends."""

        PROPOSED = "proposed", _("Proposed")
        ADOPTED = "adopted", _("Adopted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Kind(models.TextChoices):
        """What kind of change it is; a material change gives a new major version."""

        MATERIAL = "material", _("Material change")
        EDITORIAL = "editorial", _("Editorial change")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan_key = models.UUIDField(_("plan"), editable=False, help_text=_("Shared by the plan's pages in all languages."))
    slug = models.SlugField(_("address"), max_length=80, allow_unicode=True)
    title = models.CharField(_("title"), max_length=255)
    major = models.PositiveSmallIntegerField(_("major version"))
    minor = models.PositiveSmallIntegerField(_("minor version"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    kind = models.CharField(_("kind of change"), max_length=10, choices=Kind.choices)
    note_da = models.TextField(_("what is new, in Danish"), max_length=600)
    note_en = models.TextField(_("what is new, in English"), max_length=600, blank=True)

    content = models.TextField(_("text"), editable=False)
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64, editable=False)
    source = models.CharField(_("fingerprint of the pages"), max_length=64, editable=False)

    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    adopted_by = models.CharField(_("adopted by"), max_length=120, blank=True)
    adopted_on = models.DateField(_("adopted on"), null=True)
    published_on = models.DateField(_("published on"), null=True)
    revision_due_on = models.DateField(_("next revision due"), null=True)
    # Written with `revision_due_on`, so that the database can hold the law's four years on every engine.
    latest_revision_on = models.DateField(_("latest day of the next revision"), null=True, editable=False)

    objects = PlanVersionQuerySet.as_manager()
    _read_state: str = ""

    class Meta:
        verbose_name = _("version of the plan")
        verbose_name_plural = _("versions of the plan")
        ordering: ClassVar = ["-proposed_at", "-pk"]
        permissions: ClassVar = [
            ("propose_planversion", _("Can propose a version of the plan")),
            ("decide_planversion", _("Can decide on a version of the plan")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan_key", "major", "minor"], condition=Q(state="adopted"), name="plan_version_once"
            ),
            models.UniqueConstraint(
                fields=["slug", "major", "minor"], condition=Q(state="adopted"), name="plan_version_address"
            ),
            models.UniqueConstraint(fields=["plan_key"], condition=Q(state="proposed"), name="plan_one_proposal"),
            models.CheckConstraint(
                name="plan_version_two_persons",
                condition=Q(decided_by__isnull=True) | Q(state="withdrawn") | ~Q(proposed_by=F("decided_by")),
                violation_error_message=_("Nobody decides on their own proposal."),
            ),
            models.CheckConstraint(
                name="plan_version_persons_known",
                condition=Q(state="proposed", decided_by__isnull=True)
                | (Q(decided_by__isnull=False) & ~Q(state="proposed")),
            ),
            models.CheckConstraint(
                name="plan_version_adoption_whole",
                condition=(
                    Q(
                        state="adopted",
                        adopted_on__isnull=False,
                        published_on__isnull=False,
                        revision_due_on__isnull=False,
                        latest_revision_on__isnull=False,
                        decided_at__isnull=False,
                    )
                    & ~Q(adopted_by="")
                )
                | (~Q(state="adopted") & Q(adopted_on__isnull=True, revision_due_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="plan_version_revision_in_time",
                condition=Q(revision_due_on__isnull=True)
                | Q(revision_due_on__lte=F("latest_revision_on"), revision_due_on__gt=F("adopted_on")),
                violation_error_message=_("The plan must be revised within four years (barnets lov § 15, stk. 3)."),
            ),
            models.CheckConstraint(
                name="plan_version_published_after",
                condition=Q(published_on__isnull=True) | Q(published_on__gte=F("adopted_on")),
                violation_error_message=_("The plan cannot be published before it is adopted."),
            ),
            models.CheckConstraint(
                name="plan_version_declined_with_reason", condition=~Q(state="declined") | ~Q(reason="")
            ),
            models.CheckConstraint(name="plan_version_note", condition=~Q(note_da="")),
            models.CheckConstraint(name="plan_version_minor_is_editorial", condition=Q(kind="editorial") | Q(minor=0)),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **kwargs: Any) -> Self:
        """Remember in which state the row was read."""
        instance = super().from_db(db, field_names, values, **kwargs)
        instance._read_state = instance.__dict__.get("state") or ""
        return instance

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a proposal or the decision on it; a row that was decided on is refused."""
        if not self._state.adding and self._read_state != self.State.PROPOSED:
            raise TypeError(FROZEN)
        if self.adopted_on is not None:
            self.latest_revision_on = latest_revision(self.adopted_on)
        super().save(*args, **kwargs)
        self._read_state = self.state

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: proposals are withdrawn, adopted versions stay."""
        raise TypeError(FROZEN)

    @property
    def number(self) -> str:
        """Return the version number as it is written."""
        return f"{self.major}.{self.minor}"

    @property
    def is_adopted(self) -> bool:
        """Say whether readers can read it."""
        return self.state == self.State.ADOPTED

    def note(self, language: str) -> str:
        """Return what is new in the reader's language, or nothing where nobody has written it."""
        return self.note_en if language == "en" else self.note_da


class PlanFile(models.Model):
    """A file made once of an adopted version: a PDF of the plan, a chapter or a card, or the offline pack."""

    class Kind(models.TextChoices):
        """What the file holds."""

        PLAN = "plan", _("The whole plan")
        CHAPTER = "chapter", _("A chapter")
        CARD = "card", _("An action card")
        PACK = "pack", _("Offline pack")

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="files")
    language = models.CharField(max_length=10)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=160)
    path = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("file of the plan")
        verbose_name_plural = _("files of the plan")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "language", "kind", "key"], name="plan_file_once"),
            models.UniqueConstraint(fields=["version", "language", "name"], name="plan_file_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def extension(self) -> str:
        """Return what kind of file it is, for a reader."""
        return self.name.rsplit(".", 1)[-1]


class RevisionReminder(models.Model):
    """That those responsible were told that a version's revision is due: once."""

    version = models.OneToOneField(PlanVersion, on_delete=models.PROTECT, related_name="reminder")
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reminder of a revision")
        verbose_name_plural = _("reminders of a revision")

    def __str__(self) -> str:
        return str(self.version)
