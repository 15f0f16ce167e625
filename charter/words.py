"""The sentences of the charter: the statement that is signed, refusals, and what an event is called."""

from __future__ import annotations

from django.utils.translation import gettext as _

from charter.domain.errors import Refused
from charter.models import CharterText
from vaern.design.formats import format_date


def statement(text: CharterText, organisation: str) -> str:
    """Return what the signatory states, word for word as it is shown and kept."""
    return _(
        "I have read “%(title)s”, version %(number)s of %(day)s, and join it on behalf of %(organisation)s. "
        "I am authorised to sign, and I accept to sign electronically."
    ) % {
        "title": text.title,
        "number": text.number,
        "day": format_date(text.approved_on, "plain"),
        "organisation": organisation,
    }


def level_in_words(level: str) -> str:
    """Return what kind of signature it is, and never more than it is."""
    if level == "SES":
        return _("Simple electronic signature, confirmed by a code sent to the registered e-mail address")
    return level


def refused(why: str) -> str:
    """Return why a verb would not, for a form."""
    return {
        Refused.GONE: _("The link cannot be used any more."),
        Refused.STALE: _("The text has been replaced since you read it. Read what has changed, and sign again."),
        Refused.CODE: _("The code does not work. Check it, or ask for a new one."),
        Refused.TOO_EARLY: _("It can be signed anew from 60 days before it runs out."),
        Refused.NO_TEXT: _("No text of the charter is in force."),
        Refused.NO_SIGNATORY: _("The partner has no signatory."),
        Refused.OPEN_REQUEST: _("A request is open already."),
        Refused.OPEN_PROPOSAL: _("Another proposal waits for a decision."),
        Refused.NOT_OPEN: _("It has been decided on or has ended already."),
        Refused.OWN_PROPOSAL: _("Nobody decides on their own proposal."),
        Refused.NOT_OWN: _("Only who made the proposal can take it back."),
        Refused.SAME_TEXT: _("The text is the one that is in force."),
        Refused.KNOWN_ADDRESS: _("A person with this address is a signatory already, or waits for our approval."),
        Refused.NO_REASON: _("Write a reason."),
        Refused.NOT_COVERED: _("The partner's signature must be valid on the day of a new agreement."),
        Refused.IN_FUTURE: _("The day has not come yet."),
    }[why]
