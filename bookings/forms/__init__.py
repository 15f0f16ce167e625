"""The forms of booking and attendance. They check what is written; the verbs decide."""

from bookings.forms.attendance import AttendanceKeyForm, LineAttendanceForm
from bookings.forms.classes import MAX_GROUPS, ClassForm, GroupFormSet
from bookings.forms.contact import ContactForm
from bookings.forms.fields import AddressField, HeadCountField, PhoneField, PlainCharField
from bookings.forms.people import MAX_TEAM, ParentsForm, PersonFormSet, StaffForm

__all__ = [
    "MAX_GROUPS",
    "MAX_TEAM",
    "AddressField",
    "AttendanceKeyForm",
    "ClassForm",
    "ContactForm",
    "GroupFormSet",
    "HeadCountField",
    "LineAttendanceForm",
    "ParentsForm",
    "PersonFormSet",
    "PhoneField",
    "PlainCharField",
    "StaffForm",
]
