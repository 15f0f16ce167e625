"""Keep and drop saved views of lists: a person's own way of looking, so nothing is written to the audit log."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from vaern.workspace.models import SavedView

# What is about one moment of looking, and not about the view.
NOT_KEPT = frozenset({"p", "_w_filter_fragment", "export"})
MOST_QUERY = 1000


class TooMany(Exception):
    """The list has as many saved views as one person may have."""


def kept_query(query: str) -> str:
    """Return a list's query in the one form in which it is kept: without page numbers and empty filters, in order."""
    pairs = [(name, value) for name, value in parse_qsl(query) if name not in NOT_KEPT and value]
    return urlencode(sorted(pairs))


@transaction.atomic
def save_view(*, user_id: int, of_list: str, name: str, query: str) -> SavedView:
    """Keep a view under a name; the same name again changes what it shows. Raises TooMany, or ValueError for a query
    that is too long to keep."""
    kept = kept_query(query)
    if len(kept) > MOST_QUERY:
        raise ValueError("the query is too long")
    own = SavedView.objects.filter(user_id=user_id, list=of_list)
    if not own.filter(name=name).exists() and own.count() >= SavedView.MOST:
        raise TooMany
    view, _new = SavedView.objects.update_or_create(user_id=user_id, list=of_list, name=name, defaults={"query": kept})
    return view


def drop_view(*, user_id: int, view_id: int) -> bool:
    """Drop one of the user's own views; False when there is none such."""
    deleted, _rows = SavedView.objects.filter(user_id=user_id, pk=view_id).delete()
    return bool(deleted)
