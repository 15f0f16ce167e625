"""The addresses of files, whose names have a dot, which Wagtail does not expect; it finds the page all the same."""

from __future__ import annotations

from django.urls import re_path
from wagtail.views import serve

urlpatterns = [
    re_path(
        r"^((?:[\w\-]+/)+version/[1-9]\d{0,5}/(?:filer|files)/[a-z0-9][a-z0-9._-]{0,119})$", serve, name="material_file"
    ),
]
