"""What Wagtail's workflows tell, told through the outbox: in the same transaction, in Danish, sent by the worker.

Wagtail's own mails are switched off: it would send them in the middle of a request, past the outbox.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from vaern.editors.domain import language_of
from vaern.outbox.domain import enqueue
from vaern.pages.approval import TwoPersonTask
from vaern.people.models import User


def silence_wagtail() -> None:
    """Take Wagtail's mails off its signals; this app stands after Wagtail's in INSTALLED_APPS for that."""
    for signal, sender, uid in (
        (task_submitted, TaskState, "group_approval_task_submitted_email_notification"),
        (workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
        (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
        (workflow_approved, WorkflowState, "workflow_state_approved_email_notification"),
    ):
        signal.disconnect(sender=sender, dispatch_uid=uid)


silence_wagtail()


def deciders(task: TwoPersonTask, page: Any) -> QuerySet[User]:
    """Return who may take this decision on the page."""
    excluded = task.excluded_ids(page)
    people = User.objects.filter(groups__in=task.groups.all(), is_active=True).exclude(email="")
    return people.exclude(pk__in=excluded).distinct().select_related("wagtail_userprofile").order_by("pk")


def tell_deciders(*, instance: TaskState, **_kwargs: Any) -> None:
    """Write a message to each who may decide."""
    task = instance.task.specific
    if isinstance(task, TwoPersonTask):
        page = instance.workflow_state.content_object
        for user in deciders(task, page):
            _write("editors.to_approve", user, page)


def tell_approved(*, instance: WorkflowState, user: Any = None, **_kwargs: Any) -> None:
    """Write to the one who asked."""
    _tell_requester("editors.approved", instance, user)


def tell_rejected(*, instance: WorkflowState, user: Any = None, **_kwargs: Any) -> None:
    """Write to the one who asked."""
    _tell_requester("editors.rejected", instance, user)


def _tell_requester(kind: str, state: WorkflowState, actor: Any) -> None:
    person = state.requested_by
    if person and person.is_active and person.email and person != actor:
        _write(kind, person, state.content_object)


def _write(kind: str, user: Any, page: Any) -> None:
    enqueue(kind=kind, recipient=user.email, language=language_of(user), context={"page": page.pk})


task_submitted.connect(tell_deciders, dispatch_uid="vaern_tell_deciders")
workflow_approved.connect(tell_approved, dispatch_uid="vaern_tell_approved")
workflow_rejected.connect(tell_rejected, dispatch_uid="vaern_tell_rejected")
