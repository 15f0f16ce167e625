"""Questions with their versions, and answers that lead to nobody (docs/decisions/0033).

An answer knows its question and its session: not the booking, not the person, not the other answers of that person, not
the time. That a link has been used is written apart, and thrown away when the evaluation closes.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, NoReturn

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.models import Session
from vaern.design.formats import in_danish
from vaern.evaluation.rules import Window

MAX_TEXT = 300
SCALE = (1, 2, 3, 4, 5)
NO, YES = 0, 1
FROZEN = "a question's version never changes; write a new one"


class EvaluationSettings(models.Model):
    """The one row of settings. It is also the lock that answers are written under."""

    open_days = models.PositiveSmallIntegerField(
        _("open for so many days after the session"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
    )
    remind_after_days = models.PositiveSmallIntegerField(
        _("one reminder after so many days"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
        help_text=_("To those who have not answered; it must be before the evaluation closes."),
    )
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("For staff; “skal bekræftes” until it is decided.")
    )

    class Meta:
        verbose_name = _("settings of the evaluation")
        verbose_name_plural = _("settings of the evaluation")
        constraints: ClassVar = [
            models.CheckConstraint(name="evaluation_one_row_of_settings", condition=Q(pk=1)),
            models.CheckConstraint(
                name="evaluation_reminds_while_open",
                condition=Q(remind_after_days__lt=F("open_days")),
                violation_error_message=_("The reminder must come before the evaluation closes."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Settings of the evaluation"))

    @property
    def window(self) -> Window:
        """Return the settings as the pure decisions know them."""
        return Window(self.open_days, self.remind_after_days)


class Question(models.Model):
    """One version of a question. `key` is the same in all its versions; `current` is the one that is asked now.

    What was answered keeps the wording it was asked with: a version is never changed (`vaern.evaluation.domain`).
    """

    class Variant(models.TextChoices):
        """Whom it is asked."""

        TEACHER = "teacher", _("Teachers")
        PARENT = "parent", _("Parents and other adults")
        STAFF = "staff", _("Staff")

    class Kind(models.TextChoices):
        """How it is answered."""

        SCALE = "scale", _("Scale from 1 to 5")
        CHOICE = "choice", _("Choose one")
        YES_NO = "yes_no", _("Yes or no")
        TEXT = "text", _("Short text")

    key = models.UUIDField(default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(_("version"), default=1, editable=False)
    current = models.BooleanField(_("asked now"), default=True, editable=False)
    variant = models.CharField(_("asked of"), max_length=10, choices=Variant.choices)
    order = models.PositiveSmallIntegerField(_("order"), default=10)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    required = models.BooleanField(_("must be answered"), default=True)
    text_da = models.CharField(_("question in Danish"), max_length=200)
    text_en = models.CharField(_("question in English"), max_length=200)
    choices_da = models.JSONField(_("choices in Danish"), default=list, blank=True)
    choices_en = models.JSONField(_("choices in English"), default=list, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions of the evaluation")
        ordering: ClassVar = ["variant", "order", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "number"], name="evaluation_question_version_once"),
            models.UniqueConstraint(fields=["key"], condition=Q(current=True), name="evaluation_question_one_current"),
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; refuse to write what it asks a second time."""
        if not self._state.adding:
            raise TypeError(FROZEN)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: answers keep their question."""
        raise TypeError(FROZEN)

    @property
    def text(self) -> str:
        """Return the question in the reader's language."""
        return self.text_da if in_danish() else self.text_en or self.text_da

    @property
    def options(self) -> list[tuple[int, str]]:
        """Return (number, words) of each possible answer, in order; nothing for a text."""
        if self.kind == self.Kind.SCALE:
            ends = {SCALE[0]: _("1 (not at all)"), SCALE[-1]: _("5 (very much)")}
            return [(number, str(ends.get(number, number))) for number in SCALE]
        if self.kind == self.Kind.YES_NO:
            return [(YES, str(_("Yes"))), (NO, str(_("No")))]
        if self.kind == self.Kind.CHOICE:
            return list(enumerate(self.choices_da if in_danish() else self.choices_en or self.choices_da))
        return []


class Release(models.Model):
    """Five answers or more to one question that were let out together, so that no difference of two figures is fewer.

    With a `session`: all of that session, shown there and in all that is above. Without: of several sessions of a
    workshop's year, each with too few of its own, and shown in the workshop's and the year's figures only.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="releases")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="+")
    workshop = models.UUIDField(help_text="The workshop's translation key.")
    year = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("answers let out together")
        verbose_name_plural = _("answers let out together")
        indexes: ClassVar = [models.Index(fields=["year", "workshop"], name="evaluation_release_scope")]

    def __str__(self) -> str:
        return f"{self.workshop} {self.year}"


class Answer(models.Model):
    """What somebody answered to one question about one session. Its key is random, and so is its place in the table."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    session = models.ForeignKey(
        Session,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Forgotten when it is let out with those of other sessions.",
    )
    number = models.PositiveSmallIntegerField(null=True)
    text = models.CharField(max_length=MAX_TEXT, blank=True)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, null=True, related_name="answers")

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers of the evaluation")
        permissions: ClassVar = [
            ("view_results", _("Can see all results of the evaluation")),
            ("view_own_results", _("Can see the results of own sessions")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="evaluation_answer_number_or_text",
                condition=Q(number__isnull=False, text="") | (Q(number__isnull=True) & ~Q(text="")),
            ),
            models.CheckConstraint(
                name="evaluation_answer_of_a_session_or_pool",
                condition=Q(session__isnull=False) | Q(release__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(_("An answer"))


class SpentLink(models.Model):
    """That a link has been used: so that nobody answers twice, and nobody who has answered is reminded.

    One way: it leads to no answer, has no time, and goes when the evaluation of its session closes.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("used link")
        verbose_name_plural = _("used links")

    def __str__(self) -> str:
        return str(_("A used link"))
