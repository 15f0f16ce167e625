"""What was reported, in words."""

from __future__ import annotations

from django import template

from bookings import texts

register = template.Library()

register.filter("came", texts.came)
