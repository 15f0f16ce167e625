"""The catalogue: its page, the workshops and the terms they are found by (domain.md §2)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from courses import grades
from courses.fields import ChoiceListField, HttpsURLField
from courses.forms import CatalogueFilterForm
from courses.queries import in_language, narrowed, term_choices
from vaern.pages.models import BasePage
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

    max_count_per_parent = 1
    page_description = _("The list of workshops with its filters. Workshops are the pages below it.")
    template = "courses/catalogue.html"
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = ["courses.WorkshopPage"]

    class Meta:
        verbose_name = _("workshop catalogue")
        verbose_name_plural = _("workshop catalogues")

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Find a workshop with its provider in one query; Wagtail's own way takes three."""
        if path_components:
            slug, *rest = path_components
            workshops = WorkshopPage.objects.child_of(self).select_related("provider", "locale")
            return get_object_or_404(workshops, slug=slug).route(request, rest)
        return super().route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the filter form, and the workshops it finds, WORKSHOPS_A_PAGE at a time."""
        form = CatalogueFilterForm(
            request.GET,
            audiences=WorkshopPage.Audience.choices,
            **term_choices(subjects=Subject.objects.all(), themes=Theme.objects.all()),
        )
        chosen = form.chosen()
        found = narrowed(in_language(WorkshopPage.objects.all(), get_language() or settings.LANGUAGE_CODE), chosen)
        # All that is found is read in one query, without the long texts: a city's catalogue is some hundred workshops.
        listed = list(found.select_related("locale").defer(*WorkshopPage.LONG_TEXTS).order_by("path"))
        page = Paginator(listed, WORKSHOPS_A_PAGE).get_page(request.GET.get("page"))
        return {
            **super().get_context(request, *args, **kwargs),
            "filter_form": form,
            "chosen": chosen,
            "workshops": page,
        }


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
    LONG_TEXTS: ClassVar = ("description", "prepare", "activity", "follow_up")

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
            models.CheckConstraint(
                name="workshop_grades_in_order",
                condition=Q(grade_from__isnull=True, grade_to__isnull=True)
                | Q(
                    grade_from__isnull=False,
                    grade_to__isnull=False,
                    grade_from__gte=grades.LOWEST,
                    grade_to__lte=grades.HIGHEST,
                    grade_from__lte=F("grade_to"),
                ),
            ),
            models.CheckConstraint(
                name="workshop_group_in_order",
                condition=Q(group_min__isnull=True) | Q(group_max__isnull=True) | Q(group_min__lte=F("group_max")),
            ),
        ]

    def clean(self) -> None:
        """Check what the database would refuse, in words, and that an external booking has an address."""
        super().clean()
        errors: dict[str, Any] = {}
        if (self.grade_from is None) != (self.grade_to is None):
            errors["grade_to"] = _("Give both the lowest and the highest grade.")
        elif self.grade_from is not None and self.grade_to is not None:
            if self.grade_to > grades.HIGHEST:
                errors["grade_to"] = _("The highest grade is 10.")
            elif self.grade_from > self.grade_to:
                errors["grade_to"] = _("The highest grade must not be below the lowest.")
        if self.group_min is not None and self.group_max is not None and self.group_min > self.group_max:
            errors["group_max"] = _("The largest group must not be below the smallest.")
        if self.way_of_booking == self.Way.EXTERNAL and not self.external_url:
            errors["external_url"] = _("Give the address where it is booked.")
        if errors:
            raise ValidationError(errors)

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
