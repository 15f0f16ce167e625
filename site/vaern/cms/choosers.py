"""Wagtail's choosers (page, image, document, snippet, task) without the inline script they end with.

Wagtail builds that script in Python, in the one method all choosers inherit, so no template can replace it.
``render`` takes that method's place: the same markup, followed by the marker that ``admin-csp.js`` starts.
Written against Wagtail 8.0; compare with ``BaseChooser.render`` when upgrading.
"""

import json
from typing import Any

from django.utils.html import escapejs, format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets import BaseChooser
from wagtail.admin.widgets.workflows import AdminTaskChooser

MARKER = '{}<span hidden data-cms-start="{}" data-cms-for="{}" data-cms-options="{}"></span>'


def render(
    self: BaseChooser, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
) -> SafeString:
    """Return the chooser's markup and its marker; without an id it could not be started (KeyError)."""
    id_ = (attrs or {})["id"]
    value_data = self.get_value_data(value)
    # The task chooser is the only one that is started by a function of its own.
    start = "createTaskChooser" if isinstance(self, AdminTaskChooser) else self.js_constructor
    options = json.dumps(self.get_js_init_options(id_, name, value_data))
    return format_html(MARKER, self.render_html(name, value_data, attrs), start, id_, escapejs(options))


def install() -> None:
    """Let every chooser use `render`."""
    BaseChooser.render = render
