"""The catalogue: its page, the workshops and the terms they are found by (domain.md §2)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from courses.fields import ChoiceListField, HttpsURLField
from courses.forms import DATES, FIRST, MONTH, MORE, VIEWS, WORKSHOPS
from courses.links import chips, loosened, view_links
from courses.queries import public, term_choices
from courses.search import Found, Sources, find
from courses.words import fold
from vaern.pages import grades
from vaern.pages.access import closed
from vaern.pages.models import BasePage
from vaern.pages.navigation import keep_query
from vaern.people.models import Organisation

WORKSHOPS_A_PAGE = 24


class Term(models.Model):
    """A word that workshops are found by, in both languages."""

    key = models.SlugField(_("key"), unique=True)
    name_da = models.CharField(_("Danish name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)

    panels: ClassVar = [FieldPanel("key"), FieldPanel("name_da"), FieldPanel("name_en")]

    class Meta:
        abstract = True
        ordering: ClassVar = ["name_da"]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name_da


@register_snippet
class Subject(Term):
    """A school subject (fag)."""

    class Meta(Term.Meta):
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")


@register_snippet
class Theme(Term):
    """What a workshop is about."""

    class Meta(Term.Meta):
        verbose_name = _("theme")
        verbose_name_plural = _("themes")


class CataloguePage(BasePage):
    """The list of workshops, with its filters."""

    data_licence = models.CharField(
        _("licence of the catalogue's data"),
        max_length=200,
        default="Creative Commons Attribution 4.0 (CC BY 4.0)",
        help_text=_("Stands in the feeds and exports, and on the page about them. The Danish catalogue's is used."),
    )
    data_licence_url = HttpsURLField(
        _("address of the licence"), blank=True, default="https://creativecommons.org/licenses/by/4.0/"
    )
    data_licence_confirmed = models.BooleanField(
        _("the municipality has confirmed the licence"),
        default=False,
        help_text=_("Until then the licence is marked as to be confirmed."),
    )

    max_count_per_parent = 1
    page_description = _("The list of workshops with its filters. Workshops are the pages below it.")
    template = "courses/catalogue.html"
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = ["courses.WorkshopPage"]
    content_panels: ClassVar = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("data_licence"), FieldPanel("data_licence_url"), FieldPanel("data_licence_confirmed")],
            heading=_("Open data"),
        ),
    ]

    class Meta:
        verbose_name = _("workshop catalogue")
        verbose_name_plural = _("workshop catalogues")

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Find a workshop with its provider, and whether all may read it, in one query and not in four."""
        if path_components:
            slug, *rest = path_components
            workshops = WorkshopPage.objects.child_of(self).select_related("provider", "locale")
            workshop = get_object_or_404(workshops.annotate(known_open=~closed()), slug=slug)
            return workshop.route(request, rest)
        return super().route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the address asks for: the filters, and the workshops found, WORKSHOPS_A_PAGE at a time.

        The dates and the calendar are drawn by the app that knows dates, from what is found here.
        """
        language = get_language() or settings.LANGUAGE_CODE
        found = WorkshopPage.search(request.GET, language=language)
        keep_query(request, found.query())
        view = found.chosen.get("view", WORKSHOPS)
        listed = self._listed(found, request.GET.get("page")) if view == WORKSHOPS else None
        return {
            **super().get_context(request, *args, **kwargs),
            "found": found,
            "filter_form": found.form,
            "first_fields": [found.form[name] for name in FIRST],
            "more_fields": [found.form[name] for name in MORE],
            "more_open": any(name in found.chosen for name in MORE),
            "chips": chips(found),
            "loosened": loosened(found),
            "view": view,
            "views": view_links(found, VIEWS, {WORKSHOPS: "", DATES: DATES, MONTH: MONTH}),
            "query": QueryDict(found.query()),
            "canonical_query": _canonical_query(found, listed),
            "workshops": listed,
        }

    def _listed(self, found: Found, number: str | None) -> ListPage[Any]:
        """Return one page of what was found. Only the workshops on it are read, without their long texts; one query."""
        page: ListPage[Any] = Paginator(found.entries, WORKSHOPS_A_PAGE).get_page(number)
        page.object_list = WorkshopPage.in_pages([entry.pk for entry in page.object_list])
        return page


def _canonical_query(found: Found, listed: ListPage[Any] | None) -> str:
    """Return the query of the one address of what is shown: known fields in one order, the page's number from 2 on."""
    number = str(listed.number) if listed and listed.number > 1 else ""
    return found.query(page=number)


class WorkshopPage(BasePage):
    """One workshop: for whom, what happens, and how it is booked."""

    class Audience(models.TextChoices):
        """Whom a workshop is for; it decides what a booking asks for (domain.md §3)."""

        CLASS = "class", _("School classes")
        PARENTS = "parents", _("Parents")
        STAFF = "staff", _("Staff")
        ADULTS = "adults", _("Adults and civil society")

    class Place(models.TextChoices):
        """Where it takes place."""

        SCHOOL = "school", _("At the school")
        VENUE = "venue", _("At our venue")
        ONLINE = "online", _("Online")

    class Way(models.TextChoices):
        """How it is booked."""

        SESSIONS = "sessions", _("Choose a date")
        REQUEST = "request", _("Request a visit")
        BOTH = "both", _("Choose a date or request a visit")
        EXTERNAL = "external", _("On another website")

    LANGUAGES: ClassVar = [("da", _("Danish")), ("en", _("English"))]
    LONG_TEXTS: ClassVar = ("description", "prepare", "activity", "follow_up", "search_text")

    audience = models.CharField(_("audience"), max_length=20, choices=Audience.choices, default=Audience.CLASS)
    grade_from = models.PositiveSmallIntegerField(_("from grade"), null=True, blank=True)
    grade_to = models.PositiveSmallIntegerField(_("to grade"), null=True, blank=True)
    subjects = ParentalManyToManyField(Subject, verbose_name=_("subjects"), blank=True)
    themes = ParentalManyToManyField(Theme, verbose_name=_("themes"), blank=True)
    duration_minutes = models.PositiveSmallIntegerField(_("duration in minutes"), default=90)
    lessons = models.PositiveSmallIntegerField(_("lessons of 45 minutes"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=20, choices=Place.choices, default=Place.SCHOOL)
    languages = ChoiceListField(_("languages"), options=LANGUAGES)
    group_min = models.PositiveSmallIntegerField(_("smallest group"), null=True, blank=True)
    group_max = models.PositiveSmallIntegerField(_("largest group"), null=True, blank=True)
    facilitator_count = models.PositiveSmallIntegerField(_("number of facilitators"), default=1)
    teacher_present = models.BooleanField(_("the teacher must be present"), default=True)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    prepare = models.TextField(_("what to prepare"), max_length=2000, blank=True)
    activity = models.TextField(_("what the participants do"), max_length=2000, blank=True)
    follow_up = models.TextField(_("follow-up"), max_length=2000, blank=True)
    provider = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("provider"),
    )
    way_of_booking = models.CharField(_("way of booking"), max_length=20, choices=Way.choices, default=Way.SESSIONS)
    external_url = HttpsURLField(_("address for booking on another website"), blank=True)
    open_school_url = HttpsURLField(_("also on Åben Skole"), blank=True)
    search_text = models.TextField(blank=True, default="", editable=False)

    asks_feedback = True
    page_description = _("One workshop: for whom it is, what happens and how it is booked.")
    template = "courses/workshop.html"
    parent_page_types: ClassVar = ["courses.CataloguePage"]
    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar = [
        *BasePage.search_fields,
        index.SearchField("intro"),
        index.SearchField("description"),
        index.SearchField("activity"),
        index.SearchField("grade_words"),
        index.FilterField("audience"),
    ]
    content_panels: ClassVar = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("audience"),
                FieldRowPanel([FieldPanel("grade_from"), FieldPanel("grade_to")]),
                FieldPanel("subjects"),
                FieldPanel("themes"),
            ],
            heading=_("For whom"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("duration_minutes"), FieldPanel("lessons")]),
                FieldPanel("place"),
                FieldPanel("languages"),
                FieldRowPanel([FieldPanel("group_min"), FieldPanel("group_max")]),
                FieldPanel("facilitator_count"),
                FieldPanel("teacher_present"),
                FieldPanel("provider"),
            ],
            heading=_("Practical facts"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("description"),
                FieldPanel("prepare"),
                FieldPanel("activity"),
                FieldPanel("follow_up"),
            ],
            heading=_("Content"),
        ),
        MultiFieldPanel(
            [FieldPanel("way_of_booking"), FieldPanel("external_url"), FieldPanel("open_school_url")],
            heading=_("Booking"),
        ),
    ]

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        constraints: ClassVar = [
            grades.in_order("workshop_grades_in_order"),
            models.CheckConstraint(
                name="workshop_group_in_order",
                condition=Q(group_min__isnull=True) | Q(group_max__isnull=True) | Q(group_min__lte=F("group_max")),
            ),
        ]

    def clean(self) -> None:
        """Check what the database would refuse, in words, and that an external booking has an address."""
        super().clean()
        errors: dict[str, Any] = dict(grades.order_errors(self.grade_from, self.grade_to))
        if self.group_min is not None and self.group_max is not None and self.group_min > self.group_max:
            errors["group_max"] = _("The largest group must not be below the smallest.")
        if self.way_of_booking == self.Way.EXTERNAL and not self.external_url:
            errors["external_url"] = _("Give the address where it is booked.")
        if errors:
            raise ValidationError(errors)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep beside the texts what is searched: the title first, so that an earlier place is a better one."""
        bands = (grades.search_words(self.grade_from, self.grade_to, language) for language in grades.BAND_NAMES)
        texts = (self.title, self.intro, self.description, self.activity, self.prepare, *bands)
        self.search_text = "\n".join(fold(text) for text in texts if text)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(*args, **kwargs)

    @classmethod
    def search(cls, data: Any, *, language: str) -> Found:
        """Return the workshops that the fields of an address ask for; two queries, three when dates matter."""
        links = {"subject": cls.subjects.through.objects.all(), "theme": cls.themes.through.objects.all()}
        sources = Sources(
            workshops=cls.objects.all(),
            terms={
                "subject": (Subject.objects.all(), links["subject"], "subject_id"),
                "theme": (Theme.objects.all(), links["theme"], "theme_id"),
            },
            choices={
                "audience": cls.Audience.choices,
                "place": cls.Place.choices,
                "language": cls.LANGUAGES,
                "district": Organisation.District.choices,
            },
        )
        return find(data, sources, language=language, now=timezone.now())

    @classmethod
    def in_pages(cls, pks: list[int]) -> list[WorkshopPage]:
        """Return these workshops in this order, without their long texts; one query."""
        rows = cls.objects.filter(pk__in=pks).select_related("locale").defer(*cls.LONG_TEXTS)
        found = {row.pk: row for row in rows}
        return [found[pk] for pk in pks if pk in found]

    @classmethod
    def open_to_all(cls) -> models.QuerySet[WorkshopPage]:
        """Return the workshops that anybody may read, in both languages."""
        readable: models.QuerySet[WorkshopPage] = public(cls.objects.all())
        return readable

    @property
    def grade_words(self) -> str:
        """Return the words by which its grades are searched, in the page's language."""
        return grades.search_words(self.grade_from, self.grade_to, self.locale.language_code)

    @property
    def bands(self) -> list[grades.Band]:
        """Return the bands that the workshop's grades touch; none when it is not for school classes."""
        return [] if self.grade_from is None or self.grade_to is None else grades.bands(self.grade_from, self.grade_to)

    @property
    def takes_sessions(self) -> bool:
        """Say whether dates of this workshop can be booked here."""
        return self.way_of_booking in {self.Way.SESSIONS, self.Way.BOTH}

    @property
    def language_names(self) -> list[str]:
        """Return the names of the languages it is held in."""
        return [str(name) for key, name in self.LANGUAGES if key in self.languages]

    @property
    def terms(self) -> dict[str, list[str]]:
        """Return the names of the workshop's subjects and themes in the reader's language; one query.

        A preview holds terms that are not saved yet, as lists and not as queries.
        """
        subjects, themes = self.subjects.all(), self.themes.all()
        if not isinstance(subjects, models.QuerySet):
            return {"subjects": [str(term) for term in subjects], "themes": [str(term) for term in themes]}
        chosen = term_choices(subjects=subjects, themes=themes)
        return {kind: [name for _key, name in choices] for kind, choices in chosen.items()}
