"""Organisations, schools, administrations and users in Wagtail's admin."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views import users

from vaern.audit.admin import AuditedCreateView, AuditedEditView
from vaern.cms.staff import DayField, StaffIndexView, StaffViewSet
from vaern.people.models import Administration, Organisation, School, SchoolGroup, User


class OrganisationForm(forms.ModelForm):
    """An organisation. Schools come from the register's file (`import_schools`), and stay schools."""

    class Meta:
        model = Organisation
        fields: ClassVar = ["name", "kind", "category", "district", "active_from", "active_to"]
        field_classes: ClassVar = {"active_from": DayField, "active_to": DayField}
        help_texts: ClassVar = {
            "category": gettext_lazy("For partners only."),
            "active_to": gettext_lazy("From this day on it takes part no more. An organisation is never deleted."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        if self.instance.pk and self.instance.kind == Organisation.Kind.SCHOOL:
            kind.disabled = True
        elif isinstance(kind, forms.ChoiceField):
            kind.choices = [
                ("", "---------"),
                *(choice for choice in Organisation.Kind.choices if choice[0] != Organisation.Kind.SCHOOL),
            ]
            kind.help_text = gettext_lazy("Schools come from the national register's file and are not written here.")

    def clean(self) -> dict[str, Any]:
        """Check that only a partner has a category."""
        cleaned = super().clean() or {}
        if cleaned.get("category") and cleaned.get("kind") != Organisation.Kind.PARTNER:
            self.add_error("category", _("Only a partner has a category."))
        return cleaned


class SchoolGroupForm(forms.ModelForm):
    """Which goal group a school type counts in."""

    class Meta:
        model = SchoolGroup
        fields: ClassVar = ["institution_type", "type_name", "group", "valid_from", "valid_to"]
        field_classes: ClassVar = {"valid_from": DayField, "valid_to": DayField}
        help_texts: ClassVar = {
            "valid_to": gettext_lazy("May be empty. Where two rows of a type hold on a day, the newest decides."),
        }


class AdministrationForm(forms.ModelForm):
    """One of the city's administrations."""

    class Meta:
        model = Administration
        fields: ClassVar = ["code", "name_da", "name_en", "valid_from", "valid_to", "counts_in_preparedness_goal"]
        field_classes: ClassVar = {"valid_from": DayField, "valid_to": DayField}

    def clean(self) -> dict[str, Any]:
        """Check the order of the dates."""
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("valid_from"), cleaned.get("valid_to")
        if begins and ends and ends <= begins:
            self.add_error("valid_to", _("It must be valid from an earlier date than until."))
        return cleaned


class RegisterViewSet(StaffViewSet):
    """Rows that staff keep by a plain form; each change is an audit event."""

    add_view_class = AuditedCreateView
    edit_view_class = AuditedEditView
    staff_form: ClassVar[type[forms.ModelForm]]

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        """Return the form."""
        return self.staff_form


class OrganisationViewSet(RegisterViewSet):
    """Everybody who takes part as a body."""

    model = Organisation
    name = "staff_organisations"
    url_prefix = "organisations"
    icon = "group"
    staff_form = OrganisationForm
    list_display: ClassVar = ["name", "kind", "district", "active_from", "active_to"]
    list_filter: ClassVar = ["kind", "district"]
    search_fields: ClassVar = ["name", "school__institution_number"]
    inspect_view_fields: ClassVar = ["name", "kind", "category", "district", "active_from", "active_to"]


class SchoolIndexView(StaffIndexView):
    """The schools by name."""

    def get_base_queryset(self) -> QuerySet[School]:
        """Read the organisations with the schools."""
        return School.objects.select_related("organisation").order_by("organisation__name", "pk")

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        return [
            self._get_title_column_class(TitleColumn)(
                "name",
                label=_("Name"),
                accessor="organisation.name",
                sort_key="organisation__name",
                get_url=self.get_inspect_url,
            ),
            Column(
                "number", label=_("Institution number"), accessor="institution_number", sort_key="institution_number"
            ),
            Column("type", label=_("Type"), accessor="institution_type_name", sort_key="institution_type_name"),
            Column("postcode", label=_("Postcode"), accessor="postcode", sort_key="postcode"),
        ]


class SchoolInspectView(generic.InspectView):
    """What the register says of a school."""

    def get_organisation_display_value(self) -> str:
        """Return the school's name, without the number that stands below."""
        return str(self.object.organisation)


class SchoolViewSet(StaffViewSet):
    """The register's facts; `import_schools` writes them."""

    model = School
    name = "staff_schools"
    url_prefix = "schools"
    icon = "clipboard-list"
    without: ClassVar = StaffViewSet.without | {"add", "edit"}
    search_fields: ClassVar = ["organisation__name", "institution_number"]
    index_view_class = SchoolIndexView
    inspect_view_class = SchoolInspectView
    inspect_view_fields: ClassVar = [
        "organisation",
        "institution_number",
        "institution_type",
        "institution_type_name",
        "postcode",
        "owner",
    ]

    def get_form_class(self, for_update: bool = False) -> None:
        """Return nothing: there is no form, the register's file is imported."""
        return


class SchoolGroupViewSet(RegisterViewSet):
    """The dated table from school type to goal group."""

    model = SchoolGroup
    name = "staff_school_types"
    url_prefix = "school-types"
    icon = "table"
    staff_form = SchoolGroupForm
    list_display: ClassVar = ["institution_type", "type_name", "group", "valid_from", "valid_to"]
    inspect_view_fields: ClassVar = list_display


class AdministrationViewSet(RegisterViewSet):
    """The city's administrations."""

    model = Administration
    name = "staff_administrations"
    url_prefix = "administrations"
    icon = "site"
    staff_form = AdministrationForm
    list_display: ClassVar = ["code", "name_da", "name_en", "valid_from", "valid_to", "counts_in_preparedness_goal"]
    inspect_view_fields: ClassVar = list_display


class OrganisationsGroup(ViewSetGroup):
    """Who takes part."""

    menu_label = gettext_lazy("Organisations")
    menu_name = "organisations"
    menu_icon = "group"
    menu_order = 250
    items = (OrganisationViewSet, SchoolViewSet, SchoolGroupViewSet, AdministrationViewSet)


class StaffUserMixin(forms.ModelForm):
    """What both user forms need: an address that is the sign-in, and no way up for who is not an administrator.

    `acting` is the user who fills in the form.
    """

    def __init__(self, *args: Any, acting: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("The sign-in code is sent to this address.")
        self.fields["groups"].label = _("Roles")
        if not acting.is_superuser and "is_superuser" in self.fields:
            self.fields["is_superuser"].disabled = True
        if not acting.is_superuser and self.instance.pk == acting.pk:
            self.fields["groups"].disabled = True
            self.fields["groups"].help_text = _("Another administrator changes your roles.")

    def clean_email(self) -> str:
        """Return the address in lower case; two users cannot share one."""
        email: str = self.cleaned_data["email"].strip().lower()
        if User.objects.exclude(pk=self.instance.pk).filter(email__iexact=email).exists():
            raise forms.ValidationError(_("There is a user with this e-mail address already."), code="taken")
        return email

    def save(self, commit: bool = True) -> User:
        """Save the user; nobody has a password, and an address that is no longer theirs opens nothing."""
        if not self.instance.pk:
            self.instance.set_unusable_password()
        user: User = super().save(commit)
        if commit:
            EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).delete()
        return user


_OWN_FIELDS = {"organisation", "administration"}


class StaffUserCreationForm(StaffUserMixin, UserCreationForm):
    """A new user."""

    class Meta(UserCreationForm.Meta):
        fields = UserCreationForm.Meta.fields | _OWN_FIELDS


class StaffUserEditForm(StaffUserMixin, UserEditForm):
    """A user that exists."""

    class Meta(UserEditForm.Meta):
        fields = UserEditForm.Meta.fields | _OWN_FIELDS


class ActingUserMixin:
    """Tells the form who fills it in."""

    request: HttpRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        """Add the user who is signed in."""
        return {**super().get_form_kwargs(), "acting": self.request.user}  # type: ignore[misc]


class UserIndexView(users.IndexView):
    """The users, without Wagtail's bulk actions: each change is made on its form, which records it."""

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns but the check boxes; the user name is the e-mail address."""
        columns = [column for column in super().columns if not isinstance(column, BulkActionsCheckboxColumn)]
        for column in columns:
            if column.name == User.USERNAME_FIELD:
                column.label = _("E-mail address")
        return columns


class UserCreateView(ActingUserMixin, AuditedCreateView, users.CreateView):
    """Adds a user."""


class UserEditView(ActingUserMixin, AuditedEditView, users.EditView):
    """Changes a user; an administrator with every permission is changed by one of their own."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse those who would gain by it: who can change the address can sign in as the user."""
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class StaffUserViewSet(users.UserViewSet):
    """Wagtail's user screens for users who sign in by e-mail code."""

    copy_view_enabled = False  # a copy would be a second account of the same person
    index_view_class = UserIndexView
    add_view_class = UserCreateView
    edit_view_class = UserEditView
    index_template_name = "wagtailadmin/generic/index.html"  # Wagtail's own has the bulk actions' buttons
    create_template_name = "people/admin/user_create.html"
    edit_template_name = "people/admin/user_edit.html"

    def get_form_class(self, for_update: bool = False) -> type[StaffUserMixin]:
        """Return the form of a new user or of one that exists."""
        return StaffUserEditForm if for_update else StaffUserCreationForm
