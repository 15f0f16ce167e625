"""How a form of the public site becomes HTML (``FORM_RENDERER``)."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.template.loader import get_template


class DesignRenderer(DjangoTemplates):
    """Lays out whole forms and single fields with our components; the widgets inside stay Django's own.

    ``{{ form }}`` and ``{{ form.name.as_field_group }}`` use ``templates/components/forms/``. Every other
    template name is looked up exactly as Django does by default, so Wagtail's admin, which lays out its
    fields itself, sees no difference and ``django.forms`` need not be an installed app.
    """

    form_template_name = "components/forms/form.html"
    formset_template_name = "components/forms/formset.html"
    field_template_name = "components/forms/field.html"

    def get_template(self, template_name: str) -> Any:
        """Return one of our components from the project's templates, anything else from Django's."""
        if template_name.startswith("components/"):
            return get_template(template_name)
        return super().get_template(template_name)
