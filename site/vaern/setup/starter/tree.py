"""How starter and demo pages are put into the tree, as an editor would do it."""

from __future__ import annotations

from wagtail.models import Locale, Page


def locales() -> dict[str, Locale]:
    """Return the site's languages by their code."""
    return {locale.language_code: locale for locale in Locale.objects.all()}


def publish(page: Page) -> None:
    """Publish what was set on the page, as an editor would: with a revision."""
    page.draft_title = page.title
    page.save_revision().publish()


def translate(page: Page, locale: Locale) -> Page:
    """Return the page's translation, made as an unpublished copy when there is none."""
    found: Page = page.get_translation_or_none(locale) or page.copy_for_translation(locale)
    return found
