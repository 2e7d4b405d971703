"""What a person gives to an import: the file, and how to read it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .spreadsheets.delimited_text import DELIMITERS, ENCODINGS
from .spreadsheets.table import Options, Sheet


class UploadForm(forms.Form):
    """A table from the person's machine."""

    file = forms.FileField(
        label=_("File with recipients"),
        help_text=_("CSV or XLSX, up to 20 MB and 100,000 rows, headings in any order and language."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        allow_empty_file=True,  # it is told in our own words
    )


class ReadingForm(forms.Form):
    """How the file is read; shows what was guessed."""

    encoding = forms.ChoiceField(label=_("Encoding"), choices=list(ENCODINGS.items()))
    delimiter = forms.ChoiceField(label=_("Delimiter"), choices=list(DELIMITERS.items()))
    sheet = forms.ChoiceField(label=_("Sheet"))
    heading_row = forms.IntegerField(label=_("Row of the headings"), min_value=1, max_value=2_000_000)

    def __init__(self, data: Any = None, *, sheet: Sheet) -> None:
        table = sheet.table
        shown = {
            "encoding": table.encoding,
            "delimiter": table.delimiter,
            "sheet": table.sheet,
            "heading_row": sheet.heading_row,
        }
        super().__init__(data, initial=shown)
        for name in ("sheet",) if table.kind == "csv" else ("encoding", "delimiter"):
            del self.fields[name]
        if "sheet" in self.fields:
            self.fields["sheet"].choices = [(name, name) for name in table.sheets]  # type: ignore[attr-defined]

    def options(self) -> Options:
        """What was chosen. The row of the headings counts where it was changed: another sheet has them elsewhere."""
        chosen = {key: value for key, value in self.cleaned_data.items() if value}
        if chosen.get("heading_row") == self.initial["heading_row"]:
            del chosen["heading_row"]
        return Options(**chosen)
