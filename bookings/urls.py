"""Addresses of booking and attendance."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from bookings.views import attendance, booking, links, mine, own, series, visits

app_name = "bookings"

urlpatterns = [
    path(_("book/<uuid:session>/"), booking.book, name="book"),
    path(_("book-series/<uuid:series>/"), series.book, name="book_series"),
    path(_("ask-for-a-visit/<uuid:workshop>/"), visits.ask, name="ask_visit"),
    path(_("my-visit/<str:token>/"), visits.own, name="visit"),
    path(_("my-visit/<str:token>/answer/"), visits.answer, name="answer_visit"),
    path(_("find-my-booking/"), links.resend, name="resend"),
    path(_("my-booking/<str:token>/"), own.own, name="own"),
    path(_("my-booking/<str:token>/cancel/"), own.cancel_own, name="cancel"),
    path(_("my-booking/<str:token>/answer/"), own.answer_offer, name="answer_offer"),
    path(_("my-booking/<str:token>/change/"), own.change, name="change"),
    path(_("my-booking/<str:token>/move/"), own.move, name="move"),
    path(_("my-booking/<str:token>/calendar.ics"), own.own_calendar, name="calendar"),
    path(_("my-booking/<str:token>/subscribe/"), mine.subscribe, name="subscribe"),
    path(_("my-bookings/"), mine.bookings, name="mine"),
    path(_("my-bookings/subscribe/"), mine.subscribe_signed_in, name="subscribe_signed_in"),
    path(_("my-calendar/<str:token>.ics"), mine.feed, name="feed"),
    path(_("attendance/"), attendance.sessions, name="sessions"),
    path(_("attendance/<uuid:session>/"), attendance.attendance, name="attendance"),
    # The addresses of the first mails.
    path("booking/<str:token>/", RedirectView.as_view(pattern_name="bookings:own")),
    path("booking/<str:token>/kalender.ics", RedirectView.as_view(pattern_name="bookings:calendar")),
]
