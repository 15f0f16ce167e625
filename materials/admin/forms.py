"""Forms of the staff screens."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from materials.choices import Audience
from materials.domain.files import FileRefused, check, store
from materials.models import MaterialPage, StoredFile


class StoredFileForm(forms.ModelForm):
    """A file for materials: its name in our lists, and the file itself."""

    upload = forms.FileField(label=_("File"), max_length=200)

    class Meta:
        model = StoredFile
        fields: ClassVar = ["title"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = settings.WAGTAILDOCS_MAX_UPLOAD_SIZE // (1024 * 1024)
        kinds = ", ".join(settings.WAGTAILDOCS_EXTENSIONS)
        self.fields["title"].help_text = _(
            "What you find it by. Readers see the title that you give it on the material."
        )
        self.fields["upload"].help_text = _(
            "At most %(limit)s MB: %(kinds)s. Never a file with pupils' names. "
            "A file cannot be exchanged; upload another."
        ) % {"limit": limit, "kinds": kinds}

    def clean_upload(self) -> Any:
        """Refuse what is too large, of another kind, or not what it says."""
        upload = self.cleaned_data["upload"]
        if upload.size > settings.WAGTAILDOCS_MAX_UPLOAD_SIZE:
            raise ValidationError(
                _("The file is too large: at most %(limit)s MB."),
                params={"limit": settings.WAGTAILDOCS_MAX_UPLOAD_SIZE // (1024 * 1024)},
            )
        self.content = upload.read()
        try:
            check(self.content, upload.name)
        except FileRefused as error:
            raise ValidationError(str(error)) from error
        return upload

    def save(self, commit: bool = True) -> StoredFile:
        """Store the file; the same bytes as before give the file that is there already."""
        cleaned = self.cleaned_data
        stored = store(content=self.content, name=cleaned["upload"].name, title=cleaned["title"])
        self.instance = stored
        return stored


class WithdrawForm(forms.Form):
    """Why a version is withdrawn."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Readers see it at the version's address. Write about the material, never about a person."),
    )


class MaterialFilterSet(WagtailFilterSet):
    """What the list can be narrowed by; the period decides which downloads count, not which materials are shown."""

    audience = django_filters.ChoiceFilter(label=_("For whom"), choices=Audience.choices, empty_label=_("All"))
    period = django_filters.DateFromToRangeFilter(
        label=_("Downloads in the period"), widget=DateRangePickerWidget, method="keep_all"
    )

    class Meta:
        model = MaterialPage
        fields: ClassVar[list[str]] = []

    def keep_all(self, queryset: QuerySet[MaterialPage], name: str, value: Any) -> QuerySet[MaterialPage]:
        """Return every material."""
        return queryset
