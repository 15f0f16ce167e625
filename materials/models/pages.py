"""The list of materials, and the material as an editor writes it. Readers get the versions made of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, MultipleChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable
from wagtail.search import index
from wagtail.url_routing import RouteResult

from materials.blocks import TEXT_FEATURES, GoalsBlock, StepsBlock
from materials.choices import ATTACHMENT_ROLES, Audience, Evaluation, Format, Language, Licence, Role
from materials.content import draft_context
from materials.forms import MaterialForm
from materials.listing import listing_context
from materials.models.files import StoredFile
from materials.rules import Plan, plan
from vaern.pages import grades
from vaern.pages.access import closed
from vaern.pages.models import BasePage


@dataclass(frozen=True)
class Part:
    """What is asked for below a material's address; `number` 0 is the current version."""

    kind: str  # page, print, file
    number: int = 0
    name: str = ""


class MaterialsPage(BasePage):
    """The list of materials, with its filters."""

    template = "materials/index.html"
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = ["materials.MaterialPage"]
    page_description = _("The list of teaching materials. There is one in each language.")

    class Meta:
        verbose_name = _("list of materials")
        verbose_name_plural = _("lists of materials")

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Find a material in one query; Wagtail's own way takes two."""
        if path_components:
            slug, *rest = path_components
            materials = MaterialPage.objects.child_of(self).select_related("locale")
            return get_object_or_404(materials.annotate(known_open=~closed()), slug=slug).route(request, rest)
        return super().route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the filters and what they find."""
        return {
            **super().get_context(request, *args, **kwargs),
            **listing_context(request, MaterialPage.objects.all()),
        }


class MaterialPage(BasePage):
    """One material: for whom, what it teaches, and how the lesson goes. Publishing it makes a version."""

    audience = models.CharField(_("audience"), max_length=20, choices=Audience.choices, default=Audience.TEACHERS)
    grade_from = models.PositiveSmallIntegerField(_("from grade"), null=True, blank=True)
    grade_to = models.PositiveSmallIntegerField(_("to grade"), null=True, blank=True)
    subjects = ParentalManyToManyField(
        "courses.Subject", verbose_name=_("subjects"), blank=True, related_name="materials"
    )
    themes = ParentalManyToManyField("courses.Theme", verbose_name=_("themes"), blank=True, related_name="materials")
    lessons = models.PositiveSmallIntegerField(_("lessons of 45 minutes"), default=1, validators=[MinValueValidator(1)])
    format = models.CharField(_("format"), max_length=20, choices=Format.choices, default=Format.LESSON)
    language = models.CharField(
        _("language of the material"),
        max_length=10,
        choices=Language.choices,
        default=Language.DANISH,
        help_text=_("The language that the pupils meet in it."),
    )
    evaluation = models.CharField(
        _("tried out"), max_length=20, choices=Evaluation.choices, default=Evaluation.NONE, blank=True
    )

    goals = StreamField(GoalsBlock(), verbose_name=_("learning goals"), blank=True)
    preparation = models.TextField(_("preparation"), max_length=2000, blank=True)
    preparation_minutes = models.PositiveSmallIntegerField(_("minutes of preparation"), null=True, blank=True)
    needs = models.TextField(
        _("what you need"),
        max_length=1000,
        blank=True,
        help_text=_("One thing on each line."),
    )
    steps = StreamField(StepsBlock(), verbose_name=_("step plan"), blank=True)
    minutes_reason = models.CharField(
        _("why the minutes differ"),
        max_length=300,
        blank=True,
        help_text=_("Needed when the steps take longer than the lessons. Readers see it."),
    )
    differentiation = models.TextField(_("differentiation"), max_length=2000, blank=True)
    teacher_guide = RichTextField(_("guide for the teacher"), features=TEXT_FEATURES, blank=True)
    accessibility = models.TextField(_("accessibility"), max_length=1000, blank=True)
    sensitivity = models.TextField(
        _("this may touch pupils who …"),
        max_length=1000,
        blank=True,
        help_text=_("Write about situations, never about a pupil."),
    )
    care = models.TextField(_("how to take care of them"), max_length=1000, blank=True)

    licence = models.CharField(_("licence"), max_length=20, choices=Licence.choices, default=Licence.CC_BY)
    licence_text = models.CharField(_("own terms"), max_length=400, blank=True)
    publisher = models.CharField(_("publisher"), max_length=120, default="Københavns Kommune")
    authors = models.CharField(
        _("made by"), max_length=200, blank=True, help_text=_("Organisations, not private persons.")
    )
    whats_new = models.CharField(
        _("what is new in this version"),
        max_length=300,
        blank=True,
        help_text=_("Each time you publish a change, readers get a new version. Tell them what is new."),
    )

    template = "materials/material.html"
    base_form_class = MaterialForm
    parent_page_types: ClassVar = ["materials.MaterialsPage"]
    subpage_types: ClassVar[list[str]] = []
    asks_feedback = True
    page_description = _("A lesson plan, a game, cards or a film with a step plan and files.")
    search_fields: ClassVar = [
        *BasePage.search_fields,
        index.SearchField("intro"),
        index.SearchField("teacher_guide"),
        index.SearchField("steps"),
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
                FieldRowPanel([FieldPanel("format"), FieldPanel("lessons")]),
                FieldRowPanel([FieldPanel("language"), FieldPanel("evaluation")]),
            ],
            heading=_("For whom, and what it is"),
        ),
        FieldPanel("goals"),
        MultiFieldPanel(
            [FieldPanel("preparation"), FieldPanel("preparation_minutes"), FieldPanel("needs")],
            heading=_("Before the lesson"),
        ),
        MultiFieldPanel([FieldPanel("steps"), FieldPanel("minutes_reason")], heading=_("Step plan")),
        MultiFieldPanel(
            [
                FieldPanel("teacher_guide"),
                FieldPanel("differentiation"),
                FieldPanel("accessibility"),
                FieldPanel("sensitivity"),
                FieldPanel("care"),
            ],
            heading=_("For the teacher"),
        ),
        InlinePanel("attachments", heading=_("Files"), label=_("File")),
        MultipleChooserPanel(
            "related_workshops", chooser_field_name="workshop", heading=_("Workshops"), label=_("Workshop")
        ),
        MultiFieldPanel(
            [
                FieldPanel("licence"),
                FieldPanel("licence_text"),
                FieldPanel("publisher"),
                FieldPanel("authors"),
                FieldPanel("whats_new"),
            ],
            heading=_("Rights and version"),
        ),
    ]

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        constraints: ClassVar = [
            grades.in_order("material_grades_in_order"),
        ]

    def clean(self) -> None:
        """Check what the database would refuse, in words, and that own terms are told."""
        super().clean()
        errors: dict[str, Any] = dict(grades.order_errors(self.grade_from, self.grade_to))
        if self.licence == Licence.OWN and not self.licence_text:
            errors["licence_text"] = _("Tell what others may do with it.")
        if errors:
            raise ValidationError(errors)

    @property
    def grade_words(self) -> str:
        """Return the words by which its grades are searched, in the page's language."""
        return grades.search_words(self.grade_from, self.grade_to, self.locale.language_code)

    @property
    def plan(self) -> Plan:
        """Return the minutes of the steps beside those of the lessons."""
        return plan([block.value["minutes"] or 0 for block in self.steps], self.lessons or 0)

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Say which part of the material is asked for; `materials.views` answers, after Wagtail's own checks."""
        if not self.live:
            raise Http404
        for pattern, kind in _PARTS:
            found = pattern.fullmatch("/".join(path_components))
            if found:
                facts = found.groupdict()
                return RouteResult(self, kwargs={"part": Part(kind, int(facts["number"]), facts.get("name") or "")})
        if path_components:
            raise Http404
        return RouteResult(self, kwargs={"part": Part("page")})

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse: readers are answered by `materials.views`, which the hook `on_serve_page` asks."""
        raise Http404

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        """Show the draft as its next version would look."""
        return TemplateResponse(request, self.template, {**self.get_context(request), **draft_context(self)})

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """Leave out a material all of whose versions are withdrawn."""
        current = self.versions.filter(is_current=True).exists()
        found: list[dict[str, Any]] = super().get_sitemap_urls(request) if current else []
        return found


# Numbers of at most six digits: longer ones overflow the database's integers.
_PARTS = [
    (re.compile(r"version/(?P<number>[1-9]\d{0,5})"), "page"),
    (re.compile(r"version/(?P<number>[1-9]\d{0,5})/(?:udskriv|print)"), "print"),
    (re.compile(r"version/(?P<number>[1-9]\d{0,5})/(?:filer|files)/(?P<name>[a-z0-9._-]{1,120})"), "file"),
]


class MaterialAttachment(Orderable):
    """A file that the next version will have."""

    page = ParentalKey(MaterialPage, on_delete=models.CASCADE, related_name="attachments")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    title = models.CharField(_("title"), max_length=120)
    role = models.CharField(_("kind"), max_length=20, choices=ATTACHMENT_ROLES, default=Role.PUPILS)
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, default=Language.DANISH)

    panels: ClassVar = [
        FieldPanel("stored"),
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("role"), FieldPanel("language")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.title


class MaterialWorkshop(Orderable):
    """A workshop that the material belongs to; every translation of that workshop shows it."""

    page = ParentalKey(MaterialPage, on_delete=models.CASCADE, related_name="related_workshops")
    workshop = models.ForeignKey(
        "courses.WorkshopPage", on_delete=models.CASCADE, related_name="+", verbose_name=_("workshop")
    )

    panels: ClassVar = [FieldPanel("workshop")]

    class Meta(Orderable.Meta):
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")

    def __str__(self) -> str:
        return str(self.workshop_id)
