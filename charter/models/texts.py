"""The charter's text, version by version."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from charter.frozen import FROZEN, FrozenQuerySet
from charter.rules import canonical, digest


class CharterTextQuerySet(FrozenQuerySet):
    """Texts can be read and added; the verbs decide on one at a time, and nothing changes them in bulk."""

    def published(self) -> Self:
        """Return the published texts, the newest first."""
        return self.filter(state=CharterText.State.PUBLISHED).order_by("-major", "-minor")


class CharterText(models.Model):
    """One version. Danish is what is signed, and `sha256` is of its canonical bytes; English is a help for readers."""

    class State(models.TextChoices):
        """A proposal waits for a second person; the others are ends."""

        PROPOSED = "proposed", _("Proposed")
        PUBLISHED = "published", _("Published")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Kind(models.TextChoices):
        """What kind of change it is; a material change gives a new major version."""

        MATERIAL = "material", _("Material change")
        EDITORIAL = "editorial", _("Editorial change")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    major = models.PositiveSmallIntegerField(_("major version"))
    minor = models.PositiveSmallIntegerField(_("minor version"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    kind = models.CharField(_("kind of change"), max_length=10, choices=Kind.choices)
    note = models.CharField(_("what is new"), max_length=300)
    title_da = models.CharField(_("Danish title"), max_length=150)
    body_da = models.TextField(_("Danish text"), max_length=20_000)
    title_en = models.CharField(_("English title"), max_length=150)
    body_en = models.TextField(_("English text"), max_length=20_000)
    sha256 = models.CharField(_("SHA-256 of the Danish text"), max_length=64, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    approved_by = models.CharField(_("approved by"), max_length=120, blank=True)
    approved_on = models.DateField(_("approved on"), null=True)
    in_force_from = models.DateField(_("in force from"), null=True)

    objects = CharterTextQuerySet.as_manager()
    _read_state: str = ""

    class Meta:
        verbose_name = _("text of the charter")
        verbose_name_plural = _("texts of the charter")
        ordering: ClassVar = ["-major", "-minor", "-pk"]
        permissions: ClassVar = [
            ("propose_chartertext", _("Can propose a text of the charter")),
            ("decide_chartertext", _("Can decide on a text of the charter")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["major", "minor"], condition=Q(state="published"), name="charter_text_number_once"
            ),
            models.UniqueConstraint(fields=["state"], condition=Q(state="proposed"), name="charter_one_proposal"),
            models.CheckConstraint(
                name="charter_text_two_persons",
                condition=Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | Q(state="withdrawn")
                | ~Q(proposed_by=F("decided_by")),
                violation_error_message=_("Nobody decides on their own proposal."),
            ),
            models.CheckConstraint(
                name="charter_text_decision_whole",
                condition=Q(state="proposed", decided_at__isnull=True)
                | (~Q(state="proposed") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="charter_text_publication_whole",
                condition=~Q(state="published")
                | (Q(approved_on__isnull=False, in_force_from__isnull=False) & ~Q(approved_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title_da} {self.number}"

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
        if self._state.adding:
            self.sha256 = digest(self.content)
        super().save(*args, **kwargs)
        self._read_state = self.state

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: proposals are withdrawn, published texts stay."""
        raise TypeError(FROZEN)

    @property
    def content(self) -> bytes:
        """Return the canonical bytes of the Danish text."""
        return canonical(self.title_da, self.body_da)

    @property
    def number(self) -> str:
        """Return the version number as it is written."""
        return f"{self.major}.{self.minor}"

    @property
    def title(self) -> str:
        """Return the title in the reader's language."""
        return self.title_en if get_language() == "en" else self.title_da
