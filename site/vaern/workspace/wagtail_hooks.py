"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses."""

from __future__ import annotations

from django.urls import URLPattern
from wagtail import hooks

from vaern.workspace.viewsets import WorkspaceGroup, WorkspaceOrganisationsGroup, urlpatterns


@hooks.register("register_admin_urls")
def workspace_screens() -> list[URLPattern]:
    """Give our screens their addresses."""
    return urlpatterns()


@hooks.register("register_admin_viewset")
def workspace() -> list[WorkspaceGroup | WorkspaceOrganisationsGroup]:
    """Put the workspace and the organisations into the menu."""
    return [WorkspaceGroup(), WorkspaceOrganisationsGroup()]
