"""Hooks into Wagtail: who answers for a material, what an editor is told, and the staff screens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page
from wagtail.permissions import register_permission_policy

from materials.admin.policies import FilePolicy
from materials.admin.viewsets import MaterialsGroup, stored_file_chooser
from materials.forms import minutes_text
from materials.models import MaterialPage, MaterialVersion, StoredFile
from materials.models.pages import Part
from materials.views import answer

register_permission_policy(StoredFile, FilePolicy(StoredFile))


Serve = Callable[[Page, HttpRequest, Any, dict[str, Any]], HttpResponseBase]


# Inside Wagtail's own link of this chain, which checks restricted pages: of lower order, it stands around ours.
@hooks.register("on_serve_page", order=100)
def serve_materials(serve_other: Serve) -> Serve:
    """Answer for a material and all that is below its address; other pages serve themselves."""

    def serve(page: Page, request: HttpRequest, args: Any, kwargs: dict[str, Any]) -> HttpResponseBase:
        if not isinstance(page, MaterialPage):
            return serve_other(page, request, args, kwargs)
        part = kwargs.get("part")
        return answer(request, page, part if isinstance(part, Part) else Part("page"))

    return serve


@hooks.register("register_admin_viewset")
def material_screens() -> list[Any]:
    """Put materials and their files into the menu, and make files choosable."""
    return [MaterialsGroup(), stored_file_chooser]


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def tell_minutes(request: HttpRequest, page: Page) -> None:
    """Warn an editor when the minutes of the steps are not those of the lessons; saving by itself stays silent."""
    if isinstance(page, MaterialPage) and request.accepts("text/html"):
        text = minutes_text(page.plan)
        if text:
            messages.warning(request, text)


@hooks.register("before_bulk_action")
def check_many(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> HttpResponse | None:
    """Keep what has been published, and refuse to publish plans that the form would refuse."""
    pages = [page for page in objects if isinstance(page, Page)]
    if action_type == "delete":
        return _kept(request, pages)
    if action_type == "publish":
        return _refused(request, pages)
    return None


@hooks.register("before_delete_page")
def keep_published_materials(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Say why a material with versions, or a page above one, stays."""
    return _kept(request, [page])


def _kept(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
    for page in pages:
        if MaterialVersion.objects.filter(material__path__startswith=page.path).exists():
            text = _(
                "“%(title)s” cannot be deleted, because versions of it have been published. Withdraw them instead."
            )
            messages.error(request, text % {"title": page.title})
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


def _refused(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
    for page in pages:
        draft = page.specific.get_latest_revision_as_object()
        if isinstance(draft, MaterialPage) and not draft.plan.may_be_published(draft.minutes_reason):
            messages.error(request, f"{draft.title}: {minutes_text(draft.plan)}")
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
