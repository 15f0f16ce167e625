"""What a reader sees, and which card helps then: the choices of "Er du bekymret?"."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from vaern.guidance.models.cards import ActionCardPage
from vaern.guidance.rules import Answer


class SituationQuerySet(models.QuerySet["Situation"]):
    """Situations by use."""

    def in_use(self) -> Self:
        """Return those that readers can choose, in the editors' order."""
        return self.filter(in_use=True)


def _card_field(label: Any) -> models.ForeignKey[ActionCardPage | None, ActionCardPage | None]:
    return models.ForeignKey(
        ActionCardPage, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=label
    )


class Situation(models.Model):
    """A line of the first choice, with the card for each answer to the second. One row serves both languages."""

    key = models.SlugField(unique=True, null=True, blank=True, editable=False)
    title_da = models.CharField(_("what the reader sees, in Danish"), max_length=120)
    title_en = models.CharField(_("what the reader sees, in English"), max_length=120)
    signs_da = models.TextField(
        _("signs, in Danish"),
        max_length=800,
        blank=True,
        help_text=_("One a line. The page always adds that signs are for guidance and no checklist."),
    )
    signs_en = models.TextField(_("signs, in English"), max_length=800, blank=True, help_text=_("One a line."))
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    in_use = models.BooleanField(_("in use"), default=True, help_text=_("Readers do not see one that is not in use."))

    under_18 = _card_field(_("card: not acute, under 18"))
    over_18 = _card_field(_("card: not acute, 18 and over"))
    acute_under_18 = _card_field(_("card: acute, under 18"))
    acute_over_18 = _card_field(_("card: acute, 18 and over"))

    objects = SituationQuerySet.as_manager()

    panels: ClassVar = [
        FieldRowPanel([FieldPanel("title_da"), FieldPanel("title_en")], heading=_("What the reader sees")),
        FieldRowPanel([FieldPanel("signs_da"), FieldPanel("signs_en")], heading=_("Signs of concern")),
        MultiFieldPanel(
            [
                FieldPanel("under_18"),
                FieldPanel("over_18"),
                FieldPanel("acute_under_18"),
                FieldPanel("acute_over_18"),
            ],
            heading=_("Which card helps"),
            help_text=_(
                "Choose the Danish card; English readers get its translation. Without a card, or while it is not "
                "published, readers get the general card of the page “Er du bekymret?”."
            ),
        ),
        FieldRowPanel([FieldPanel("position"), FieldPanel("in_use")], heading=_("Where it stands")),
    ]

    class Meta:
        verbose_name = _("situation")
        verbose_name_plural = _("situations")
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Return what the reader sees, in the language being written."""
        return self.title_en if get_language() == "en" else self.title_da

    @property
    def signs(self) -> list[str]:
        """Return the signs in the language being written."""
        text = self.signs_en if get_language() == "en" else self.signs_da
        return [line.strip() for line in text.splitlines() if line.strip()]

    def card_id(self, answer: Answer) -> int | None:
        """Return the id of the card that editors have chosen for an answer."""
        found: int | None = getattr(self, f"{answer.field}_id")
        return found
