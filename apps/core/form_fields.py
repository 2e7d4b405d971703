"""Form fields for text in any script, cleaned by `apps.core.text` as imported files are."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .digits import western_digits
from .text import clean_line, clean_lines, name_error

#: a field that people do not see and programs fill in
HONEYPOT = "leave_empty"
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
TOO_LONG = _("This has %(show_value)d characters; at most %(limit_value)d fit. Shorten it.")


class LineField(forms.CharField):
    """One line."""

    def __init__(self, *, dir: str = "auto", max_length: int = 200, **options: Any) -> None:
        widget = forms.TextInput(attrs={"dir": dir, **options.pop("attrs", {})})
        super().__init__(max_length=max_length, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class DayField(forms.DateField):
    """A day as 2017-12-13; browsers show their own calendar. Days at the ends of the calendar would overflow when
    converted to another time zone."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **options)

    def to_python(self, value: Any) -> date | None:
        return super().to_python(western_digits(value) if isinstance(value, str) else value)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
            message = _("Enter a day between the years %(first)s and %(last)s.")
            raise ValidationError(message % {"first": EARLIEST_YEAR, "last": LATEST_YEAR})


class NameField(LineField):
    """The name of a person, an organisation or a campaign. No `maxlength`: a browser would cut off a long name."""

    def __init__(self, *, max_length: int = 200, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)
        self.error_messages["required"] = _("Fill this in.")

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def run_validators(self, value: str) -> None:
        if self.max_length is not None and len(value) > self.max_length:
            message = _("This has %(has)s characters; at most %(most)s fit. Use a short form of the name.")
            raise ValidationError(message % {"most": self.max_length, "has": len(value)})
        if value and (error := name_error(value)):
            raise ValidationError(error)


class EmailField(forms.EmailField):
    """As long as the column that stores it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=254,
            error_messages={"invalid": _("Enter an email address like name@example.org.")},
            **options,
        )


class TextField(forms.CharField):
    """Several lines."""

    def __init__(self, *, max_length: int, rows: int = 3, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
        messages = {"max_length": TOO_LONG, **options.pop("error_messages", {})}
        super().__init__(max_length=max_length, widget=widget, error_messages=messages, **options)

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        """No `maxlength`: a browser would silently cut off pasted text."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def to_python(self, value: Any) -> str:
        return clean_lines(super().to_python(value) or "")
