"""Guidance: the preparedness plan with its chapters and action cards, and the pages for those who worry."""

from vaern.guidance.models.cards import ActionCardPage
from vaern.guidance.models.contacts import Contact
from vaern.guidance.models.plan import ChapterPage, PlanPage
from vaern.guidance.models.situations import Situation
from vaern.guidance.models.versions import PlanFile, PlanVersion, RevisionReminder
from vaern.guidance.models.workplaces import EffortPage, GuidanceIndexPage, WorkplacePage
from vaern.guidance.models.worried import WorriedPage

__all__ = [
    "ActionCardPage",
    "ChapterPage",
    "Contact",
    "EffortPage",
    "GuidanceIndexPage",
    "PlanFile",
    "PlanPage",
    "PlanVersion",
    "RevisionReminder",
    "Situation",
    "WorkplacePage",
    "WorriedPage",
]
