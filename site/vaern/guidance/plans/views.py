"""Doors for readers: the versions of the plan, what is in them, what changed between them, and their files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import urlencode
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vaern.guidance.models import PlanFile, PlanVersion
from vaern.guidance.plans.compare import What, compare
from vaern.guidance.plans.queries import adopted_versions, files_of, frozen_text, live_plan, plan_at
from vaern.guidance.plans.readers import Frozen
from vaern.guidance.plans.snapshot import read_text
from vaern.guidance.plans.text import Card, Chapter, PlanText
from vaern.pagecache.middleware import same_for_all
from vaern.pages.navigation import breadcrumbs, keep_query

Number = tuple[int, int]
TYPES = {"pdf": "application/pdf", "zip": "application/zip", "json": "application/json"}
CURRENT = "nu"


@same_for_all
@require_safe
def versions(request: HttpRequest, plan: str) -> HttpResponse:
    """Show the change log: every adopted version, the newest first."""
    rows = adopted_versions(plan)
    if not rows:
        return _elsewhere(plan, lambda slug: reverse("plan:versions", args=[slug])) or _none_yet(request, plan)
    language = _language()
    page = live_plan(rows[0].plan_key, language)
    context = {
        "plan_title": page.title if page else _title(rows[0], language),
        "plan_url": page.get_url(request) if page else "",
        "versions": [
            {
                "version": row,
                "note": row.note(language),
                "url": _version_url(row),
                "since_url": _compare_url(row, row_before),
                "before": row_before,
            }
            for row, row_before in zip(rows, [*rows[1:], None], strict=True)
        ],
        "current": rows[0],
        "compare_url": reverse("plan:compare", args=[plan]),
        "breadcrumbs": _crumbs(request, rows[0], (_("Versions and changes"), "")),
    }
    return render(request, "guidance/versions.html", context)


@same_for_all
@require_safe
def version(request: HttpRequest, plan: str, number: Number) -> HttpResponse:
    """Show a version as it was adopted."""
    rows, found = _find(plan, number)
    if found is None:
        return _elsewhere(plan, lambda slug: reverse("plan:version", args=[slug, number])) or _missing()
    frozen, context = _frozen(request, rows, found)
    if frozen is not None:
        files = files_of(found, frozen.language)
        context |= {
            "contents": frozen.contents(),
            "gaps": _gaps(found, frozen),
            "files": {kind: files.get((kind, "")) for kind in (PlanFile.Kind.PLAN, PlanFile.Kind.PACK)},
            "text_url": reverse("plan:file", args=[plan, number, text_name(found)]),
        }
    context["breadcrumbs"] = _crumbs(request, found, *_versions_crumb(found), (_number_words(found), ""))
    return _noindex(render(request, "guidance/version.html", context))


@same_for_all
@require_safe
def version_chapter(request: HttpRequest, plan: str, number: Number, chapter: str) -> HttpResponse:
    """Show a chapter as it was adopted."""
    return _part(request, plan, number, chapter, None)


@same_for_all
@require_safe
def version_card(request: HttpRequest, plan: str, number: Number, chapter: str, card: str) -> HttpResponse:
    """Show an action card as it was adopted."""
    return _part(request, plan, number, chapter, card)


def _part(request: HttpRequest, plan: str, number: Number, chapter_slug: str, card_slug: str | None) -> HttpResponse:
    rows, found = _find(plan, number)
    if found is None:
        name, rest = ("version_card", [chapter_slug, card_slug]) if card_slug else ("version_chapter", [chapter_slug])
        return _elsewhere(plan, lambda slug: reverse(f"plan:{name}", args=[slug, number, *rest])) or _missing()
    frozen, context = _frozen(request, rows, found)
    chapter, card = _at(frozen.text, chapter_slug, card_slug) if frozen else (None, None)
    if frozen is None or chapter is None:
        return _in_other_language(
            request, found, frozen, chapter_slug=chapter_slug, card_slug=card_slug, context=context
        )
    title = card.title if card else chapter.title
    kind, key = (PlanFile.Kind.CARD, card.key) if card else (PlanFile.Kind.CHAPTER, chapter.key)
    crumbs = [*_versions_crumb(found), (_number_words(found), frozen.url())]
    crumbs += [(chapter.title, frozen.url(chapter)), (title, "")] if card else [(title, "")]
    before, after = frozen.around(chapter)
    context |= {
        "chapter": chapter,
        "chapter_url": frozen.url(chapter),
        "card": card,
        "sections": [] if card else frozen.bodies(chapter),
        "cards": [] if card else frozen.chapter_entry(chapter).cards,
        "card_html": frozen.html(card.html) if card else "",
        "gaps": [] if card else _gaps(found, frozen, below=chapter.key),
        "previous": None if card else before,
        "next": None if card else after,
        "file": files_of(found, frozen.language).get((kind, key)),
        "breadcrumbs": _crumbs(request, found, *crumbs),
    }
    return _noindex(render(request, "guidance/version_part.html", context))


@same_for_all
@require_safe
def comparison(request: HttpRequest, plan: str) -> HttpResponse:
    """Show what changed from one adopted version (`fra`) to another or to the published text (`til`, else now)."""
    rows = adopted_versions(plan)
    if not rows:
        query = request.GET.urlencode()
        ending = f"?{query}" if query else ""
        return _elsewhere(plan, lambda slug: reverse("plan:compare", args=[slug]) + ending) or _missing()
    language = _language()
    numbers = {row.number: row for row in rows}
    asked_old, asked_new = request.GET.get("fra", ""), request.GET.get("til", "")
    unknown = [each for each in (asked_old, asked_new) if each not in {"", CURRENT, *numbers}]
    old = numbers.get(asked_old) or rows[0]
    new = numbers.get(asked_new)
    if unknown or (new is not None and (new.major, new.minor) < (old.major, old.minor)):
        old, new = (new or rows[0], old) if not unknown else (rows[0], None)
    if not unknown:
        keep_query(request, urlencode({name: said for name, said in (("fra", asked_old), ("til", asked_new)) if said}))
    before = _text_in(old, language)
    after = _text_in(new, language) if new else read_text(old.plan_key).get(language)
    found = compare(before, after) if before and after else None
    page = live_plan(rows[0].plan_key, language)
    context = {
        "versions": rows,
        "old": old,
        "new": new,
        "unknown": unknown,
        "plan_title": page.title if page else _title(rows[0], language),
        "plan_url": page.get_url(request) if page else "",
        "old_url": _version_url(old),
        "new_url": _version_url(new) if new else "",
        "compare_url": reverse("plan:compare", args=[plan]),
        "comparison": found,
        "counts": {what.value: found.total(what) for what in What} if found else {},
        "has_old": before is not None,
        "has_new": after is not None,
        "breadcrumbs": _crumbs(request, rows[0], *_versions_crumb(rows[0]), (_("What changed"), "")),
    }
    return _noindex(render(request, "guidance/compare.html", context))


@require_safe
def version_file(request: HttpRequest, plan: str, number: Number, name: str) -> HttpResponse:
    """Return a file of an adopted version, the same bytes each time; the frozen text itself is one of them."""
    _rows, found = _find(plan, number)
    if found is None:
        return _elsewhere(plan, lambda slug: reverse("plan:file", args=[slug, number, name])) or _missing()
    if name == text_name(found):
        content, sha256 = found.content.encode(), found.sha256
    else:
        file = PlanFile.objects.filter(version=found, language=_language(), name=name).first()
        if file is None or not default_storage.exists(file.path):
            raise Http404
        with default_storage.open(file.path) as stored:
            content, sha256 = stored.read(), file.sha256
    etag = f'"{sha256}"'
    response = HttpResponse(content, content_type=TYPES[name.rsplit(".", 1)[1]])
    response.headers["ETag"] = etag
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "public, max-age=86400"
    return get_conditional_response(request, etag=etag, response=_noindex(response)) or response


def text_name(version: PlanVersion) -> str:
    """Return the name under which a version's canonical text is served, so that anybody can check its SHA-256."""
    return f"tekst-{version.number}.json"


# -- what they share --------------------------------------------------------------------------------------


def _language() -> str:
    return get_language() or "da"


def _find(slug: str, number: Number) -> tuple[list[PlanVersion], PlanVersion | None]:
    """Return all adopted versions, and the one asked for with its text. Two queries."""
    rows = adopted_versions(slug)
    if number not in {(row.major, row.minor) for row in rows}:
        return rows, None
    return rows, PlanVersion.objects.adopted().get(slug=slug, major=number[0], minor=number[1])


def _elsewhere(slug: str, address: Callable[[str], str]) -> HttpResponseRedirect | None:
    """Lead from a page's address to that of its versions: a renamed page, or the page in another language."""
    key = plan_at(slug)
    home = PlanVersion.objects.adopted().light().filter(plan_key=key).first() if key else None
    return redirect(address(home.slug)) if home and home.slug != slug else None


def _missing() -> HttpResponse:
    raise Http404


def _none_yet(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that the plan has no adopted version, where there is a plan at all."""
    key = plan_at(slug)
    page = live_plan(key, _language()) if key else None
    if page is None:
        raise Http404
    crumbs = breadcrumbs((page.title, page.get_url(request) or ""), (_("Versions and changes"), ""))
    context = {"plan_title": page.title, "plan_url": page.get_url(request), "versions": [], "breadcrumbs": crumbs}
    return render(request, "guidance/versions.html", context)


def _frozen(request: HttpRequest, rows: list[PlanVersion], found: PlanVersion) -> tuple[Frozen | None, dict[str, Any]]:
    language = _language()
    texts = frozen_text(found)
    text = texts.get(language)
    frozen = Frozen(found, text, language) if text else None
    current = rows[0]
    context = {
        "version": found,
        "note": found.note(language),
        "frozen": frozen,
        "is_current": current.pk == found.pk,
        "current": current,
        "current_url": _version_url(current),
        "version_url": _version_url(found),
        "since_url": _compare_url(None, found),
        "log_url": reverse("plan:versions", args=[found.slug]),
        "title": text.title if text else _("The preparedness plan"),
        "other_languages": [] if text else [(code, _plan_url_in(code, found)) for code in sorted(texts)],
    }
    return frozen, context


def _at(text: PlanText, chapter_slug: str, card_slug: str | None) -> tuple[Chapter | None, Card | None]:
    chapter = text.chapter(chapter_slug)
    if chapter is None or card_slug is None:
        return chapter, None
    card = chapter.card(card_slug)
    return (chapter, card) if card else (None, None)


def _in_other_language(
    request: HttpRequest,
    found: PlanVersion,
    frozen: Frozen | None,
    *,
    chapter_slug: str,
    card_slug: str | None,
    context: dict[str, Any],
) -> HttpResponse:
    """Lead from another language's address to the same part in this one, or say that it was not translated."""
    for language, text in frozen_text(found).items():
        chapter, card = _at(text, chapter_slug, card_slug)
        if chapter is None:
            continue
        key = card.key if card else chapter.key
        if frozen is not None and key in frozen.text.parts_by_key():
            return redirect(frozen.url(*frozen.text.parts_by_key()[key]))
        words = _("This part has not been translated.")
        context |= {
            "untranslated_url": _url_in(language, Frozen(found, text, language), chapter, card),
            "untranslated_language": language,
            "title": words,
            "breadcrumbs": _crumbs(
                request, found, *_versions_crumb(found), (_number_words(found), _version_url(found)), (words, "")
            ),
        }
        return _noindex(render(request, "guidance/version_part.html", context))
    raise Http404


def _url_in(language: str, frozen: Frozen, chapter: Chapter | None, card: Card | None) -> str:
    with override(language):
        return frozen.url(chapter, card)


def _plan_url_in(language: str, found: PlanVersion) -> str:
    with override(language):
        return _version_url(found)


def _gaps(found: PlanVersion, frozen: Frozen, *, below: str = "") -> list[dict[str, Any]]:
    """Return what this language lacked then, and where another has it."""
    gaps = []
    for language, text in frozen_text(found).items():
        parts = text.parts_by_key()
        for missing in frozen.text.untranslated:
            chapter, card = parts.get(missing.key, (None, None))
            if chapter is not None and (not below or (card is not None and chapter.key == below)):
                url = _url_in(language, Frozen(found, text, language), chapter, card)
                gaps.append({"number": missing.number, "is_card": missing.is_card, "url": url, "language": language})
    return gaps


def _text_in(version: PlanVersion, language: str) -> PlanText | None:
    return frozen_text(PlanVersion.objects.get(pk=version.pk)).get(language)


def _title(version: PlanVersion, language: str) -> str:
    return version.title if language == "da" else _("The preparedness plan")


def _version_url(version: PlanVersion) -> str:
    return reverse("plan:version", args=[version.slug, version.number])


def _compare_url(new: PlanVersion | None, old: PlanVersion | None) -> str:
    if old is None:
        return ""
    ending = f"&til={new.number}" if new else ""
    return f"{reverse('plan:compare', args=[old.slug])}?fra={old.number}{ending}"


def _number_words(version: PlanVersion) -> str:
    return _("Version %(number)s") % {"number": version.number}


def _versions_crumb(version: PlanVersion) -> list[tuple[str, str]]:
    return [(_("Versions and changes"), reverse("plan:versions", args=[version.slug]))]


def _crumbs(request: HttpRequest, version: PlanVersion, *here: tuple[str, str]) -> list[dict[str, str]]:
    page = live_plan(version.plan_key, _language())
    plan = [(page.title, page.get_url(request) or "")] if page else []
    return breadcrumbs(*plan, *here)


def _noindex(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex"
    return response
