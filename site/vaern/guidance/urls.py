"""Addresses of the plan's versions. They hold whatever becomes of the pages, so they are ours and not Wagtail's."""

from __future__ import annotations

from django.urls import path, register_converter

from vaern.guidance.plans import views

app_name = "plan"


class VersionNumber:
    """A version as it is written: 2.1."""

    regex = r"[0-9]{1,4}\.[0-9]{1,4}"

    def to_python(self, value: str) -> tuple[int, int]:
        """Return (2, 1)."""
        major, minor = value.split(".")
        return int(major), int(minor)

    def to_url(self, value: str | tuple[int, int]) -> str:
        """Return it as written."""
        return value if isinstance(value, str) else ".".join(map(str, value))


class PlanFileName:
    """A file of a version."""

    regex = r"[a-z0-9.-]+\.(?:pdf|zip|json)"

    def to_python(self, value: str) -> str:
        """Return the name."""
        return value

    def to_url(self, value: str) -> str:
        """Return the name."""
        return value


register_converter(VersionNumber, "plan_version")
register_converter(PlanFileName, "plan_file")

urlpatterns = [
    path("<slug:plan>/version/", views.versions, name="versions"),
    path("<slug:plan>/version/sammenlign/", views.comparison, name="compare"),
    path("<slug:plan>/version/<plan_version:number>/", views.version, name="version"),
    path("<slug:plan>/version/<plan_version:number>/<plan_file:name>", views.version_file, name="file"),
    path("<slug:plan>/version/<plan_version:number>/<str:chapter>/", views.version_chapter, name="version_chapter"),
    path(
        "<slug:plan>/version/<plan_version:number>/<str:chapter>/<str:card>/", views.version_card, name="version_card"
    ),
]
