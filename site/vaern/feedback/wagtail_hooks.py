"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses."""

from __future__ import annotations

from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import register_permission_policy

from vaern.cms.staff import KeepingPolicy
from vaern.feedback.admin import FeedbackViewSet
from vaern.feedback.dashboard import may_read
from vaern.feedback.models import Feedback


class FeedbackPolicy(KeepingPolicy):
    """Readers write answers; editors mark them; the job deletes them."""

    denied: ClassVar = frozenset({"add", "delete"})


register_permission_policy(Feedback, FeedbackPolicy(Feedback))


@hooks.register("register_admin_viewset")
def feedback() -> FeedbackViewSet:
    """Put the inbox into the menu."""
    return FeedbackViewSet()


class TallyMenuItem(MenuItem):
    """The counts, for those who read feedback."""

    def is_shown(self, request: object) -> bool:
        """Hide it from others."""
        return may_read(request.user)  # type: ignore[attr-defined]


@hooks.register("register_reports_menu_item")
def tally() -> MenuItem:
    """Put the counts among the reports."""
    return TallyMenuItem(_("Answers by page"), reverse("feedback:tally"), icon_name="comment", order=120)
