"""Addresses of booking and attendance."""

from __future__ import annotations

from django.urls import path

from bookings.views import attendance, booking

app_name = "bookings"

urlpatterns = [
    path("bestil/<uuid:session>/", booking.book, name="book"),
    path("booking/<str:token>/", booking.own, name="own"),
    path("booking/<str:token>/afbestil/", booking.cancel_own, name="cancel"),
    path("booking/<str:token>/kalender.ics", booking.own_calendar, name="calendar"),
    path("fremmoede/", attendance.sessions, name="sessions"),
    path("fremmoede/<uuid:session>/", attendance.attendance, name="attendance"),
]
