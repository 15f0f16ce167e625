"""This year's and last year's goals, for years that `setup_site` does not write."""

from __future__ import annotations

from django.utils import timezone

from vaern.goals.models import Goal, GoalYear


def load_goal_years() -> None:
    """Write the goals of this year and the last where they are missing, with the newest targets there are."""
    this_year = timezone.localdate().year
    for goal in Goal.objects.all():
        newest = GoalYear.objects.filter(goal=goal).order_by("-year").first()
        if newest is None:
            continue
        for year in (this_year - 1, this_year):
            GoalYear.objects.get_or_create(goal=goal, year=year, defaults={"low": newest.low, "high": newest.high})
