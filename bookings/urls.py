"""Addresses of booking and attendance."""

from __future__ import annotations

from django.urls import path

from bookings.views import attendance, booking, opendata

app_name = "bookings"

urlpatterns = [
    path("bestil/<uuid:session>/", booking.book, name="book"),
    path("booking/<str:token>/", booking.own, name="own"),
    path("booking/<str:token>/afbestil/", booking.cancel_own, name="cancel"),
    path("booking/<str:token>/kalender.ics", booking.own_calendar, name="calendar"),
    path("fremmoede/", attendance.sessions, name="sessions"),
    path("fremmoede/<uuid:session>/", attendance.attendance, name="attendance"),
    path("data/", opendata.data_page, name="data"),
    path("data/datoer.ics", opendata.calendar_feed, name="data_calendar"),
    path("data/datoer.atom", opendata.atom_feed, name="data_atom"),
    path("data/workshops.json", opendata.catalogue_json, name="data_json"),
    path("data/workshops.csv", opendata.catalogue_csv, name="data_csv"),
]
