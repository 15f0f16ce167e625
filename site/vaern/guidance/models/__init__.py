"""Guidance: the preparedness plan with its chapters and action cards, and the page for those who worry."""

from vaern.guidance.models.cards import ActionCardPage
from vaern.guidance.models.plan import ChapterPage, PlanPage
from vaern.guidance.models.versions import PlanFile, PlanVersion, RevisionReminder
from vaern.guidance.models.worried import WorriedPage

__all__ = [
    "ActionCardPage",
    "ChapterPage",
    "PlanFile",
    "PlanPage",
    "PlanVersion",
    "RevisionReminder",
    "WorriedPage",
]
