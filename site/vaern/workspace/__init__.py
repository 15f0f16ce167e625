"""The coordinator's workspace in the staff screens: the day, lists, a session's page, series of dates, the calendar."""
