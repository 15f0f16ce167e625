"""Which staff screens there are, and who may open them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic import chooser as chooser_views
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.chooser import ChooserViewSet

from materials.admin import views
from materials.admin.forms import MaterialFilterSet, StoredFileForm
from materials.models import MaterialPage, StoredFile
from vaern.cms.staff import StaffViewSet


class MaterialViewSet(StaffViewSet):
    """Versions and downloads of every material."""

    model = MaterialPage
    name = "material_versions"
    url_prefix = "material-versions"
    icon = "download"
    menu_label = _("Versions and downloads")
    without: ClassVar = StaffViewSet.without | {"add", "edit"}
    search_fields: ClassVar = ["title"]
    filterset_class = MaterialFilterSet
    index_view_class = views.MaterialIndexView
    inspect_view_class = views.MaterialReportView

    def get_form_class(self, for_update: bool = False) -> None:
        """Return nothing: a material is edited as the page it is."""
        return

    def register_admin_url_finder(self) -> None:
        """Leave the page's own: elsewhere in the admin a material leads to its page."""

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the pages that withdraw a version and bring it back."""
        return [
            *super().get_urlpatterns(),
            path("withdraw/<int:pk>/", self.construct_view(views.WithdrawView), name="withdraw"),
            path("bring-back/<int:pk>/", self.construct_view(views.BringBackView), name="bring_back"),
        ]


class StoredFileViewSet(StaffViewSet):
    """The files; what has been uploaded stands."""

    model = StoredFile
    name = "material_files"
    url_prefix = "material-files"
    icon = "doc-full"
    menu_label = _("Files")
    without: ClassVar = StaffViewSet.without | {"edit", "inspect"}
    inspect_view_enabled = False
    search_fields: ClassVar = ["title", "name"]
    index_view_class = views.StoredFileIndexView
    add_view_class = views.StoredFileCreateView

    def get_form_class(self, for_update: bool = False) -> type[StoredFileForm]:
        """Return the form of a new file."""
        return StoredFileForm

    def register_admin_url_finder(self) -> None:
        """Register nothing: there is no form that the chooser could lead to."""

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the download for editors."""
        return [*super().get_urlpatterns(), path("fetch/<int:pk>/", self.construct_view(views.FetchView), name="fetch")]


class MaterialsGroup(ViewSetGroup):
    """What an editor of materials works with beside the pages."""

    menu_label = _("Materials")
    menu_name = "materials"
    menu_icon = "doc-full"
    menu_order = 180
    items = (MaterialViewSet, StoredFileViewSet)


class UploadedOnly:
    """The files that editors have uploaded."""

    def get_object_list(self) -> Any:
        """Leave out what the site made itself."""
        return StoredFile.objects.filter(generated=False)


class ChooseView(UploadedOnly, chooser_views.ChooseView):
    """The modal."""


class ChooseResultsView(UploadedOnly, chooser_views.ChooseResultsView):
    """Its results."""


class StoredFileChooserViewSet(ChooserViewSet):
    """Choosing or uploading a file on a material."""

    model = StoredFile
    icon = "doc-full"
    choose_one_text = _("Choose a file")
    choose_another_text = _("Choose another file")
    edit_item_text = _("Edit this file")
    creation_form_class = StoredFileForm
    creation_tab_label = _("Upload")
    create_action_label = _("Upload")
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView


stored_file_chooser = StoredFileChooserViewSet("material_file_chooser")
