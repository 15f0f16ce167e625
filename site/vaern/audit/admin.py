"""Staff forms on plain rows: saved with one audit event in the same transaction (domain.md I8).

They take the place of Wagtail's log, whose entries keep names of people.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.admin.views import generic

from vaern.audit.domain import record


class AuditedCreateView(generic.CreateView):
    """Adds a row and records who did."""

    @transaction.atomic
    def save_instance(self) -> Any:
        """Save the new row with its event."""
        instance = self.form.save()
        _record(self, "added", instance)
        return instance


class AuditedEditView(generic.EditView):
    """Changes a row and records who did and which fields; a form that changes nothing leaves no event."""

    @transaction.atomic
    def save_instance(self) -> Any:
        """Save the row with its event."""
        instance = self.form.save()
        if self.form.changed_data:
            _record(self, "changed", instance, fields=sorted(self.form.changed_data))
        return instance


def _record(view: Any, what: str, instance: Any, **facts: Any) -> None:
    name = instance._meta.model_name
    record(
        action=f"{name}.{what}",
        subject_type=name,
        subject_key=str(instance.pk),
        actor_id=view.request.user.pk,
        **facts,
    )
