"""The staff screens for the texts of messages: a list, and one page a text with its preview and its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from vaern.cms.staff import LocalTimeMixin
from vaern.outbox.editing import Overtaken, number_of, reset_text, save_text
from vaern.outbox.models import TextVersion
from vaern.outbox.texts import (
    MAX_BODY,
    MAX_SUBJECT,
    Text,
    TextKind,
    body_problems,
    current_text,
    default_text,
    filled,
    sample_values,
    subject_problems,
    text_kind,
    text_kinds,
)

CHANGE = "outbox.change_texts"
LANGUAGES = {"da": gettext_lazy("Danish"), "en": gettext_lazy("English")}
VERSIONS_SHOWN = 20


class TextForm(forms.Form):
    """Subject and body; placeholders that are unknown or missing are refused by name."""

    subject = forms.CharField(label=pgettext_lazy("mail", "Subject"), max_length=MAX_SUBJECT)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=MAX_BODY,
        widget=forms.Textarea(attrs={"rows": 22}),
        help_text=gettext_lazy(
            "An empty line begins a new paragraph. A paragraph is left out when what is to be filled into it is empty."
        ),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: TextKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_subject(self) -> str:
        """Refuse a subject with a wrong placeholder, or a link in it."""
        subject: str = self.cleaned_data["subject"]
        for problem in subject_problems(self.kind, subject):
            self.add_error("subject", problem)
        return subject

    def clean_body(self) -> str:
        """Refuse a body with a wrong placeholder, or without one that it needs."""
        body: str = self.cleaned_data["body"].replace("\r\n", "\n").strip()
        for problem in body_problems(self.kind, body):
            self.add_error("body", problem)
        return body


def preview_of(kind: TextKind, language: str, text: Text) -> dict[str, Any]:
    """Return a text as a recipient would get it, with made-up facts; what is wrong stands beside it."""
    with translation.override(language):
        mail = filled(text, sample_values(kind), language)
    return {"subject": mail.subject, "body": mail.body, "html": mail.html}


class TextsMixin(LocalTimeMixin):
    """For those who may change texts."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let nobody else in."""
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class OneTextMixin(TextsMixin):
    """A view about one text in one language."""

    kwargs: dict[str, Any]

    @cached_property
    def kind(self) -> TextKind:
        """Return the text that the address names."""
        try:
            return text_kind(self.kwargs["key"])
        except KeyError:
            raise Http404 from None

    @cached_property
    def language(self) -> str:
        """Return the language that the address names."""
        language: str = self.kwargs["language"]
        if language not in LANGUAGES:
            raise Http404
        return language

    def address(self, name: str, language: str = "") -> str:
        """Return the address of a view about this text."""
        return reverse(f"staff_texts_{name}", args=[self.kind.key, language or self.language])


@dataclass(frozen=True)
class Row:
    """One text in the list."""

    kind: TextKind
    links: list[tuple[str, str, bool]]


class TextListView(TextsMixin, WagtailAdminTemplateMixin, TemplateView):
    """All texts, in both languages, with those that staff have changed marked."""

    template_name = "outbox/admin/texts.html"
    page_title = gettext_lazy("Texts of messages")
    header_icon = "mail"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the rows; one query."""
        changed: dict[tuple[str, str], bool] = {}
        for version in TextVersion.objects.order_by("number"):
            changed[version.key, version.language] = not version.is_default
        rows = [
            Row(
                kind,
                [
                    (
                        reverse("staff_texts_edit", args=[kind.key, code]),
                        str(name),
                        changed.get((kind.key, code), False),
                    )
                    for code, name in LANGUAGES.items()
                ],
            )
            for kind in text_kinds()
        ]
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "rows": rows}


class TextEditView(OneTextMixin, WagtailAdminTemplateMixin, TemplateView):
    """One text: the form, what can be filled in, the other language, a preview and what it said before."""

    template_name = "outbox/admin/text.html"
    header_icon = "mail"

    def get_page_title(self) -> str:
        """Return what the text is called."""
        return str(self.kind.name)

    def get_page_subtitle(self) -> str:
        """Return the language."""
        return str(LANGUAGES[self.language])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what holds now, or with ?version=3 what it said then."""
        text = self._asked_for() or current_text(self.kind, self.language)
        initial = {"subject": text.subject, "body": text.body, "seen": number_of(self.kind, self.language)}
        return self._page(TextForm(initial=initial, kind=self.kind), text)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, or only show how it would look."""
        form = TextForm(request.POST, kind=self.kind)
        valid = form.is_valid()
        text = Text(request.POST.get("subject", ""), request.POST.get("body", ""))
        if not valid or "preview" in request.POST:
            return self._page(form, text)
        text = Text(form.cleaned_data["subject"], form.cleaned_data["body"])
        try:
            saved = save_text(
                kind=self.kind,
                language=self.language,
                text=text,
                seen=form.cleaned_data["seen"],
                actor_id=request.user.pk,
            )
        except Overtaken:
            form.add_error(None, _("Somebody else has changed this text in the meantime. Open it again and compare."))
            return self._page(form, text)
        messages.success(request, _("The text is saved.") if saved else _("Nothing was changed."))
        return redirect(self.address("edit"))

    def _asked_for(self) -> Text | None:
        number = self.request.GET.get("version", "")
        if not (number.isascii() and number.isdigit() and len(number) < 8):
            return None
        row = TextVersion.objects.filter(key=self.kind.key, language=self.language, number=number).first()
        if row is None:
            return None
        return default_text(self.kind, self.language) if row.is_default else Text(row.subject, row.body)

    def _page(self, form: TextForm, text: Text) -> HttpResponse:
        other = next(code for code in LANGUAGES if code != self.language)
        rows = TextVersion.objects.filter(key=self.kind.key, language=self.language).select_related("saved_by")
        versions = list(rows[:VERSIONS_SHOWN])
        context = self.get_context_data(
            form=form,
            kind=self.kind,
            language=self.language,
            other=current_text(self.kind, other),
            other_language=other,
            other_name=LANGUAGES[other],
            other_url=self.address("edit", other),
            preview=preview_of(self.kind, self.language, text),
            preview_url=self.address("preview"),
            reset_url=self.address("reset") if versions and not versions[0].is_default else "",
            seen=number_of(self.kind, self.language),
            versions=versions,
        )
        return self.render_to_response(context)


class TextPreviewView(OneTextMixin, View):
    """How what is in the form would look, for the script that shows it while one writes."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the preview as a piece of the page. Nothing is kept."""
        text = Text(request.POST.get("subject", "")[:MAX_SUBJECT], request.POST.get("body", "")[:MAX_BODY])
        problems = [*subject_problems(self.kind, text.subject), *body_problems(self.kind, text.body)]
        context = {
            "preview": preview_of(self.kind, self.language, text),
            "problems": problems,
            "language": self.language,
        }
        return render(request, "outbox/admin/preview.html", context)


class TextResetView(OneTextMixin, View):
    """Goes back to the text that Værn comes with; what it said stays in the history."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Reset it and show it."""
        seen = request.POST.get("seen", "")
        number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 8 else -1
        try:
            reset_text(kind=self.kind, language=self.language, seen=number, actor_id=request.user.pk)
        except Overtaken:
            messages.error(
                request, _("Somebody else has changed this text in the meantime. Open it again and compare.")
            )
        else:
            messages.success(request, _("The text is again the one that Værn comes with."))
        return redirect(self.address("edit"))
