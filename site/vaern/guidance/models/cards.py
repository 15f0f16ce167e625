"""Action cards: what to do now, and whom to call."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Locale, PageManager
from wagtail.query import PageQuerySet

from vaern.design.formats import format_date
from vaern.guidance.blocks import ContactsBlock, GuidanceBlock, PointsBlock
from vaern.guidance.models.help import HelpPage
from vaern.pages.access import closed


class ActionCardQuerySet(PageQuerySet):
    """Cards as a reader may see them."""

    def shown(self, locale: Locale) -> Self:
        """Return the published cards of a language that nobody has closed to the public."""
        found: Self = self.live().filter(~closed(), locale=locale)
        return found


class ActionCardPage(HelpPage):
    """One situation on one A4 page; it is part of a chapter of the plan, and "Er du bekymret?" leads to it."""

    number = models.PositiveSmallIntegerField(
        _("number"),
        null=True,
        blank=True,
        help_text=_("Shown where the card is in no plan; the plan numbers its cards itself."),
    )
    do_now = StreamField(PointsBlock(max_num=7), verbose_name=_("what to do now"), blank=True)
    do_not = StreamField(PointsBlock(max_num=5), verbose_name=_("what not to do"), blank=True)
    signs = StreamField(
        PointsBlock(max_num=6),
        verbose_name=_("signs of concern"),
        blank=True,
        help_text=_("The page always adds that signs are for guidance and no checklist."),
    )
    emergency = models.TextField(
        _("when to call 112 or the police"),
        max_length=400,
        blank=True,
        help_text=_("The numbers 112 and 114 are added by the page."),
    )
    contacts = StreamField(ContactsBlock(max_num=3), verbose_name=_("whom to call"), blank=True)
    duty_under_18 = models.TextField(_("duty to notify, under 18"), max_length=500, blank=True)
    duty_over_18 = models.TextField(_("duty to notify, 18 and over"), max_length=500, blank=True)
    body = StreamField(GuidanceBlock(), verbose_name=_("more"), blank=True)

    objects: ClassVar[Any] = PageManager.from_queryset(ActionCardQuerySet)()

    needs_two_approvals = True
    page_description = _("What to do in one situation, on one page, and whom to call. Published by two approvals.")

    template = "guidance/card.html"
    # Their home is a chapter of the plan; a site without a plan keeps them under "Er du bekymret?".
    parent_page_types: ClassVar = ["guidance.ChapterPage", "guidance.WorriedPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar = [
        *HelpPage.content_panels,
        FieldPanel("number"),
        FieldPanel("do_now"),
        FieldPanel("do_not"),
        FieldPanel("contacts"),
        FieldPanel("emergency"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("duty_under_18"), FieldPanel("duty_over_18")])], heading=_("Duty to notify")
        ),
        FieldPanel("signs"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("action card")
        verbose_name_plural = _("action cards")

    @property
    def edition(self) -> str:
        """Return which edition this is, to compare a sheet of paper with: its day and the number of its revision."""
        if self.last_published_at is None:
            return gettext("draft")
        return f"{format_date(self.last_published_at, 'short')} / {self.live_revision_id or self.pk}"

    @property
    def length(self) -> int:
        """Return how many characters there are to print, contacts included: CHARACTERS_A_SHEET fit on one sheet."""
        points = [block.value for stream in (self.do_now, self.do_not, self.signs) for block in stream]
        own = [self.intro, self.emergency, self.duty_under_18, self.duty_over_18, *points]
        contacts = [block.value for block in self.contacts if block.value is not None]
        words = [text for each in contacts for text in (each.name, each.hours, each.what_happens, each.anonymous)]
        return sum(map(len, [*own, *words]))

    @property
    def address(self) -> str:
        """Return the whole address, for paper."""
        path = self.get_url_parts()
        return f"{settings.VAERN_BASE_URL}{path[2]}" if path else ""

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the card under the name that the shared template knows."""
        context = super().get_context(request, *args, **kwargs)
        context["card"] = self
        return context
