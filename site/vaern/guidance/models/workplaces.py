"""For professionals: what it means where you work, and the efforts one can turn to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from vaern.guidance.blocks import ContactsBlock, GuidanceBlock, PointsBlock, SituationsBlock
from vaern.guidance.models.cards import ActionCardPage
from vaern.guidance.models.contacts import Contact
from vaern.guidance.models.help import HelpPage
from vaern.pages.access import closed
from vaern.people.models import Administration


class GuidanceIndexPage(HelpPage):
    """A section: the pages below it, in their order."""

    body = StreamField(GuidanceBlock(), verbose_name=_("content"), blank=True)

    page_description = _("A section of guidance: it lists the workplaces or the efforts below it.")
    template = "guidance/index.html"
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = ["guidance.WorkplacePage", "guidance.EffortPage"]
    content_panels: ClassVar = [*HelpPage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("section of guidance")
        verbose_name_plural = _("sections of guidance")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the pages below that the public may read."""
        context = super().get_context(request, *args, **kwargs)
        below = Page.objects.child_of(self).live().exclude(closed()).select_related("content_type")
        context["below"] = [
            {"title": page.title, "url": page.get_url(request), "summary": page.intro} for page in below.specific()
        ]
        return context


class WorkplacePage(HelpPage):
    """What it means where you work: situations from the day, what you may do, and whom to ask first."""

    administration = models.ForeignKey(
        Administration,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("administration"),
    )
    workplace = models.CharField(_("kind of workplace"), max_length=60, help_text=_("For instance: library"))
    unconfirmed = models.TextField(
        _("to be confirmed"),
        max_length=300,
        blank=True,
        help_text=_("What the City of Copenhagen has not confirmed yet. The page says so."),
    )
    situations = StreamField(SituationsBlock(), verbose_name=_("situations from the day"), blank=True)
    may = StreamField(PointsBlock(), verbose_name=_("what you may do"), blank=True)
    may_not = StreamField(PointsBlock(), verbose_name=_("what you may not do"), blank=True)
    ask_first = models.TextField(_("whom to ask first"), max_length=600, blank=True)
    duty = models.TextField(_("duty to notify"), max_length=600, blank=True)
    contacts = StreamField(ContactsBlock(), verbose_name=_("whom to call"), blank=True)

    page_description = _("What it means at one kind of workplace: situations, what one may do, whom to ask first.")
    template = "guidance/workplace.html"
    parent_page_types: ClassVar = ["guidance.GuidanceIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar = [
        *HelpPage.content_panels,
        FieldRowPanel([FieldPanel("administration"), FieldPanel("workplace")]),
        FieldPanel("unconfirmed"),
        FieldPanel("situations"),
        FieldPanel("may"),
        FieldPanel("may_not"),
        FieldPanel("ask_first"),
        FieldPanel("duty"),
        FieldPanel("contacts"),
    ]

    class Meta:
        verbose_name = _("workplace page")
        verbose_name_plural = _("workplace pages")

    @property
    def tab_title(self) -> str:
        """Return a title with the kind of workplace, which says nothing of a worry."""
        return f"{super().tab_title}: {self.workplace}" if self.workplace else super().tab_title

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the administration as it is called today, and the situations with the cards that readers may see."""
        context = super().get_context(request, *args, **kwargs)
        blocks = [block.value for block in self.situations]
        chosen = {value["card"].pk for value in blocks if value["card"]}
        cards = {card.pk: card for card in ActionCardPage.objects.shown(self.locale).filter(pk__in=chosen)}
        context["administration"] = self._administration_today()
        context["situations"] = [
            {**value, "card": cards.get(value["card"].pk) if value["card"] else None} for value in blocks
        ]
        return context

    def _administration_today(self) -> Administration | None:
        """Return the newest row that holds today of the administration's code: names change, pages need not."""
        if self.administration is None:
            return None
        rows = Administration.objects.on(timezone.localdate()).filter(code=self.administration.code)
        found: Administration | None = rows.order_by("-valid_from").first()
        return found or self.administration


class EffortPage(HelpPage):
    """One of the plan's efforts: who it is for, what one gets and how, and what it costs."""

    who_for = models.TextField(_("who it is for"), max_length=500)
    what_you_get = models.TextField(_("what you get"), max_length=1000)
    how_to_get_it = models.TextField(_("how to get it"), max_length=800)
    free = models.CharField(_("what it costs"), max_length=160, blank=True)
    anonymous = models.CharField(_("can I be anonymous?"), max_length=200, blank=True)
    responsible_body = models.CharField(_("who is responsible"), max_length=200, blank=True)
    unconfirmed = models.TextField(
        _("to be confirmed"),
        max_length=300,
        blank=True,
        help_text=_("What the City of Copenhagen has not confirmed yet. The page says so."),
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("whom to call")
    )
    body = StreamField(GuidanceBlock(), verbose_name=_("more"), blank=True)

    page_description = _("One of the plan’s efforts: who it is for, what one gets and how, and what it costs.")
    template = "guidance/effort.html"
    parent_page_types: ClassVar = ["guidance.GuidanceIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar = [
        *HelpPage.content_panels,
        FieldPanel("who_for"),
        FieldPanel("what_you_get"),
        FieldPanel("how_to_get_it"),
        FieldRowPanel([FieldPanel("free"), FieldPanel("anonymous")]),
        FieldPanel("responsible_body"),
        FieldPanel("unconfirmed"),
        FieldPanel("contact"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("effort")
        verbose_name_plural = _("efforts")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the short facts."""
        context = super().get_context(request, *args, **kwargs)
        rows = [
            (gettext("Price"), self.free),
            (gettext("Can I be anonymous?"), self.anonymous),
            (gettext("Who is responsible"), self.responsible_body),
        ]
        context["facts"] = [{"label": label, "value": value} for label, value in rows if value]
        return context
