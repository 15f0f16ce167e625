"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from vaern.cms import choosers, snippets

choosers.install()
snippets.install()


@hooks.register("insert_global_admin_js")
def start_widgets() -> SafeString:
    """Load the script that starts date fields, choosers and panels, in place of Wagtail's inline scripts."""
    return format_html('<script src="{}"></script>', static("cms/admin-csp.js"))
