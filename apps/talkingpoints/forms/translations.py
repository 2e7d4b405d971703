"""Translating a point."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from apps.core.form_fields import LineField, TextField
from apps.core.text_lengths import CLAIM, PASSAGE


class TranslationForm(forms.Form):
    """A point in another language; in its own, the passage alone."""

    title = LineField(label=gettext_lazy("Title"), required=False)
    claim = TextField(label=gettext_lazy("Claim"), required=False, max_length=CLAIM, rows=4)
    passage = TextField(
        label=gettext_lazy("Passage"),
        required=False,
        max_length=PASSAGE,
        rows=7,
        help_text=gettext_lazy("The paragraph that a letter inserts for this point"),
    )

    def __init__(self, data: Any, *, language: str, direction: str, original: bool, **options: Any) -> None:
        super().__init__(data, **options)
        if original:
            del self.fields["title"], self.fields["claim"]
        for box in self.fields.values():
            box.widget.attrs |= {"lang": language, "dir": direction}
