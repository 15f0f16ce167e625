"""The search page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vaern.pages.navigation import breadcrumbs, keep_query
from vaern.search import kinds, queries, rules
from vaern.search.domain import count_miss
from vaern.search.models import Entry

A_PAGE = 10


@dataclass(frozen=True)
class Result:
    """A page as it is listed."""

    title: SafeString
    url: str
    kind: str
    text: SafeString


@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Show what is found for `q`, of one kind when `kind` is given. Without `q`, only the field."""
    language, now = get_language() or "da", timezone.now()
    query = " ".join(request.GET.get("q", "").split())[: rules.LONGEST_QUERY]
    context: dict[str, Any] = {"query": query, "breadcrumbs": breadcrumbs((_("Search"), "")), "is_search": True}
    if query:
        keep_query(request, urlencode({"q": query}))
        terms = rules.read_query(query, language, queries.synonyms(language))
        found = queries.find(terms, language, now=now)
        chosen = request.GET.get("kind", "")
        shown = [one for one in found if not chosen or kinds.key_of(one.kind) == chosen]
        page = Paginator([one.pk for one in shown], A_PAGE).get_page(request.GET.get("page"))
        stems = rules.stems_of(terms, language)
        context |= {
            "kinds": kinds.kinds_of(found),
            "chosen": chosen,
            "all_count": len(found),
            "page_of_results": page,
            "results": [_result(request, entry, stems) for entry in queries.read(list(page.object_list))],
        }
        if not found:
            context |= _nothing_found(request, query, language)
    return render(request, "search/search.html", context)


def _nothing_found(request: HttpRequest, query: str, language: str) -> dict[str, Any]:
    """Count the vain search, and return what may help: another spelling, the other language."""
    now = timezone.now()
    if request.method == "GET" and not request.user.is_authenticated:
        phrase = rules.countable(query, request.headers.get("User-Agent", ""))
        count_miss(phrase=phrase, language=language, today=timezone.localdate())
    meant = rules.suggestion(query, queries.vocabulary(language, now=now))
    if meant and not queries.find(rules.read_query(meant, language, queries.synonyms(language)), language, now=now):
        meant = ""
    other = queries.other_language(language)
    with translation.override(other):
        other_url = f"{reverse('search')}?{urlencode({'q': query})}"
    return {"meant": meant, "other_language": other, "other_url": other_url}


def _result(request: HttpRequest, entry: Entry, stems: list[str]) -> Result:
    text = " ".join(part for part in (entry.intro, entry.body) if part)
    return Result(
        title=highlighted(entry.title, stems),
        url=entry.page.get_url(request) or "",
        kind=kinds.name_of(entry.kind),
        text=highlighted(rules.excerpt(" ".join(text.split()), stems), stems),
    )


def highlighted(text: str, stems: list[str]) -> SafeString:
    """Return the text as HTML with the words that were searched for marked."""
    pieces = rules.marked(text, stems)
    rows = ((_MARK[0], piece, _MARK[1]) if hit else ("", piece, "") for piece, hit in pieces)
    return format_html_join("", "{}{}{}", rows)


_MARK = (SafeString("<mark>"), SafeString("</mark>"))
