"""Addresses of the goals."""

from __future__ import annotations

from django.urls import path

from vaern.goals import views

app_name = "goals"

urlpatterns = [
    path("maal/", views.public, name="public"),
    path("maal/<int:year>/", views.public, name="public_year"),
    path("koordinator/maal/", views.coordinator, name="coordinator"),
    path("koordinator/maal/<int:year>/", views.coordinator, name="coordinator_year"),
    path("koordinator/maal/<int:year>/<slug:goal>/", views.rows, name="rows"),
]
