"""Two approvals by two persons, none of whom wrote the text, before a page of guidance is published.

The rule is asked where a revision becomes public (`BasePage.publish`), so that every door meets it: the editor, bulk
actions, scheduling, reverting. The workflow's task asks the same rule for whom it offers the decision.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import AbstractGroupApprovalTask, PagePermissionTester, Revision, TaskState

APPROVALS = 2


class NotApprovedError(PermissionDenied):
    """Raised when a page that takes two approvals is about to be published without them."""


def enough_approvals(*, approvers: Iterable[int | None], authors: Iterable[int | None]) -> bool:
    """Say whether two persons have approved who wrote nothing of it. Pure."""
    return len({one for one in approvers if one is not None} - set(authors)) >= APPROVALS


def author_ids(page: Any) -> set[int]:
    """Return who has written on what is not public yet: every revision after the live one."""
    newer = page.revisions.filter(user__isnull=False)
    if page.live_revision_id:
        newer = newer.filter(pk__gt=page.live_revision_id)
    return set(newer.values_list("user_id", flat=True))


def require_approvals(*, page: Any, revision: Revision) -> None:
    """Pass if this very revision has its two approvals. Raises NotApprovedError."""
    states = TaskState.objects.filter(
        revision=revision,
        status=TaskState.STATUS_APPROVED,
        task__content_type__app_label=TwoPersonTask._meta.app_label,
        task__content_type__model=TwoPersonTask._meta.model_name,
    )
    approvers = set(states.values_list("finished_by_id", flat=True))
    requested = set(states.values_list("workflow_state__requested_by_id", flat=True))
    if not enough_approvals(approvers=approvers, authors=author_ids(page) | requested):
        raise NotApprovedError(_("This page is published when two people who did not write it have approved it."))


class TwoPersonTask(AbstractGroupApprovalTask):
    """One of the two approvals: by a member of the group who neither wrote the text nor gave the other approval."""

    class Meta:
        verbose_name = gettext_lazy("approval by another person")
        verbose_name_plural = gettext_lazy("approvals by another person")

    def may_decide(self, page: Any, user: Any) -> bool:
        """Say whether this person may decide on this page. Administrators are no exception."""
        return bool(user.is_active) and bool(self._user_in_groups(user)) and user.pk not in self.excluded_ids(page)

    def excluded_ids(self, page: Any) -> set[int]:
        """Return who may not decide: the authors, who asked for it, and who gave the other approval."""
        state = page.current_workflow_state
        if state is None:
            return author_ids(page)
        approved = state.task_states.filter(status=TaskState.STATUS_APPROVED, revision_id=page.latest_revision_id)
        others = set(approved.exclude(task=self).values_list("finished_by_id", flat=True))
        return author_ids(page) | others | {state.requested_by_id}

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """Offer the decision to those who may make it."""
        return list(super().get_actions(obj, user)) if self.may_decide(obj, user) else []

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Take the decision. Raises PermissionDenied when it is not this person's to make."""
        page = task_state.workflow_state.content_object
        if not self.may_decide(page, user):
            raise PermissionDenied
        if action_name == "approve" and task_state.revision_id != page.latest_revision_id:
            raise PermissionDenied(_("The page has been changed since. Read it again."))
        super().on_action(task_state, user, action_name, **kwargs)

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Let the group read the draft where it is edited; who changes it can no longer approve it."""
        return bool(self._user_in_groups(user))

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """Return what waits for this person's decision."""
        if not self._user_in_groups(user):
            return TaskState.objects.none()
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).exclude(revision__user=user)
        waiting = waiting.exclude(workflow_state__requested_by=user)
        own = TaskState.objects.filter(
            finished_by=user,
            status=TaskState.STATUS_APPROVED,
            workflow_state=OuterRef("workflow_state"),
            revision=OuterRef("revision"),
        )
        waiting = waiting.exclude(Exists(own))
        return TaskState.objects.filter(pk__in=waiting.values("pk"))

    @classmethod
    def get_description(cls) -> str:
        """Say what it is in the list of kinds of tasks."""
        return _("A member of the groups approves, but nobody who wrote the text or gave the other approval.")


class ApprovedOnlyTester(PagePermissionTester):
    """What a person may do with a page that takes two approvals. Superusers are no exception to the two approvals.

    Taking such a page off the site is not held up: wrong advice must be gone at once. Deleting or moving it is, as
    long as it is public.
    """

    def can_publish(self) -> bool:
        """Refuse: the workflow publishes."""
        return False

    def can_unschedule(self) -> bool:
        """Let those who publish other pages call a publication off."""
        return bool(super().can_publish())

    def can_set_view_restrictions(self) -> bool:
        """Let those who publish other pages choose who may read it."""
        return bool(super().can_publish())

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Refuse while it is public: take it off the site first."""
        if self.page.live or self.page.get_descendants().filter(live=True).exists():
            return False
        return bool(super().can_delete(ignore_bulk=ignore_bulk))

    def can_publish_subpage(self) -> bool:
        """Refuse: what is below such a page takes approvals as well."""
        return False
