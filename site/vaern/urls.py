"""All addresses. Danish has no prefix, English lives under /en/ (docs/decisions/0004-language.md)."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from vaern import siterules, views
from vaern.addresses import localize
from vaern.pages import serving

handler400 = "vaern.views.bad_request"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", siterules.robots_txt, name="robots"),
    path("sitemap.xml", siterules.sitemap_index, name="sitemap"),
    path("sitemap-<section>.xml", siterules.sitemap_section, name="sitemap_section"),
    path(".well-known/security.txt", siterules.security_txt, name="security_txt"),
    path("security.txt", RedirectView.as_view(pattern_name="security_txt")),
    path("favicon.ico", siterules.favicon),
    path("admin/", include(wagtailadmin_urls)),
    path("dokumenter/", include(wagtaildocs_urls)),
]

if apps.is_installed("vaern.demo"):
    urlpatterns += [
        path("demo/", include("vaern.demo.urls")),
        # Uploaded pictures, which a web server serves in production.
        path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
    ]

localized = i18n_patterns(
    path("min-side/", views.workspace, name="workspace"),
    path("", include("vaern.feedback.urls")),
    path("was", siterules.was, name="was"),
    path("was/", siterules.was),
    path("", include("vaern.search.urls")),
    path("", include("vaern.people.urls")),
    path("", include("bookings.urls")),
    path("", include("vaern.evaluation.urls")),
    path("", include("vaern.certificates.urls")),
    path("", include("vaern.goals.urls")),
    path("", include("materials.urls")),
    path("", include("charter.urls")),
    path("", include("vaern.guidance.urls")),
    # Wagtail's own addresses, for the password of a page; then pages, which we serve: that pattern takes any address.
    *(pattern for pattern in wagtail_urls.urlpatterns if pattern.name != "wagtail_serve"),
    re_path(wagtail_urls.serve_pattern, serving.serve, name="wagtail_serve"),
    prefix_default_language=False,
)
# What Wagtail serves has addresses of its editors' making; all before it speaks the reader's language.
urlpatterns += localize(localized)
