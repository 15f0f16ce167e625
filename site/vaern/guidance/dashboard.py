"""The plan and the contacts on the home page of the admin: what is to be decided, revised and checked."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vaern.cms.dashboard import ROWS, DashboardPanel, Listing, Row, first_rows, register_panel
from vaern.guidance import permissions
from vaern.guidance.models import Contact, PlanVersion
from vaern.guidance.plans import rules


def plan(request: HttpRequest) -> Listing:
    """Return the proposals that wait for a decision, and the plans whose revision is due within six months. One query.

    A proposal is listed for whoever may decide on it, and for its proposer, who sees that it waits for another.
    """
    states = (PlanVersion.State.PROPOSED, PlanVersion.State.ADOPTED)
    in_order = F("major").desc(), F("minor").desc()
    versions = list(PlanVersion.objects.light().filter(state__in=states).order_by("plan_key", *in_order))
    newest: dict[Any, PlanVersion] = {}
    for version in versions:
        if version.state == PlanVersion.State.ADOPTED:
            newest.setdefault(version.plan_key, version)
    rows = [
        Row(str(version), _to(version), _waits(version, request.user))
        for version in versions
        if version.state == PlanVersion.State.PROPOSED
    ]
    rows += [Row(str(version), _to(version), said) for version in newest.values() if (said := _due(version))]
    return Listing(len(rows), rows[:ROWS], reverse("staff_plan_versions:index"))


def _to(version: PlanVersion) -> str:
    return reverse("staff_plan_versions:inspect", args=[version.pk])


def _waits(version: PlanVersion, user: Any) -> str:
    day = date_format(timezone.localtime(version.proposed_at), "j. F Y")
    if version.proposed_by_id == user.pk or not user.has_perm(permissions.DECIDE):
        return _("Proposed on %(day)s; waits for a decision") % {"day": day}
    return _("Proposed on %(day)s; waits for your decision") % {"day": day}


def _due(version: PlanVersion) -> str:
    if version.revision_due_on is None:
        return ""
    day = date_format(version.revision_due_on, "j. F Y")
    match rules.due(version.revision_due_on, timezone.localdate()):
        case rules.Due.OVERDUE:
            return _("Should have been revised by %(day)s") % {"day": day}
        case rules.Due.SOON:
            return _("To be revised by %(day)s") % {"day": day}
    return ""


def unchecked(request: HttpRequest) -> Listing:
    """Return the contacts that were never checked or not for six months, those never checked first."""
    overdue = Contact.objects.overdue(timezone.localdate())
    count, rows = first_rows(overdue.order_by(F("last_checked_on").asc(nulls_first=True), "position", "name_da"))
    return Listing(
        count,
        [
            Row(
                str(contact),
                reverse("staff_contacts:edit", args=[contact.pk]),
                _("Last checked on %(day)s") % {"day": date_format(contact.last_checked_on, "j. F Y")}
                if contact.last_checked_on
                else _("Never checked"),
            )
            for contact in rows
        ],
        reverse("staff_contacts:list") + "?check=overdue",
    )


def may_check(user: Any) -> bool:
    """Say whether the user keeps the contacts."""
    return bool(user.has_perm("guidance.change_contact"))


register_panel(
    DashboardPanel(
        "plan",
        gettext_lazy("The preparedness plan"),
        gettext_lazy("No proposal waits, and no revision is due within six months."),
        permissions.may_follow,
        plan,
        25,
    )
)
register_panel(
    DashboardPanel(
        "contacts",
        gettext_lazy("Contacts to check"),
        gettext_lazy("Every number has been checked within six months."),
        may_check,
        unchecked,
        35,
    )
)
