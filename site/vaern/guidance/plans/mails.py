"""The message that the plan's revision is due."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vaern.design.formats import format_date
from vaern.guidance.models import PlanVersion
from vaern.guidance.plans.domain import REVISION_DUE
from vaern.outbox.registry import Mail, renders


@renders(REVISION_DUE, name=gettext_lazy("Revision of the plan is due"))
def revision_due(context: dict[str, Any]) -> Mail:
    """Return the reminder; `context` is {"version": id}."""
    version = PlanVersion.objects.light().get(pk=context["version"])
    facts = {
        "plan": version.title,
        "number": version.number,
        "adopted": format_date(version.adopted_on, "plain"),
        "due": format_date(version.revision_due_on, "plain"),
        "link": settings.VAERN_BASE_URL + reverse("staff_plan_versions:index"),
    }
    return Mail(
        subject=_("“%(plan)s” must be revised by %(due)s") % facts,
        body=_(
            "“%(plan)s” version %(number)s was adopted on %(adopted)s. By law the plan is revised at least every four "
            "years (barnets lov § 15, stk. 3). The next version must be adopted by %(due)s.\n\n"
            "Change the chapters, publish them, and propose a new version here:\n\n%(link)s"
        )
        % facts,
    )
