"""How forms are rendered, and how pages show errors of the domain."""

import re
from collections.abc import Callable
from typing import Any, cast

from django.forms import (
    BaseForm,
    BaseFormSet,
    BooleanField,
    ChoiceField,
    DateField,
    Field,
    FileField,
    IntegerField,
    ModelMultipleChoiceField,
    MultipleChoiceField,
)
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from .errors import DomainError
from .types import Label

#: as people write them in any language, with one kind of separator
THOUSANDS = re.compile(r"\d{1,3}([\s.,'’٬])\d{3}(?:\1\d{3})*")
#: templates of widgets with a box to write in or choose from
BOXED = {
    f"django/forms/widgets/{name}.html"
    for name in ("text", "textarea", "email", "url", "tel", "number", "search", "date", "datetime", "time", "select")
}


#: name of the buttons that show a page in another language, with what is typed in its form
SWITCH_LANGUAGE = "switch_language"


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


#: what an empty field says that has no words of its own
EMPTY: dict[type[Field], Label] = {
    Field: _("Fill this in."),
    ChoiceField: _("Choose one."),
    MultipleChoiceField: _("Choose at least one."),
    ModelMultipleChoiceField: _("Choose at least one."),
    BooleanField: _("Tick this to go on."),
    FileField: _("Choose a file."),
    DateField: _("Enter a day."),
}


def empty_fields_say_what_to_do() -> None:
    """Django's own words, "This field is required.", tell nobody what to do."""
    for field, words in EMPTY.items():
        field.default_error_messages = {**field.default_error_messages, "required": cast("str", words)}


class NumberField(IntegerField):
    """A whole number, with plain error messages. Thousands may stand apart: "1 250", "1.250", "1,250"."""

    default_error_messages = {
        "invalid": _("Write a whole number, in digits."),
        "min_value": _("Write %(limit_value)s or a larger number."),
        "max_value": _("Write %(limit_value)s or a smaller number."),
    }

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and THOUSANDS.fullmatch(value.strip()):
            value = re.sub(r"\D", "", value)
        return super().to_python(value)


def add_error(form: BaseForm, error: DomainError) -> None:
    """Show a service's error beside its field, or above the form where it has no such field."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


def is_switch(form: BaseForm) -> bool:
    """Whether one of the buttons was pressed that show the page in another language, with what is typed."""
    return form.is_bound and SWITCH_LANGUAGE in form.data


def is_untouched_switch(form: BaseForm) -> bool:
    """The same while nothing is typed that has to be kept: the page in that language will do."""
    return is_switch(form) and not form.has_changed()


def submit[Saved](form: BaseForm, save: Callable[[], Saved], *formsets: "BaseFormSet[Any]") -> tuple[Saved | None, int]:
    """The result of `save` if the form and formsets are valid, and the HTTP status of the page.

    None for an unbound form (status 200) and where there are errors; those of the service are added to the form. A form
    that is only shown in another language is neither checked nor saved.
    """
    if is_switch(form):
        form._errors = ErrorDict(renderer=form.renderer)  # type: ignore[attr-defined]  # as full_clean() sets it
        return None, 200
    if not form.is_bound:
        return None, 200
    if not all([form.is_valid(), *(formset.is_valid() for formset in formsets)]):
        return None, 400
    try:
        return save(), 200
    except DomainError as error:
        add_error(form, error)
        return None, error.status
