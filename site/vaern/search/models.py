"""The index of pages, the editors' synonyms, and what was searched in vain."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from vaern.search.rules import words_of

LANGUAGES: list[tuple[str, object]] = [("da", _("Danish")), ("en", _("English"))]


class Entry(models.Model):
    """The words of one page. Whether the page may be seen is asked of the page itself, each time."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="+", primary_key=True)
    language = models.CharField(max_length=12)
    kind = models.CharField(max_length=100)
    title = models.TextField()
    intro = models.TextField(blank=True)
    body = models.TextField(blank=True)
    folded = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["language"], name="search_entry_language")]


class Synonym(models.Model):
    """A word that readers use, and the words that our texts use for it."""

    language = models.CharField(_("language"), max_length=12, choices=LANGUAGES, default="da")
    word = models.CharField(_("word"), max_length=60, help_text=_("What readers type: one word or a few in a row."))
    others = models.CharField(
        _("also find"), max_length=300, help_text=_("Words that mean the same, separated by commas.")
    )
    both_ways = models.BooleanField(
        _("both ways"), default=True, help_text=_("Whoever types one of the other words finds this word too.")
    )

    panels: ClassVar = [FieldPanel("language"), FieldPanel("word"), FieldPanel("others"), FieldPanel("both_ways")]

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering: ClassVar = ["language", "word"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["language", "word"], name="search_synonym_once"),
        ]

    def __str__(self) -> str:
        return f"{self.word} → {self.others}"

    def clean(self) -> None:
        """Check that both sides have words."""
        if not words_of(self.word):
            raise ValidationError({"word": _("Write a word.")})
        if not self.other_words:
            raise ValidationError({"others": _("Write a word.")})

    @property
    def other_words(self) -> list[tuple[str, ...]]:
        """Return the other words; each may be several in a row."""
        return [tuple(words) for part in self.others.split(",") if (words := words_of(part))]


class Miss(models.Model):
    """A search that found nothing, counted by month (docs/decisions/0017-search.md).

    Until it has come on DAYS_UNTIL_SHOWN different days there is only a keyed hash: a rare phrase may be
    about a person.
    """

    key = models.CharField(max_length=64)
    language = models.CharField(_("language"), max_length=12)
    phrase = models.CharField(_("searched for"), max_length=60, blank=True)
    month = models.DateField(_("month"))
    count = models.PositiveIntegerField(_("times"), default=0)
    days = models.PositiveSmallIntegerField(_("days"), default=0)
    last_day = models.DateField(_("last"))

    class Meta:
        verbose_name = _("search without a result")
        verbose_name_plural = _("searches without a result")
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "month"], name="search_miss_once_a_month")]
