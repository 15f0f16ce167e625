"""Sessions, bookings, visits and attendance. Slim: what is; the verbs are in `bookings.domain`."""

from bookings.models.attendance import AttendanceRecord, SubstituteLink, WalkIn
from bookings.models.booking import Booking, GroupLine, Overtaking, PersonLine
from bookings.models.deadlines import DeadlineRule
from bookings.models.feed import CalendarFeed
from bookings.models.session import Session, SessionSeries
from bookings.models.visit import VisitGroup, VisitRequest, VisitWish

__all__ = [
    "AttendanceRecord",
    "Booking",
    "CalendarFeed",
    "DeadlineRule",
    "GroupLine",
    "Overtaking",
    "PersonLine",
    "Session",
    "SessionSeries",
    "SubstituteLink",
    "VisitGroup",
    "VisitRequest",
    "VisitWish",
    "WalkIn",
]
