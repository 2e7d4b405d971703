"""What people type, as it is kept: by forms and by files alike, so that what is exported comes back as it was.

Words in any script, without the signs that no reader sees.
"""

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

TOO_LONG = _("This has %(show_value)d characters; at most %(limit_value)d fit. Shorten it.")


def visible(text: str) -> str:
    """Without control characters and those that turn the direction of what follows: they deceive whoever reads."""
    if text.isprintable():  # nearly always, and told at once: files hold half a million cells
        return text
    return "".join(
        char
        for char in text
        if char == "\n" or unicodedata.category(char) not in {"Cc", "Cf"} or char in "\u200c\u200d"
    )


def one_line(text: str) -> str:
    """Spaces around and within are no part of it."""
    line = " ".join(text.split())
    return line if line.isprintable() else " ".join(visible(line).split())


def several_lines(text: str) -> str:
    """As it stands, with indentation and empty lines, a tab as a space; only what is around it goes."""
    return visible(text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")).strip()


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
        words = {"max_length": TOO_LONG, **options.pop("error_messages", {})}
        super().__init__(max_length=max_length, widget=widget, error_messages=words, **options)

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        """Without the limit: a browser that knows it cuts off what is pasted and says nothing."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def to_python(self, value: Any) -> str:
        return several_lines(super().to_python(value) or "")
