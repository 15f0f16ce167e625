"""Addresses of the charter; their English words are in `vaern.addresses`."""

from __future__ import annotations

from django.urls import path

from charter.views import check, reading, signing

app_name = "charter"

urlpatterns = [
    path("charter/", reading.front, name="front"),
    path("charter/version/<str:number>/", reading.version, name="version"),
    path("charter/kontrol/", check.check, name="check"),
    path("charter/kontrol/<str:code>/", check.verified, name="verified"),
    path("charter/underskriv/<str:token>/", signing.sign_page, name="sign"),
    path("charter/underskriv/<str:token>/kode/", signing.confirm, name="confirm"),
    path("charter/underskriv/<str:token>/sig-nej/", signing.decline, name="decline"),
    path("charter/underskriv/<str:token>/en-anden/", signing.other, name="other"),
]
