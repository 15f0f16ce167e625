"""Addresses of booking and attendance; their English words are in `vaern.addresses`."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from bookings.views import (
    attendance,
    booking,
    door,
    links,
    mine,
    opendata,
    own,
    rollfiles,
    series,
    sessions,
    substitute,
    visits,
    walkins,
)

app_name = "bookings"

urlpatterns = [
    path("bestil/<uuid:session>/", booking.book, name="book"),
    path("bestil-raekke/<uuid:series>/", series.book, name="book_series"),
    path("oensk-besoeg/<uuid:workshop>/", visits.ask, name="ask_visit"),
    path("mit-besoeg/<str:token>/", visits.own, name="visit"),
    path("mit-besoeg/<str:token>/svar/", visits.answer, name="answer_visit"),
    path("find-min-booking/", links.resend, name="resend"),
    path("min-booking/<str:token>/", own.own, name="own"),
    path("min-booking/<str:token>/afbestil/", own.cancel_own, name="cancel"),
    path("min-booking/<str:token>/svar/", own.answer_offer, name="answer_offer"),
    path("min-booking/<str:token>/ret/", own.change, name="change"),
    path("min-booking/<str:token>/flyt/", own.move, name="move"),
    path("min-booking/<str:token>/kalender.ics", own.own_calendar, name="calendar"),
    path("min-booking/<str:token>/abonner/", mine.subscribe, name="subscribe"),
    path("mine-bookinger/", mine.bookings, name="mine"),
    path("mine-bookinger/abonner/", mine.subscribe_signed_in, name="subscribe_signed_in"),
    path("min-kalender/<str:token>/vaern.ics", mine.feed, name="feed"),
    path("fremmoede/", sessions.sessions, name="sessions"),
    path("fremmoede/<uuid:session>/", attendance.attendance, name="attendance"),
    path("fremmoede/<uuid:session>/uden-booking/", walkins.walk_in, name="walk_in"),
    path("fremmoede/<uuid:session>/vikar/", substitute.links, name="substitute_links"),
    path("fremmoede/<uuid:session>/liste/", rollfiles.paper_list, name="paper_list"),
    path("fremmoede/<uuid:session>/fil/", rollfiles.upload, name="roll_file"),
    path("fremmoede/<uuid:session>/fil/skabelon/", rollfiles.template_file, name="roll_template"),
    path("fremmoede/<uuid:session>/plakat/", door.poster, name="poster"),
    path("fremmoede/<uuid:session>/plakat.pdf", door.poster_pdf, name="poster_pdf"),
    path("vikar/<str:token>/", substitute.roll, name="substitute"),
    path("vikar/<str:token>/uden-booking/", substitute.walk_in, name="substitute_walk_in"),
    path("tjek-ind/<uuid:session>/<str:token>/", door.check_in, name="check_in"),
    path("data/", opendata.data_page, name="data"),
    path("data/datoer.ics", opendata.calendar_feed, name="data_calendar"),
    path("data/datoer.atom", opendata.atom_feed, name="data_atom"),
    path("data/workshops.json", opendata.catalogue_json, name="data_json"),
    path("data/workshops.csv", opendata.catalogue_csv, name="data_csv"),
    # The addresses of the first mails.
    path("booking/<str:token>/", RedirectView.as_view(pattern_name="bookings:own")),
    path("booking/<str:token>/kalender.ics", RedirectView.as_view(pattern_name="bookings:calendar")),
]
