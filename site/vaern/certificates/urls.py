"""Addresses of certificates; their English words are in `vaern.addresses`."""

from __future__ import annotations

from django.urls import path

from vaern.certificates import views

app_name = "certificates"

urlpatterns = [
    path("bevis/", views.look_up, name="look_up"),
    path("bevis/<str:code>/", views.verify, name="verify"),
    path("min-booking/<str:token>/bevis/<str:code>.pdf", views.file, name="file"),
    path("min-booking/<str:token>/bevis/<str:holder>/", views.make, name="make"),
]
