"""The staff screens: the questions, kept by editors, and the settings."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BooleanColumn, Column, NumberColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.widgets.button import HeaderButton

from vaern.audit.admin import AuditedEditView
from vaern.cms.staff import LocalTimeMixin, StaffIndexView, StaffViewSet
from vaern.evaluation.domain import ASKS, retire_question, write_question
from vaern.evaluation.models import EvaluationSettings, Question

MAX_CHOICES, MAX_CHOICE = 10, 80


class LinesField(forms.CharField):
    """A list, written with one thing a line."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 5}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return the list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Return the lines that say something."""
        return [line for written in str(value or "").splitlines() if (line := " ".join(written.split()))]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Say whether the list is another."""
        return bool(self.to_python(data) != (initial or []))


class QuestionForm(forms.ModelForm):
    """A question in both languages; choices only where one is chosen."""

    choices_da = LinesField(
        label=gettext_lazy("Choices in Danish"), help_text=gettext_lazy("One a line; only for “Choose one”.")
    )
    choices_en = LinesField(
        label=gettext_lazy("Choices in English"), help_text=gettext_lazy("As many, and in the same order.")
    )

    class Meta:
        model = Question
        fields: ClassVar = ["variant", "order", "kind", "required", "text_da", "text_en", "choices_da", "choices_en"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["variant"].disabled = True  # asked of others it is another question
            for name in ("text_da", "text_en"):
                self.fields[name].help_text = _("Another wording is a new version: earlier answers keep the old one.")

    def clean(self) -> dict[str, Any]:
        """Check that choices are there where one is chosen, in both languages alike, and nowhere else."""
        data: dict[str, Any] = super().clean() or {}
        danish, english = data.get("choices_da", []), data.get("choices_en", [])
        if data.get("kind") == Question.Kind.CHOICE:
            if not 2 <= len(set(danish)) <= MAX_CHOICES or len(set(danish)) != len(danish):
                self.add_error("choices_da", _("Write two to ten different choices, one a line."))
            if len(english) != len(danish) or len(set(english)) != len(english):
                self.add_error("choices_en", _("Write as many different choices as in Danish."))
            if any(len(choice) > MAX_CHOICE for choice in [*danish, *english]):
                self.add_error("choices_da", _("A choice has at most 80 characters."))
        else:
            data["choices_da"] = data["choices_en"] = []
        return data


class QuestionIndexView(StaffIndexView):
    """What is asked now, by whom it is asked of and in its order."""

    def get_base_queryset(self) -> QuerySet[Question]:
        """Leave out older versions and what is not asked any more."""
        return Question.objects.filter(current=True)

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        return [
            self._get_title_column_class(TitleColumn)(
                "text", label=_("Question"), accessor="text", get_url=self.get_edit_url
            ),
            Column("variant", label=_("Asked of"), accessor="get_variant_display", sort_key="variant"),
            Column("kind", label=_("Kind"), accessor="get_kind_display"),
            BooleanColumn("required", label=_("Must be answered")),
            NumberColumn("order", label=_("Order"), sort_key="order"),
            NumberColumn("number", label=_("Version")),
        ]


class QuestionCreateView(generic.CreateView):
    """Writes a new question by the verb."""

    def save_instance(self) -> Question:
        """Write it."""
        data = self.form.cleaned_data
        return write_question(
            facts={name: data[name] for name in ASKS},
            variant=data["variant"],
            order=data["order"],
            actor_id=self.request.user.pk,
        )


class QuestionEditView(generic.EditView):
    """Writes a new version by the verb, where the question asks something else."""

    def get_object(self, queryset: QuerySet[Question] | None = None) -> Question:
        """Return the version that is asked now; an older one cannot be changed."""
        return get_object_or_404(Question, pk=unquote(str(self.kwargs["pk"])), current=True)

    def save_instance(self) -> Question:
        """Write what the form says; the version before stays as it is."""
        data = self.form.cleaned_data
        return write_question(
            facts={name: data[name] for name in ASKS},
            variant=self.object.variant,
            order=data["order"],
            actor_id=self.request.user.pk,
            key=self.object.key,
        )

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Return the way to asking it no more."""
        address = reverse("evaluation_questions:retire", args=[self.object.pk])
        return [HeaderButton(_("Ask it no more"), url=address, icon_name="circle-xmark")]


class QuestionRetireView(LocalTimeMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Asks whether to ask a question no more, and does it on POST."""

    permission_required = "change"
    template_name = "evaluation/admin/retire.html"
    page_title = gettext_lazy("Ask it no more")
    header_icon = "help"
    model: Any = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the question."""
        super().setup(request, *args, **kwargs)
        self.object = get_object_or_404(Question, pk=self.kwargs["pk"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Retire it; twice is as good as once."""
        retire_question(key=self.object.key, actor_id=request.user.pk)
        messages.success(request, _("The question is not asked any more. Its answers stay."))
        return redirect("evaluation_questions:index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the question and the way back."""
        back = reverse("evaluation_questions:edit", args=[self.object.pk])
        return super().get_context_data(question=self.object, back=back, **kwargs)


class QuestionViewSet(StaffViewSet):
    """The questions."""

    model = Question
    name = "evaluation_questions"
    url_prefix = "evaluation/questions"
    icon = "help"
    menu_label = gettext_lazy("Questions")
    inspect_view_enabled = False
    list_filter: ClassVar = ["variant"]
    search_fields: ClassVar = ["text_da", "text_en"]
    index_view_class = QuestionIndexView
    add_view_class = QuestionCreateView
    edit_view_class = QuestionEditView

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        """Return the form."""
        return QuestionForm

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the page that retires a question."""
        retire = self.construct_view(QuestionRetireView)
        return [*super().get_urlpatterns(), path("retire/<int:pk>/", retire, name="retire")]


class SettingsForm(forms.ModelForm):
    """How long, and when to remind."""

    class Meta:
        model = EvaluationSettings
        fields: ClassVar = ["open_days", "remind_after_days", "note"]


class SettingsIndexView(StaffIndexView):
    """The one row."""

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        return [
            self._get_title_column_class(TitleColumn)(
                "name", label=_("Settings"), accessor=str, get_url=self.get_edit_url
            ),
            NumberColumn("open_days", label=_("Open, days")),
            NumberColumn("remind_after_days", label=_("Reminder after, days")),
            Column("note", label=_("Note")),
        ]


class SettingsViewSet(StaffViewSet):
    """The settings: one row that is neither added nor taken away here."""

    model = EvaluationSettings
    name = "evaluation_settings"
    url_prefix = "evaluation/settings"
    icon = "cog"
    menu_label = gettext_lazy("Settings of the evaluation")
    inspect_view_enabled = False
    without: ClassVar = StaffViewSet.without | {"add"}
    index_view_class = SettingsIndexView
    edit_view_class = AuditedEditView

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        """Return the form."""
        return SettingsForm


class ResultsItem(MenuItem):
    """The way to the results, which are on the site itself."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether the user sees all results."""
        return bool(request.user.has_perm("evaluation.view_results"))


class EvaluationGroup(ViewSetGroup):
    """Everything about the evaluation."""

    menu_label = gettext_lazy("Evaluation")
    menu_name = "evaluation"
    menu_icon = "comment"
    menu_order = 170
    items = (QuestionViewSet, SettingsViewSet)

    def get_submenu_items(self) -> list[MenuItem]:
        """Put the results first."""
        results = ResultsItem(
            _("Results"), reverse("evaluation:overview"), name="evaluation-results", icon_name="glasses", order=1
        )
        return [results, *super().get_submenu_items()]
