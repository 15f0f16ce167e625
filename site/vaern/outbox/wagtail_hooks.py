"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from vaern.outbox.admin import texts
from vaern.outbox.admin.messages import MessagePolicy, MessageViewSet
from vaern.outbox.models import Message

register_permission_policy(Message, MessagePolicy(Message))


class TextsMenuItem(MenuItem):
    """The way to the texts, for those who may change them."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether the user sees it."""
        return bool(request.user.has_perm(texts.CHANGE))


class MessagesGroup(ViewSetGroup):
    """What leaves the house, and what it says."""

    menu_label = _("Messages")
    menu_name = "messages"
    menu_icon = "mail"
    menu_order = 155
    items = (MessageViewSet,)

    def get_submenu_items(self) -> list[MenuItem]:
        """Add the texts to the submenu."""
        item = TextsMenuItem(_("Texts of messages"), reverse("staff_texts"), icon_name="edit", order=200)
        return [*super().get_submenu_items(), item]


@hooks.register("register_admin_viewset")
def message_screens() -> MessagesGroup:
    """Put messages into the menu."""
    return MessagesGroup()


@hooks.register("register_admin_urls")
def text_screens() -> list[URLPattern]:
    """Give the texts their addresses."""
    one = "message-texts/<str:key>/<str:language>/"
    return [
        path("message-texts/", texts.TextListView.as_view(), name="staff_texts"),
        path(one, texts.TextEditView.as_view(), name="staff_texts_edit"),
        path(f"{one}preview/", texts.TextPreviewView.as_view(), name="staff_texts_preview"),
        path(f"{one}reset/", texts.TextResetView.as_view(), name="staff_texts_reset"),
    ]
