"""The verbs' refusals in sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vaern.guidance.plans.domain import Refused


def refused(why: str) -> str:
    """Return what to tell staff."""
    return {
        Refused.NOT_PUBLISHED: _("There is no published plan with a chapter. Publish it first."),
        Refused.OPEN_PROPOSAL: _("Another proposal waits. It must be decided on or withdrawn first."),
        Refused.NOT_OPEN: _("This proposal has been decided on already."),
        Refused.OWN_PROPOSAL: _("Nobody decides on their own proposal. Ask a colleague who may approve."),
        Refused.NOT_OWN: _("Only the person who proposed it can withdraw it."),
        Refused.NOT_ALLOWED: _("You have not got the right to do this."),
        Refused.TEXT_CHANGED: _(
            "The published pages are no longer those that were proposed. The proposal must be withdrawn and made anew."
        ),
        Refused.NO_REASON: _("Write a reason."),
        Refused.BODY_MISSING: _("Write who adopted the plan."),
        Refused.TOO_LATE: _("The plan must be revised within four years (barnets lov § 15, stk. 3)."),
        Refused.IN_FUTURE: _("The plan cannot be adopted on a day that has not come."),
        Refused.PUBLISHED_BEFORE: _("The plan cannot be published before it is adopted."),
    }[why]
