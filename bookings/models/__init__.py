"""Sessions, bookings and attendance. Slim: what is; the verbs are in `bookings.domain`."""

from bookings.models.attendance import AttendanceRecord
from bookings.models.booking import Booking, GroupLine
from bookings.models.deadlines import DeadlineRule
from bookings.models.session import Session

__all__ = ["AttendanceRecord", "Booking", "DeadlineRule", "GroupLine", "Session"]
