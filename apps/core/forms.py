"""How forms are rendered, and shown errors of the domain."""

from typing import Any

from django.forms import BaseForm, IntegerField
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from .errors import DomainError

#: templates of widgets with a box to write in or choose from
BOXED = {
    f"django/forms/widgets/{name}.html"
    for name in ("text", "textarea", "email", "url", "tel", "number", "search", "date", "datetime", "time", "select")
}


class FormRenderer(TemplatesSetting):
    """Renders forms with templates/forms/, and widgets with templates/django/forms/widgets/ or Django's own."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """Adds the class `input` to boxed widgets."""
        if template_name in BOXED:
            attributes = context["widget"]["attrs"]
            attributes["class"] = f"input {attributes.get('class', '')}".strip()
        return super().render(template_name, context, request)


class NumberField(IntegerField):
    """A whole number, with plain error messages."""

    default_error_messages = {
        "invalid": _("Write a whole number, in digits."),
        "min_value": _("Write %(limit_value)s or a larger number."),
        "max_value": _("Write %(limit_value)s or a smaller number."),
    }


def add_error(form: BaseForm, error: DomainError) -> None:
    """Show a service's error beside its field, or above the form where it has no such field."""
    form.add_error(error.field if error.field in form.fields else None, str(error))
