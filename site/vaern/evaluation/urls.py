"""Addresses of the evaluation; their English words are in `vaern.addresses`."""

from __future__ import annotations

from django.urls import path

from vaern.evaluation.views import answer, results

app_name = "evaluation"

urlpatterns = [
    path("evaluering/kvittering/", answer.thanks, name="thanks"),
    path("evaluering/<uuid:session>/<str:token>/", answer.form, name="form"),
    path("evalueringer/", results.overview, name="overview"),
    path("evalueringer/<int:year>/", results.overview, name="year"),
    path("evalueringer/<int:year>/<uuid:workshop>/", results.workshop, name="workshop"),
    path("evalueringer/<int:year>/<uuid:workshop>/hent/", results.workshop_file, name="workshop_file"),
    path("evalueringer/afholdelse/<uuid:session>/", results.session, name="session"),
    path("evalueringer/afholdelse/<uuid:session>/hent/", results.session_file, name="session_file"),
]
