"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses.

Each list and each kind of file has an address and a name of its own, so that `tests.policy.table` says who opens it.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from vaern.exchange import views
from vaern.exchange.datasets import DATASETS
from vaern.exchange.importers import IMPORTERS


class ExchangeItem(MenuItem):
    """Shown to those for whom something is there."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether it is in this user's menu."""
        return views.sees_anything(request.user)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """Add the screens' addresses."""
    return [
        path("exchange/", views.IndexView.as_view(), name="exchange"),
        path("exchange/files/<uuid:uuid>/", views.FileView.as_view(), name="exchange_file"),
        path("exchange/files/<uuid:uuid>/fetch/", views.fetch, name="exchange_fetch"),
        path("exchange/batches/<uuid:uuid>/", views.BatchView.as_view(), name="exchange_batch"),
        *(
            path(f"exchange/export/{key}/", views.ExportView.as_view(dataset=key), name=f"exchange_export_{key}")
            for key in DATASETS
        ),
        *(
            path(f"exchange/import/{key}/", views.ImportView.as_view(importer=key), name=f"exchange_import_{key}")
            for key in IMPORTERS
        ),
        *(
            path(
                f"exchange/import/{key}/template.{form}",
                views.template,
                {"importer": key, "form": form},
                name=f"exchange_template_{key}_{form}",
            )
            for key in IMPORTERS
            for form in ("csv", "xlsx")
        ),
    ]


@hooks.register("register_admin_menu_item")
def menu_item() -> ExchangeItem:
    """Put it into the menu."""
    return ExchangeItem(_("Import and export"), reverse("exchange"), icon_name="upload", order=840)
