"""What a file's words name: workshops, administrations, users, districts, yes and no."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.conf import settings
from django.utils.translation import gettext as _

from bookings.rules import fold
from courses.models import WorkshopPage
from vaern.exchange.tables import BadCell
from vaern.people.models import Administration, Organisation, User


class Workshops:
    """The Danish workshops by title, address (slug) or number. One query."""

    def __init__(self) -> None:
        self._by: dict[str, set[int]] = defaultdict(set)
        pages = WorkshopPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE).defer("search_text")
        self._pages = {page.pk: page for page in pages}
        for page in self._pages.values():
            for name in (page.title, page.slug, str(page.pk), str(page.translation_key)):
                self._by[fold(name)].add(page.pk)

    def find(self, name: str) -> WorkshopPage:
        """Return the workshop with this title, slug or number. Raises BadCell for none, or several."""
        found = self._by.get(fold(name), set())
        if not found:
            raise BadCell(_("There is no workshop “%(name)s”. Write its title as on its page.") % {"name": name[:80]})
        if len(found) > 1:
            raise BadCell(
                _("Several workshops are called “%(name)s”. Write the last part of the page’s address instead.")
                % {"name": name[:80]}
            )
        page: WorkshopPage = self._pages[next(iter(found))]
        return page


def district_of(name: str) -> str:
    """Return the key of a district by its name or key. Raises BadCell."""
    for key, called in Organisation.District.choices:
        if fold(name) in {fold(key), fold(str(called))}:
            return str(key)
    raise BadCell(_("There is no district “%(name)s”.") % {"name": name[:40]})


class Administrations:
    """The administrations of every time, by code or name. One query."""

    def __init__(self) -> None:
        self._rows = list(Administration.objects.all())

    def find(self, name: str, day: dt.date) -> Administration:
        """Return the administration that has this code or name on the day. Raises BadCell."""
        for row in self._rows:
            holds = row.valid_from <= day and (row.valid_to is None or day < row.valid_to)
            if holds and fold(name) in {fold(row.code), fold(row.name_da), fold(row.name_en)}:
                found: Administration = row
                return found
        raise BadCell(_("There is no administration “%(name)s” on that day.") % {"name": name[:80]})


class People:
    """Active users with a role, by address. One query."""

    def __init__(self) -> None:
        users = User.objects.filter(is_active=True, groups__isnull=False).distinct()
        self._by = {user.email.lower(): user for user in users}

    def find(self, addresses: str) -> list[User]:
        """Return the users with these addresses, which stand with commas between them. Raises BadCell."""
        found = []
        for address in addresses.replace(";", ",").split(","):
            if not address.strip():
                continue
            user = self._by.get(address.strip().lower())
            if user is None:
                raise BadCell(_("No facilitator has the address %(address)s.") % {"address": address.strip()[:80]})
            found.append(user)
        return found
