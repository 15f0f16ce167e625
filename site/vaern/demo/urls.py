"""Addresses of the demo's mailbox."""

from __future__ import annotations

from django.urls import path

from vaern.demo import views

urlpatterns = [
    path("postkasse/", views.mailbox, name="demo_mailbox"),
    path("postkasse/<int:pk>/", views.mail, name="demo_mail"),
    path("postkasse/<int:pk>/<int:part>/", views.attachment, name="demo_attachment"),
]
