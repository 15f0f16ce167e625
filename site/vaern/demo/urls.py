"""Addresses of the demo's mailbox, and of uploaded pictures, which a web server serves in production."""

from __future__ import annotations

from django.conf import settings
from django.urls import path
from django.views.static import serve

from vaern.demo import views

urlpatterns = [
    path("postkasse/", views.mailbox, name="demo_mailbox"),
    path("postkasse/<int:pk>/", views.mail, name="demo_mail"),
    path("postkasse/<int:pk>/<int:part>/", views.attachment, name="demo_attachment"),
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
]
