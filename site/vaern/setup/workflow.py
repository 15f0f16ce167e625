"""The workflow of two approvals, given to every page type that takes them."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Workflow, WorkflowContentType, WorkflowTask, get_page_models

from vaern.pages.models import TwoPersonTask
from vaern.people.roles import APPROVER, ROLES

NAME = "To godkendelser"
TASKS = ("Første godkendelse", "Anden godkendelse")


def write_workflow() -> None:
    """Make the workflow, its two tasks and its page types where they are missing; running it again repairs them."""
    approvers = Group.objects.get(name=ROLES[APPROVER].name)
    workflow, _created = Workflow.objects.get_or_create(name=NAME)
    for order, name in enumerate(TASKS):
        task = TwoPersonTask.objects.filter(name=name).first() or TwoPersonTask.objects.create(name=name)
        task.groups.set([approvers])
        WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": order})
    for model in get_page_models():
        if getattr(model, "needs_two_approvals", False):
            content_type = ContentType.objects.get_for_model(model)
            WorkflowContentType.objects.get_or_create(content_type=content_type, defaults={"workflow": workflow})
