"""The verbs on goals: so far, to change a target."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from vaern.audit.domain import record
from vaern.goals.models import GoalYear, TargetChange


class YearClosed(Exception):
    """A closed year's target stands."""


@transaction.atomic
def change_target(*, goal_year_id: int, low: int, high: int | None, reason: str, actor_id: int) -> GoalYear:
    """Change a year's target and keep what it was, with reason, person and time (domain.md §5).

    Changing it to what it is writes nothing. Raises YearClosed; ValueError for an empty reason or low above high.
    """
    goal_year = GoalYear.objects.select_for_update().get(pk=goal_year_id)
    if goal_year.state == GoalYear.State.CLOSED:
        raise YearClosed
    if not reason.strip() or (high is not None and low > high):
        raise ValueError("a change of target needs a reason, and low must not be above high")
    if (goal_year.low, goal_year.high) == (low, high):
        return goal_year
    TargetChange.objects.create(
        goal_year=goal_year,
        old_low=goal_year.low,
        old_high=goal_year.high,
        new_low=low,
        new_high=high,
        reason=reason.strip(),
        changed_by_id=actor_id,
        changed_at=timezone.now(),
    )
    goal_year.low, goal_year.high = low, high
    goal_year.save(update_fields=["low", "high"])
    record(
        action="goal.target_changed",
        subject_type="goal_year",
        subject_key=str(goal_year.pk),
        actor_id=actor_id,
        low=low,
        high=high,
    )
    return goal_year
