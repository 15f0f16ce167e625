"""Page types that every product uses."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction

from vaern.pages.blocks.doors import DoorsBlock
from vaern.pages.blocks.text import BodyBlock
from vaern.pages.navigation import page_breadcrumbs, specific_of, top_pages


class BasePage(Page):
    """What all our pages share: an introduction, which is also the page's description in search results."""

    intro = models.TextField(_("introduction"), max_length=400, blank=True)

    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible"),
        help_text=_("Who keeps this page right, and is told when its review is due."),
    )
    review_on = models.DateField(_("review on"), null=True, blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("intro")]
    settings_panels: ClassVar = [
        *Page.settings_panels,
        FieldRowPanel([FieldPanel("responsible"), FieldPanel("review_on")], heading=_("Review")),
    ]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the breadcrumbs, except on a front page."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        if not isinstance(self, HomePage):
            context["breadcrumbs"] = page_breadcrumbs(request, self)
        return context

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """Return the restrictions of this page and of the pages above; one query where Wagtail's own way takes two.

        A page that the frame knows to be open (`top_pages`) is asked nothing. An alias has those of its original.
        """
        none: QuerySet[PageViewRestriction] = PageViewRestriction.objects.none()
        if getattr(self, "known_open", False):
            return none
        size = type(self).steplen
        paths = [self.path[:end] for end in range(size, len(self.path) + 1, size)]
        found: QuerySet[PageViewRestriction] = PageViewRestriction.objects.filter(
            Q(page__path__in=paths, page__alias_of__isnull=True)
            | Q(page__aliases__path__in=paths)
            | Q(page__aliases__aliases__path__in=paths)
        )
        return found.distinct()

    @property
    def description(self) -> str:
        """Return the page's meta description: the editor's own, else the introduction, else what the site is."""
        site = _("Workshops, guidance and agreements that help prevent extremism in Copenhagen.")
        return self.search_description or self.intro or str(site)


class HomePage(BasePage):
    """The front page in one language."""

    doors = StreamField(DoorsBlock(), verbose_name=_("doors"), blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)

    template = "pages/home.html"
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    max_count_per_parent = None
    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("doors"), FieldPanel("body")]

    class Meta:
        verbose_name = _("home page")

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Find the page below without a query of its own: the frame has read the top pages already."""
        if path_components:
            slug, *rest = path_components
            for page in top_pages(request):
                if page.slug == slug and page.is_child_of(self):
                    return specific_of(page).route(request, rest)
        return super().route(request, path_components)


class ArticlePage(BasePage):
    """A page of text: a landing page for an audience, about, privacy, accessibility."""

    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)
    in_footer = models.BooleanField(_("show in the footer"), default=False)

    template = "pages/article.html"
    parent_page_types: ClassVar = ["pages.HomePage", "pages.ArticlePage"]
    subpage_types: ClassVar = ["pages.ArticlePage"]
    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("body")]
    promote_panels: ClassVar = [*Page.promote_panels, FieldPanel("in_footer")]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
