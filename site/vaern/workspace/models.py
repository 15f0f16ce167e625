"""Saved views of lists, and the permission of those who see one administration's people."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A list as somebody wants to see it again: the filters, search and order are its query."""

    class List(models.TextChoices):
        """The lists that have views."""

        SESSIONS = "sessions", _("Sessions")
        BOOKINGS = "bookings", _("Bookings")
        VISITS = "visits", _("Requests for visits")
        ORGANISATIONS = "organisations", _("Organisations")

    MOST: ClassVar = 20

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    list = models.CharField(max_length=20, choices=List.choices)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering: ClassVar = ["name", "pk"]
        permissions: ClassVar = [
            ("see_own_administration", _("Can see the bookings of the own administration's people")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "list", "name"], name="saved_view_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
