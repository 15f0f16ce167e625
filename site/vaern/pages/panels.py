"""The panel "Kontrol" at the top of every page's form: what the checks find in the page as it is saved."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel

from vaern.pages.checks.service import check_page


class ContentCheckPanel(Panel):
    """Shows remarks; changes nothing."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one page."""

        template_name = "pages/admin/check_panel.html"

        def is_shown(self) -> bool:
            """Show it once the page has been saved."""
            return bool(super().is_shown() and self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the remarks, errors and advice apart."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            findings = check_page(self.instance)
            return {
                **context,
                "page": self.instance,
                "errors": [finding for finding in findings if finding.error],
                "advice": [finding for finding in findings if not finding.error],
            }
