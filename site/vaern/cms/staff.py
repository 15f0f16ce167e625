"""What our staff screens share beyond Wagtail's viewsets: nothing is deleted, and times are Danish.

Wagtail's own history, usage and deletion are left out: what was done is in `audit`, and rows are closed, not deleted.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput
from wagtail.permission_policies import ModelPermissionPolicy

DAY_FORMAT = "%d.%m.%Y"
MOMENT_FORMAT = f"{DAY_FORMAT} %H:%M"


class DayField(forms.DateField):
    """A day, written as Danes write it whatever language the admin is shown in."""

    widget = AdminDateInput(format=DAY_FORMAT)
    input_formats: ClassVar = [DAY_FORMAT, "%Y-%m-%d"]  # type: ignore[misc]


class MomentField(forms.DateTimeField):
    """A day and a time of the clock in Copenhagen; the view makes that the current time zone (LocalTimeMixin)."""

    widget = AdminDateTimeInput(format=MOMENT_FORMAT)
    input_formats: ClassVar = [MOMENT_FORMAT, f"{DAY_FORMAT} %H.%M", "%Y-%m-%d %H:%M"]  # type: ignore[misc]


class KeepingPolicy(ModelPermissionPolicy):
    """Django's permissions, but what is in `denied` is for nobody, superusers included."""

    denied: ClassVar[frozenset[str]] = frozenset({"delete"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Say whether the user may do it to rows of this model."""
        return action not in self.denied and super().user_has_permission(user, action)

    def users_with_any_permission(self, actions: Any) -> QuerySet[Any]:
        """Return the users who may do one of the actions."""
        found: QuerySet[Any] = super().users_with_any_permission(set(actions) - self.denied)
        return found if set(actions) - self.denied else found.none()


class ReadOnlyPolicy(KeepingPolicy):
    """Rows that come from somewhere else, a register or the verbs: staff look at them."""

    denied = frozenset({"add", "change", "delete"})


class LocalTimeMixin:
    """Runs and renders a view on Copenhagen's clock, even for a user whose profile names another time zone."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer the request; a template response is rendered here and not after the clock is back."""
        with timezone.override(timezone.get_default_timezone()):
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
            if hasattr(response, "render"):
                response.render()
            return response


class StaffIndexView(LocalTimeMixin, generic.IndexView):
    """A list whose search finds every word, Æ, Ø and Å in both cases (SQLite knows only those of ASCII)."""

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows in which each word of the query stands in one of the fields."""
        for word in self.search_query.split():
            condition = Q()
            for form in {word, word.lower(), word.upper(), word.capitalize()}:
                for name in self.search_fields:
                    condition |= Q(**{f"{name}__icontains": form})
            queryset = queryset.filter(condition)
        return queryset


class RefusingEditMixin:
    """An edit view for rows some of which stand as they are: those lead to their inspect page, with the reason."""

    inspect_url_name: str

    def refusal(self, instance: Any) -> str | None:
        """Return why this row cannot be edited, or None."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the form, unless the row cannot be edited."""
        return self._refused(request) or super().get(request, *args, **kwargs)  # type: ignore[misc]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Take the form, unless the row cannot be edited."""
        return self._refused(request) or super().post(request, *args, **kwargs)  # type: ignore[misc]

    def _refused(self, request: HttpRequest) -> HttpResponseBase | None:
        instance = self.get_object()  # type: ignore[attr-defined]
        why = self.refusal(instance)
        if why is None:
            return None
        messages.error(request, why)
        return redirect(reverse(self.inspect_url_name, args=[instance.pk]))


class StaffViewSet(ModelViewSet):
    """A Wagtail viewset without the views named in `without`: they have no address and no button."""

    without: ClassVar[frozenset[str]] = frozenset({"delete", "history", "usage"})
    add_to_reference_index = False  # it would write its rows inside the verbs' locks
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = StaffIndexView

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out the addresses of the views that are not here, which takes their buttons away."""
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        return {name: value for name, value in common.items() if name.removesuffix("_url_name") not in self.without}

    def get_urlpatterns(self) -> list[URLPattern]:
        """Leave out the views that are not here."""
        gone = self.without | {f"{name}_results" for name in self.without}
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in gone]
