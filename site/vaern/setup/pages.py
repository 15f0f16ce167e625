"""The first pages: a front page, a catalogue and the page for those who worry, in both languages."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Locale, Page, Site

from courses.models import CataloguePage
from vaern.guidance.models import WorriedPage
from vaern.pages.models import HomePage
from vaern.people.roles import EDITOR, ROLES

ROOT_TITLE = "Alle sider"
TITLES = {
    "home": {"da": "Værn", "en": "Værn"},
    "catalogue": {"da": "Workshops", "en": "Workshops"},
    "worried": {"da": "Er du bekymret?", "en": "Are you worried?"},
}
SLUGS = {
    "home": {"da": "forside", "en": "home"},
    "catalogue": {"da": "workshops", "en": "workshops"},
    "worried": {"da": "er-du-bekymret", "en": "are-you-worried"},
}


def write_first_pages() -> None:
    """Make what is missing of the first pages; pages that are there stay as they are."""
    danish, english = (Locale.objects.get_or_create(language_code=code)[0] for code, _name in settings.LANGUAGES)
    # Wagtail's name of the tree's root stands at the top of the editors' screens.
    for root in Page.objects.filter(depth=1, title="Root"):
        root.title = root.draft_title = ROOT_TITLE
        root.save(update_fields=["title", "draft_title"])
    home = HomePage.objects.filter(locale=danish).first() or _first_home(danish)
    english_home = _translated(home, english, "home")
    for key, model in (("catalogue", CataloguePage), ("worried", WorriedPage)):
        page = model.objects.child_of(home).first()
        if page is None:
            page = model(
                title=TITLES[key]["da"],
                slug=SLUGS[key]["da"],
                locale=danish,
                show_in_menus=key == "catalogue",
            )
            home.add_child(instance=page)
        _translated(page, english, key, under=english_home)
    _let_editors_edit()


def _first_home(danish: Locale) -> HomePage:
    """Put our front page where Wagtail's welcome page was, and point the site at it."""
    root = Page.get_first_root_node()
    home = HomePage(title=TITLES["home"]["da"], slug=SLUGS["home"]["da"], locale=danish)
    root.add_child(instance=home)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "port": 80, "root_page": home, "site_name": "Værn"},
    )
    Page.objects.child_of(root).exclude(pk=home.pk).filter(slug="home", content_type__model="page").delete()
    return home


def _translated(page: Page, locale: Locale, key: str, under: Page | None = None) -> Page:
    """Return the page's translation, made as a copy under `under` (or beside the page) when there is none."""
    found = page.get_translation_or_none(locale)
    if found is not None:
        return found
    translated = page.copy_for_translation(locale)
    translated.title, translated.slug = TITLES[key][locale.language_code], SLUGS[key][locale.language_code]
    translated.draft_title = translated.title
    translated.save_revision().publish()
    return page.get_translation(locale)


def _let_editors_edit() -> None:
    """Give editors the whole tree, and pictures and documents."""
    group = Group.objects.get(name=ROLES[EDITOR].name)
    root = Page.get_first_root_node()
    for codename in ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    for app_label, codename in (
        ("wagtailimages", "add_image"),
        ("wagtailimages", "change_image"),
        ("wagtailimages", "choose_image"),
        ("wagtaildocs", "add_document"),
        ("wagtaildocs", "change_document"),
        ("wagtaildocs", "choose_document"),
    ):
        permission = Permission.objects.get(content_type__app_label=app_label, codename=codename)
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=Collection.get_first_root_node(), permission=permission
        )
