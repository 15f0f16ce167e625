"""Address of the search page; `vaern.addresses` has its English words."""

from __future__ import annotations

from django.urls import path

from vaern.search import views

urlpatterns = [path("soeg/", views.search, name="search")]
