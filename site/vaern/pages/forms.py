"""The form of every page: its content is checked before it is saved or published."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import BlockField

from vaern.pages.checks.extract import pieces_of
from vaern.pages.checks.pieces import Finding
from vaern.pages.checks.rules import looks_like_cpr
from vaern.pages.checks.service import check_values


class CheckedPageForm(WagtailAdminPageForm):
    """Refuses CPR numbers always, and the other errors when the page is to be published or approved."""

    def clean(self) -> dict[str, Any]:
        """Add what the checks find to the fields it is in."""
        cleaned: dict[str, Any] = super().clean()
        for finding in self.content_findings(cleaned):
            if finding.never_stored or (finding.error and not self.is_deferred_validation):
                self.add_error(self._field_for(finding), str(finding))
        self._refuse_cpr_in_rows()
        return cleaned

    def content_findings(self, cleaned: dict[str, Any]) -> list[Finding]:
        """Return the remarks on what stands in the form now."""
        page = self.instance
        pieces = pieces_of(type(page), lambda name: cleaned[name] if name in cleaned else getattr(page, name))
        if page.locale_id is None and self.parent_page is not None:
            page.locale = self.parent_page.locale
        return check_values(page, pieces)

    def _field_for(self, finding: Finding) -> str | None:
        """Return the field that shows the remark; a body of blocks shows only one, so the top of the form does."""
        field = self.fields.get(finding.field)
        return finding.field if field is not None and not isinstance(field, BlockField) else None

    def _refuse_cpr_in_rows(self) -> None:
        """Look through the rows below the page's own fields (steps, lines)."""
        for formset in self.formsets.values():
            for form in formset.forms:
                values = getattr(form, "cleaned_data", {}).items()
                for name, value in values:
                    if name in form.fields and isinstance(value, str) and looks_like_cpr(value):
                        self.add_error(None, _("This looks like a CPR number. Take it out: Værn never holds them."))
