"""The list of messages, what is known of one, and the buttons that send it again or give it up."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import django_filters
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from vaern.cms.staff import LocalTimeMixin, ReadOnlyPolicy, StaffIndexView, StaffViewSet
from vaern.design.formats import format_clock, format_date
from vaern.outbox.domain import EXPIRED, GIVEN_UP, REFUSED_FOR_GOOD, give_up, send_again
from vaern.outbox.models import Message
from vaern.outbox.registry import is_secret, kinds, name_of
from vaern.outbox.relay import written

MANAGE, READ = "outbox.manage_messages", "outbox.read_messages"
# What a secret link ends with: nobody but its recipient may follow it.
TOKEN = re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])")


class MessagePolicy(ReadOnlyPolicy):
    """Messages are written by verbs; staff look at them, and may send one again or give it up."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Say whether the user may do it."""
        if action == "manage":
            return bool(user.has_perm(MANAGE))
        return super().user_has_permission(user, action)


class MessageFilterSet(WagtailFilterSet):
    """What the list can be narrowed by. One subject is chosen by a link from it."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=Message.State.choices, empty_label=gettext_lazy("All")
    )
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Message"), choices=kinds, empty_label=gettext_lazy("All"))
    thread = django_filters.CharFilter(label=gettext_lazy("About"), lookup_expr="exact")

    class Meta:
        model = Message
        fields: ClassVar[list[str]] = []


def kind_of(message: Message) -> str:
    """Return what a message is called."""
    return name_of(message.kind)


def about(message: Message) -> str:
    """Return what a message is about: a type and a key, nobody's name."""
    return message.thread or "–"


def age_of(message: Message) -> str:
    """Return how long ago a message was written."""
    return timesince(message.created_at, timezone.now(), depth=1)


def error_of(message: Message) -> str:
    """Return the last error in words where it has words, otherwise its class; never what a server said."""
    if message.last_error.startswith(REFUSED_FOR_GOOD):
        return _("Returned: %(code)s") % {"code": message.last_error.removeprefix(REFUSED_FOR_GOOD).strip()}
    return {EXPIRED: _("Too late to be of use"), GIVEN_UP: _("Given up by staff")}.get(
        message.last_error, message.last_error
    )


def state_of(message: Message) -> str:
    """Return a message's state; one that is being tried again says so."""
    if message.state == Message.State.PENDING and message.attempts:
        return _("Is tried again")
    return message.get_state_display()


class MessageIndexView(StaffIndexView):
    """Every message, the newest first. No address stands here: it is on the message's own page."""

    default_ordering = "-created_at"

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        return [
            self._get_title_column_class(TitleColumn)(
                "kind", label=_("Message"), accessor=kind_of, sort_key="kind", get_url=self.get_inspect_url
            ),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor=state_of,
                sort_key="state",
                primary=lambda message: message.state in {Message.State.FAILED, Message.State.BOUNCED},
            ),
            Column("about", label=_("About"), accessor=about, sort_key="thread"),
            Column("age", label=_("Age"), accessor=age_of, sort_key="created_at"),
            NumberColumn("attempts", label=_("Tries"), sort_key="attempts"),
            Column("last_error", label=_("Last error"), accessor=error_of, sort_key="last_error"),
        ]


class MessageInspectView(LocalTimeMixin, generic.InspectView):
    """A message's facts; its text for those who may read it, as long as it has one."""

    template_name = "outbox/admin/message.html"

    def get_page_subtitle(self) -> str:
        """Return what the message is called."""
        return kind_of(self.object)

    def get_fields_context(self) -> list[dict[str, Any]]:
        """Return the facts as (label, value)."""
        message: Message = self.object
        facts = [
            (_("State"), state_of(message)),
            (_("About"), message.thread),
            (_("Written"), _when(message.created_at)),
            (_("Sent"), _when(message.sent_at)),
            (_("Next try"), _when(message.send_after) if message.state == Message.State.PENDING else ""),
            (_("Tries"), str(message.attempts)),
            (_("Last error"), error_of(message)),
            (_("Recipient"), message.recipient if self._may_read else ""),
            (_("Language"), message.language),
            (_("Message-ID"), str(message.uuid)),
        ]
        return [{"label": label, "value": value} for label, value in facts if value]

    @property
    def _may_read(self) -> bool:
        return bool(self.request.user.has_perm(READ))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the text, and which buttons there are."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        message: Message = self.object
        manages = self.request.user.has_perm(MANAGE)
        pending = message.state == Message.State.PENDING
        sendable = pending or (message.state == Message.State.FAILED and bool(message.context))
        return {
            **context,
            "text": self._text(message) if self._may_read else None,
            "again_url": reverse("staff_messages:again", args=[message.pk]) if manages and sendable else "",
            "give_up_url": reverse("staff_messages:give_up", args=[message.pk]) if manages and pending else "",
        }

    def _text(self, message: Message) -> dict[str, str]:
        """Return the text as it would leave now, without secret links; or why there is none."""
        if is_secret(message.kind):
            return {"note": _("Only the recipient can read this message.")}
        if not message.context:
            return {"note": _("The text is deleted when a message has left or is given up.")}
        try:
            mail = written(message)
        except Exception:  # noqa: BLE001 - the same failure keeps it from being sent, and the page must still open
            return {"note": _("The text cannot be written. That is why it is not sent.")}
        return {"subject": TOKEN.sub("•••", mail.subject), "body": TOKEN.sub("•••", mail.body)}


def _when(moment: Any) -> str:
    return f"{format_date(moment, 'plain')} {format_clock(moment)}" if moment else ""


class MessageVerbView(PermissionCheckedMixin, View):
    """Does one thing to a message, by POST alone."""

    model = Message
    permission_required = "manage"
    http_method_names = ["post"]
    done: str | Promise = ""
    too_late: str | Promise = gettext_lazy("Nothing was changed: the message has left, or is on its way.")

    def do(self, message_id: int, actor_id: int) -> bool:
        """Call the verb."""
        raise NotImplementedError

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it and go back to the message."""
        get_object_or_404(Message, pk=pk)
        if self.do(pk, request.user.pk or 0):
            messages.success(request, self.done)
        else:
            messages.warning(request, self.too_late)
        return redirect(reverse("staff_messages:inspect", args=[pk]))


class SendAgainView(MessageVerbView):
    """Sends a message again."""

    done = gettext_lazy("The message is sent again within a minute.")

    def do(self, message_id: int, actor_id: int) -> bool:
        """Call the verb."""
        return send_again(message_id=message_id, actor_id=actor_id)


class GiveUpView(MessageVerbView):
    """Gives a message up."""

    done = gettext_lazy("The message is given up and will not be sent.")

    def do(self, message_id: int, actor_id: int) -> bool:
        """Call the verb."""
        return give_up(message_id=message_id, actor_id=actor_id)


class MessageViewSet(StaffViewSet):
    """Looking at what leaves the house and what does not."""

    model = Message
    name = "staff_messages"
    url_prefix = "messages"
    icon = "mail"
    menu_label = gettext_lazy("Messages")
    without: ClassVar = StaffViewSet.without | {"add", "edit"}
    search_fields: ClassVar = ["thread", "last_error"]
    filterset_class = MessageFilterSet
    index_view_class = MessageIndexView
    inspect_view_class = MessageInspectView

    def get_form_class(self, for_update: bool = False) -> None:
        """Return nothing: there is no form, the verbs write messages."""
        return

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add what the buttons call."""
        return [
            *super().get_urlpatterns(),
            path("again/<int:pk>/", self.construct_view(SendAgainView), name="again"),
            path("give-up/<int:pk>/", self.construct_view(GiveUpView), name="give_up"),
        ]
