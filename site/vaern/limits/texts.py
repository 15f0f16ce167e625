"""What somebody is told who has knocked too often."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _

from vaern.design.formats import COPENHAGEN, format_clock, format_phone
from vaern.limits.domain import Denied


def sentence(denied: Denied) -> str:
    """Return what happened, when to try again, and whom to call. The answers in the form are kept by its view."""
    return f"{_why(denied)} {when_and_whom(denied)}"


def _why(denied: Denied) -> str:
    if denied.scope == "network":
        return _("A great deal has been sent from your network within a short time. Nothing has been lost.")
    if denied.scope == "address":
        return _("A great deal has been sent with this e-mail address within a short time. Nothing has been lost.")
    return _("We cannot take this right now. Nothing has been lost.")


def when_and_whom(denied: Denied) -> str:
    """Return from when it is worth trying again, and the telephone number for what cannot wait."""
    return _("Your answers are still here. Try again at %(clock)s, or call us on %(phone)s if it cannot wait.") % {
        "clock": format_clock(next_minute(denied.until)),
        "phone": format_phone(settings.VAERN_PHONE),
    }


def next_minute(moment: dt.datetime) -> dt.datetime:
    """Return the first full minute that is not before `moment`, in Copenhagen."""
    local = moment.astimezone(COPENHAGEN)
    full = local.replace(second=0, microsecond=0)
    return full if full == local else full + dt.timedelta(minutes=1)
