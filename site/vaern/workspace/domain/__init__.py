"""What the workspace changes: saved views, messages by hand, series of dates, facilitators of several sessions."""
