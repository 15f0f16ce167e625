"""The choices that materials are described and found by."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who uses the material."""

    TEACHERS = "teachers", _("Teachers")
    PARENTS = "parents", _("Parents")
    PROFESSIONALS = "professionals", _("Professionals")


class Format(models.TextChoices):
    """What kind of thing it is."""

    LESSON = "lesson", _("Lesson plan")
    COURSE = "course", _("Course of lessons")
    FILM = "film", _("Film")
    GAME = "game", _("Game")
    CARDS = "cards", _("Dilemma cards")
    PRESENTATION = "presentation", _("Presentation")
    GUIDE = "guide", _("Conversation guide")


class Language(models.TextChoices):
    """The language that pupils meet in the material."""

    DANISH = "da", _("Danish")
    ENGLISH = "en", _("English")


class Evaluation(models.TextChoices):
    """How far it has been tried."""

    NONE = "", _("Not tried out yet")
    PILOT = "pilot", _("Pilot: being tried out")
    TRIED = "tried", _("Tried out in classes")
    EVALUATED = "evaluated", _("Evaluated")


class Licence(models.TextChoices):
    """What others may do with it."""

    CC_BY = "cc-by-4.0", _("CC BY 4.0: share and change it, and name the source")
    CC_BY_SA = "cc-by-sa-4.0", _("CC BY-SA 4.0: share and change it on the same terms, and name the source")
    CC_BY_NC = "cc-by-nc-4.0", _("CC BY-NC 4.0: share and change it, not for profit, and name the source")
    CC0 = "cc0-1.0", _("CC0: use it freely")
    OWN = "own", _("Own terms")


LICENCE_ADDRESSES = {
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
    Licence.CC_BY_NC: "https://creativecommons.org/licenses/by-nc/4.0/",
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
}


class Role(models.TextChoices):
    """What a file is for."""

    PUPILS = "pupils", _("Pupil sheet")
    TEACHER = "teacher", _("For the teacher")
    CARDS = "cards", _("Cards to print")
    SLIDES = "slides", _("Slides")
    OTHER = "other", _("Other")
    PLAN = "plan", _("Lesson plan as PDF")


# What an editor may say of an attachment; the lesson plan's PDF is made by us.
ATTACHMENT_ROLES = [choice for choice in Role.choices if choice[0] != Role.PLAN]
