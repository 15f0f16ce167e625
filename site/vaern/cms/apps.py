"""The editors' side of the site: Wagtail's admin, made to run under our content security policy."""

from django.apps import AppConfig


class CmsConfig(AppConfig):
    """Must stand before every Wagtail app in INSTALLED_APPS, because its templates override theirs."""

    name = "vaern.cms"
    label = "cms"
