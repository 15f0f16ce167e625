"""The parts of a lesson plan that come in numbers: learning goals and steps."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, IntegerBlock, RichTextBlock, StreamBlock, StructBlock, TextBlock

# No links to documents: a version has its own files, which nobody can exchange.
TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link"]


class GoalBlock(StructBlock):
    """What the pupils learn, and where that goal is written."""

    text = TextBlock(label=_("Goal"), max_length=400, help_text=_("What the pupils can do afterwards."))
    framework = CharBlock(
        label=_("Framework"),
        max_length=120,
        required=False,
        help_text=_("For example: Fælles Mål, dansk, efter 6. klasse"),
    )
    area = CharBlock(label=_("Area of competence"), max_length=120, required=False)

    class Meta:
        icon = "crosshairs"
        label = _("Learning goal")


class GoalsBlock(StreamBlock):
    """The learning goals."""

    goal = GoalBlock()


class StepBlock(StructBlock):
    """One step of the lesson: how long it takes and what happens."""

    title = CharBlock(label=_("Title"), max_length=80)
    minutes = IntegerBlock(label=_("Minutes"), min_value=1, max_value=600)
    text = RichTextBlock(label=_("What happens"), features=TEXT_FEATURES)

    class Meta:
        icon = "list-ol"
        label = _("Step")


class StepsBlock(StreamBlock):
    """The steps in their order."""

    step = StepBlock()
