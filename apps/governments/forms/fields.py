"""Fields for what is written about recipients."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Office, Recipient
from ..typed import one_line, several_lines

#: languages that letters are written in: those of the organisation, and Arabic
LETTER_LANGUAGES = [("en", _("English")), ("fr", _("French")), ("es", _("Spanish")), ("ar", _("Arabic"))]
KINDS = [
    (Office.Kind.CAPITAL.value, _("A ministry in the capital")),
    (Office.Kind.MISSION.value, _("The mission to the organisation")),
    (Office.Kind.HEAD.value, _("Head of state or government")),
    (Office.Kind.PARLIAMENT.value, _("Parliament")),
    (Office.Kind.OTHER.value, _("Elsewhere")),
]
FORMS_OF_ADDRESS = [
    (Recipient.Form.MASCULINE.value, _("Masculine")),
    (Recipient.Form.FEMININE.value, _("Feminine")),
    (Recipient.Form.UNKNOWN.value, _("Not known")),
]


class LineField(forms.CharField):
    """One line in any script: spaces around and within are no part of it."""

    def __init__(self, *, dir: str = "auto", max_length: int = 200, **options: Any) -> None:
        widget = forms.TextInput(attrs={"dir": dir, **options.pop("attrs", {})})
        super().__init__(max_length=max_length, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


class TextField(forms.CharField):
    """Several lines."""

    def __init__(self, *, max_length: int, rows: int = 3, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
        super().__init__(max_length=max_length, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        return several_lines(super().to_python(value) or "")


def mail_field(**options: Any) -> forms.EmailField:
    return forms.EmailField(
        max_length=254,
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        error_messages={"invalid": _("This is not a mail address. It has the form name@domain.org.")},
        **options,
    )
