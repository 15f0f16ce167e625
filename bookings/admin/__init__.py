"""The staff screens for sessions and bookings, in Wagtail's admin. They show and ask; the verbs decide."""
