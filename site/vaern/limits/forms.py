"""Instead of a captcha: a field that people never see, and the moment the form was made, signed.

A form class inherits `GuardedForm`; its template includes `components/forms/guard.html`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

SALT = "vaern.limits.served"
# People read a form for longer than this. Whoever does not is not turned away: it counts as three (HURRIED_WEIGHT).
TOO_FAST = dt.timedelta(seconds=2)
TOO_OLD = dt.timedelta(hours=24)
HURRIED_WEIGHT = 3


def stamp() -> str:
    """Return the moment that a form is made, signed."""
    return signing.TimestampSigner(salt=SALT).sign("form")


class GuardedForm(forms.Form):
    """Asks once more, with every answer kept, when a form is too old, has no stamp of ours or a filled-in trap."""

    served = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(
        required=False,
        label=_("Leave this field empty"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    hurried = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound and not self.initial.get("served"):
            self.initial["served"] = stamp()

    @property
    def weight(self) -> int:
        """Return how much sending this form counts (`vaern.limits.domain.admit`). Checked forms only."""
        return HURRIED_WEIGHT if self.hurried else 1

    def clean(self) -> dict[str, Any]:
        """Look at the trap and at the stamp; what is wrong is mended here, so that sending again is enough."""
        data = super().clean() or {}
        trapped = bool(data.pop("website", ""))
        age = _age(data.pop("served", ""))
        if trapped:
            self._put("website", "")
            self.add_error(None, _("A field that must be empty was filled in. We have emptied it: send again."))
        elif age is None:
            self._put("served", stamp())
            self.add_error(None, _("The form was incomplete. Look it through and send it again."))
        elif age > TOO_OLD:
            self._put("served", stamp())
            self.add_error(
                None, _("The form has been open for more than a day. Look your answers through and send it again.")
            )
        else:
            self.hurried = age < TOO_FAST
        return data

    def _put(self, name: str, value: str) -> None:
        """Change what the form shows when it is drawn again."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix(name)] = value
        self.data = data


def _age(written: str) -> dt.timedelta | None:
    """Return how long ago we made the form, or None when the stamp is not ours."""
    signer = signing.TimestampSigner(salt=SALT)
    try:
        signer.unsign(written)
        moment = signing.b62_decode(written.rsplit(signer.sep, 2)[1])
    except (signing.BadSignature, ValueError, IndexError):
        return None
    return dt.timedelta(seconds=max(0.0, dt.datetime.now(tz=dt.UTC).timestamp() - moment))
