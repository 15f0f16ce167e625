"""The page "Er du bekymret?": numbers to call, and three clicks to what to do now, without a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.url_routing import RouteResult

from vaern.guidance.blocks import GuidanceBlock
from vaern.guidance.models.cards import ActionCardPage
from vaern.guidance.models.help import HelpPage
from vaern.guidance.models.situations import Situation
from vaern.guidance.rules import ANSWER_OF, UNKNOWN, Answer
from vaern.pages.navigation import breadcrumbs, page_breadcrumbs

# In the addresses, the same in both languages: /er-du-bekymret/situation-4/112-under-18/
PREFIX = "situation-"


@dataclass(frozen=True)
class Step:
    """Where a reader is: at a situation, and perhaps at the card for an answer."""

    situation: Situation
    answer: Answer | None = None


class WorriedPage(HelpPage):
    """The constant link in the header leads here; the navigation finds it by this type."""

    general_card = models.ForeignKey(
        ActionCardPage,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("general card"),
        help_text=_("Readers get it where a situation has no card of its own."),
    )
    body = StreamField(GuidanceBlock(), verbose_name=_("content"), blank=True)

    template = "guidance/worried.html"
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = ["guidance.ActionCardPage"]
    content_panels: ClassVar = [*HelpPage.content_panels, FieldPanel("general_card"), FieldPanel("body")]

    class Meta:
        verbose_name = _("worried page")
        verbose_name_plural = _("worried pages")

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Find a step of the way to a card, or else the pages below."""
        if self.live and path_components and path_components[0].startswith(PREFIX):
            return RouteResult(self, kwargs={"step": _step(request, path_components)})
        return super().route(request, path_components)

    def get_template(self, request: HttpRequest, *args: Any, step: Step | None = None, **kwargs: Any) -> str:
        """Return the template of the step."""
        if step is None:
            return self.template
        return "guidance/step.html" if step.answer is None else "guidance/step_card.html"

    def get_context(self, request: HttpRequest, *args: Any, step: Step | None = None, **kwargs: Any) -> dict[str, Any]:
        """Add what the step shows."""
        context = super().get_context(request, *args, **kwargs)
        if step is None:
            return {**context, "situations": list(Situation.objects.in_use()), "prefix": PREFIX}
        here = self.get_url(request) or ""
        step_url = f"{here}{PREFIX}{step.situation.pk}/"
        context |= {"situation": step.situation, "start_url": here, "step_url": step_url}
        context["tab_title"] = gettext("Help and contact, step %(step)s of 3") % {
            "step": 2 if step.answer is None else 3
        }
        crumbs = page_breadcrumbs(request, self)
        if step.answer is None:
            context["breadcrumbs"] = _with_way_back(crumbs, here, (step.situation.title, ""))
            return context
        card = self.card_for(step.situation, step.answer)
        title = card.title if card else step.situation.title
        context["breadcrumbs"] = _with_way_back(crumbs, here, (step.situation.title, step_url), (title, ""))
        return context | {
            "card": card,
            "answer": step.answer,
            # Who does not know the age sees both duties.
            "audience": "" if step.answer.age == UNKNOWN else step.answer.age,
        }

    def card_for(self, situation: Situation, answer: Answer) -> ActionCardPage | None:
        """Return the card for an answer in this page's language, else the general card, else None.

        A card that is a draft, unpublished, scheduled or closed to the public is passed over as if it were missing.
        """
        wanted = [pk for pk in (situation.card_id(answer), self.general_card_id) if pk is not None]
        keys = dict(ActionCardPage.objects.filter(pk__in=wanted).values_list("pk", "translation_key"))
        shown = ActionCardPage.objects.shown(self.locale).filter(translation_key__in=keys.values())
        found = {card.translation_key: card for card in shown}
        return next((found[keys[pk]] for pk in wanted if keys.get(pk) in found), None)


def _with_way_back(crumbs: list[dict[str, str]], start: str, *here: tuple[str, str]) -> list[dict[str, str]]:
    *before, own = crumbs
    return [*before, {**own, "url": start}, *breadcrumbs(*here)[1:]]


def _step(request: HttpRequest, path_components: list[str]) -> Step:
    """Return the step of an address; Http404 for an unknown one. Language links ask for it again: one query."""
    if not hasattr(request, "_vaern_step"):
        number = path_components[0].removeprefix(PREFIX)
        situation = Situation.objects.in_use().filter(pk=int(number)).first() if _is_id(number) else None
        answer = ANSWER_OF.get(path_components[1]) if len(path_components) == 2 else None
        if situation is None or len(path_components) > 2 or (len(path_components) == 2 and answer is None):
            raise Http404
        request._vaern_step = Step(situation, answer)  # type: ignore[attr-defined]
    found: Step = request._vaern_step  # type: ignore[attr-defined]
    return found


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
