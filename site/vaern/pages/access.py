"""Which pages are restricted, in SQL: the answer of Wagtail's `Page.get_view_restrictions`, for one page or for a list.

The one place for this rule. A restriction holds for its page and for the pages below. An alias has none of its own: it
has those of its original, however many aliases there are in between, and so have the pages below the alias. As in
Wagtail, an alias does not inherit from the pages above its original. Wagtail's own `public()` does not know of aliases.
"""

from __future__ import annotations

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from wagtail.models import Page, PageViewRestriction

# Each restriction with the pages that it is on: its own, the aliases of that, and their aliases. Django's query sets
# cannot follow a chain of unknown length; nothing but paths, as parameters, comes into the SQL.
_COVERED = """
    WITH RECURSIVE covered(restriction_id, page_id) AS (
        SELECT restriction.id, restriction.page_id
        FROM wagtailcore_pageviewrestriction restriction
        JOIN wagtailcore_page page ON page.id = restriction.page_id
        WHERE page.alias_of_id IS NULL
        UNION
        SELECT covered.restriction_id, alias.id
        FROM covered JOIN wagtailcore_page alias ON alias.alias_of_id = covered.page_id
    )
"""
_PAGES = _COVERED + "SELECT page_id FROM covered"  # noqa: S608
_RESTRICTIONS = _COVERED + "SELECT restriction_id FROM covered JOIN wagtailcore_page page ON page.id = page_id "  # noqa: S608


def restricted_itself() -> Q:
    """Return the condition that a page, or what it is an alias of, is restricted; the pages above it are not asked."""
    return Q(pk__in=RawSQL(_PAGES, ()))  # noqa: S611


def closed(path: str = "path") -> Exists:
    """Return the condition that not everybody may read the page whose path is in the column `path`."""
    asked = ExpressionWrapper(OuterRef(path), output_field=CharField())
    above = Page.objects.filter(restricted_itself()).order_by().alias(asked=asked)
    return Exists(above.filter(asked__startswith=F("path")))


def restrictions_on(page: Page) -> QuerySet[PageViewRestriction]:
    """Return the restrictions that hold for a page; one query where Wagtail's own way takes two or more."""
    size = type(page).steplen
    paths = [page.path[:end] for end in range(size, len(page.path) + 1, size)]
    if not paths:
        none: QuerySet[PageViewRestriction] = PageViewRestriction.objects.none()
        return none
    sql = _RESTRICTIONS + "WHERE page.path IN (" + ", ".join(["%s"] * len(paths)) + ")"
    found: QuerySet[PageViewRestriction] = PageViewRestriction.objects.filter(pk__in=RawSQL(sql, paths))  # noqa: S611
    return found
