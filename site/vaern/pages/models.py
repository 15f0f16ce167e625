"""Page types that every product uses."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PagePermissionTester, PageViewRestriction, Revision, WorkflowContentType

from vaern.pages.access import restrictions_on
from vaern.pages.approval import ApprovedOnlyTester, NotApprovedError, TwoPersonTask, require_approvals
from vaern.pages.blocks.doors import DoorsBlock
from vaern.pages.blocks.text import BodyBlock
from vaern.pages.forms import CheckedPageForm
from vaern.pages.navigation import page_breadcrumbs, specific_of, top_pages
from vaern.pages.panels import ContentCheckPanel
from vaern.pages.urgent import UrgentMessage

__all__ = ["ArticlePage", "BasePage", "HomePage", "TwoPersonTask", "UrgentMessage"]


def a_year_after(day: dt.date) -> dt.date:
    """Return the same day a year later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return dt.date(day.year + 1, 3, 1)


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

    # Guidance that people act on is published by two approvals (approval.py); other pages by their editor.
    needs_two_approvals: ClassVar[bool] = False
    # Whether the foot asks "Was this page useful?". Never where people worry: there are numbers to call, no forms.
    asks_feedback: ClassVar[bool] = False

    base_form_class = CheckedPageForm
    content_panels: ClassVar = [ContentCheckPanel(heading=_("Check")), *Page.content_panels, FieldPanel("intro")]
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
        """Return the restrictions that hold for this page: the same as Wagtail's own way finds.

        What was read along with the page (`known_open`: nothing is closed to anybody) is not asked once more.
        """
        if getattr(self, "known_open", False):
            none: QuerySet[PageViewRestriction] = PageViewRestriction.objects.none()
            return none
        return restrictions_on(self)

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        """Return what the user may do with the page; a page that takes two approvals is published by nobody alone."""
        return ApprovedOnlyTester(user, self) if self.needs_two_approvals else super().permissions_for_user(user)

    @property
    def has_workflow(self) -> bool:
        """Say whether the page can be sent to approval."""
        return self.get_workflow() is not None if self.needs_two_approvals else bool(super().has_workflow)

    def get_workflow(self) -> Any:
        """Return the page's workflow: that of its type when it takes two approvals (`setup_site` assigns it)."""
        if not self.needs_two_approvals:
            return super().get_workflow()
        assigned = WorkflowContentType.objects.filter(content_type=self.cached_content_type, workflow__active=True)
        found = assigned.select_related("workflow").first()
        return found.workflow if found else None

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> Any:
        """Publish a revision; the first time it gets a review date a year ahead.

        Raises NotApprovedError when the page takes two approvals, a person publishes it, and they are not there.
        What no person does (the timed job, starter content) has been decided before.
        """
        if self.needs_two_approvals and user is not None:
            require_approvals(page=self, revision=revision)
        if not revision.content.get("review_on"):
            revision.content["review_on"] = a_year_after(timezone.localdate()).isoformat()
            revision.save(update_fields=["content"])
        return super().publish(revision, user=user, **kwargs)

    def create_alias(self, **kwargs: Any) -> Any:
        """Make an alias, which is public at once. Raises NotApprovedError for a page that takes two approvals."""
        if self.needs_two_approvals:
            raise NotApprovedError(_("A page that two people approve cannot have an alias."))
        return super().create_alias(**kwargs)

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        """Copy the page; the copy of a page that takes two approvals is a draft."""
        return super().copy(*args, **{**kwargs, **({"keep_live": False} if self.needs_two_approvals else {})})

    def copy_for_translation(self, locale: Any, copy_parents: bool = False, alias: bool = False, **kwargs: Any) -> Any:
        """Make a draft in another language. Never an alias: that would show Danish text under /en/."""
        return super().copy_for_translation(locale, copy_parents=copy_parents, alias=False, **kwargs)

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
    page_description = _("The front page in one language: three doors, one for each audience, and short sections.")
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
    asks_feedback = True
    page_description = _("A page of text: for an audience, about the work, privacy. Choose it when no other type fits.")
    parent_page_types: ClassVar = ["pages.HomePage", "pages.ArticlePage"]
    subpage_types: ClassVar = ["pages.ArticlePage"]
    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("body")]
    promote_panels: ClassVar = [*Page.promote_panels, FieldPanel("in_footer")]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
