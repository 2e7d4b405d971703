"""What a person gives to an import: the file, and how to read it."""

from collections.abc import Mapping

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .spreadsheets.encodings import ENCODINGS
from .spreadsheets.parser_runner import UnreadableFile
from .spreadsheets.reader import Sheet, check_size
from .spreadsheets.table import Options

DELIMITERS = {",": _("Comma ,"), ";": _("Semicolon ;"), "\t": _("Tab"), "|": _("Bar |")}


def encoding_choices() -> list[tuple[str, str]]:
    return [(codec, f"{name} ({gettext(script)})" if script else name) for codec, (name, script) in ENCODINGS.items()]


class UploadForm(forms.Form):
    """A table from the person's machine."""

    file = forms.FileField(
        label=_("File with recipients"),
        help_text=_("CSV or XLSX, up to 20 MB and 100,000 rows. Columns in any order, headings in any language."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        allow_empty_file=True,  # reading it says so in our own words
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        try:
            check_size(file.size or 0)
        except UnreadableFile as error:
            raise forms.ValidationError(str(error)) from None
        return file


class ReadingForm(forms.Form):
    """How the file is read; shows what was guessed."""

    encoding = forms.ChoiceField(label=_("Encoding"), choices=encoding_choices)
    delimiter = forms.ChoiceField(label=_("Delimiter"), choices=list(DELIMITERS.items()))
    sheet = forms.ChoiceField(label=_("Sheet"))
    heading_row = forms.IntegerField(label=_("Row with the headings"), min_value=1, max_value=2_000_000)

    def __init__(self, data: Mapping[str, str] | None = None, *, sheet: Sheet, row_chosen: bool = False) -> None:
        table, self.row_chosen = sheet.table, row_chosen
        shown = {name: getattr(table, name) for name in ("encoding", "delimiter", "sheet")}
        super().__init__(data, initial=shown | {"heading_row": sheet.heading_row})
        for name in ("sheet",) if table.kind == "csv" else ("encoding", "delimiter"):
            del self.fields[name]
        if table.kind != "csv":
            self.fields["sheet"] = forms.ChoiceField(label=_("Sheet"), choices=[(name, name) for name in table.sheets])
            self.order_fields(["sheet", "heading_row"])

    def options(self) -> Options:
        """What was chosen. The heading row counts where somebody chose it for this sheet: a guess is made again."""
        chosen = {key: value for key, value in self.cleaned_data.items() if value}
        kept = self.row_chosen and chosen.get("sheet", "") == self.initial["sheet"]
        if chosen.get("heading_row") == self.initial["heading_row"] and not kept:
            del chosen["heading_row"]
        return Options(**chosen)
