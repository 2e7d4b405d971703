"""Adding and correcting sources."""

import datetime
import re

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.digits import western_digits
from apps.core.errors import DomainError
from apps.core.form_fields import DayField, LineField, TextField
from apps.core.partial_dates import is_partial_date
from apps.core.text_lengths import NOTE
from apps.core.types import FormData, JsonObject

from .models import DOI_PATTERN, URL_PATTERN, Source
from .services import check_day


class SourceForm(forms.Form):
    title = LineField(
        label=_("Title"),
        max_length=400,
        error_messages={"required": _("A source needs a title. If it has none, describe it.")},
    )
    form = forms.ChoiceField(label=pgettext_lazy("kind of publication", "Form"), choices=Source.Form.choices)
    authors = LineField(
        label=_("Authors"),
        required=False,
        max_length=4000,
        help_text=_("People or bodies, separated by semicolons, in the order of the title page"),
    )
    publisher = LineField(label=_("Publisher"), required=False, max_length=300)
    date = LineField(label=_("Date"), required=False, dir="ltr", help_text=_("2017, 2017-05 or 2017-05-12"))
    url = LineField(label=_("Link"), required=False, max_length=600, dir="ltr")
    archived_url = LineField(
        label=_("Link to an archived copy"),
        required=False,
        max_length=600,
        dir="ltr",
        help_text=_("Where it can be read if the page is gone"),
    )
    doi = LineField(label=_("DOI"), required=False, max_length=120, dir="ltr", help_text=_("10.1596/978-1-4648-0671-1"))
    checked_on = DayField(
        label=_("Last checked"),
        required=False,
        help_text=_("The day on which somebody last opened the source and found the statement"),
    )
    note = TextField(label=pgettext_lazy("remark", "Note"), required=False, max_length=NOTE, rows=2)

    def __init__(self, data: FormData, *, source: Source | None = None, prefix: str | None = None) -> None:
        initial: JsonObject = {"form": Source.Form.WORK.value}
        if source is not None:
            initial = {name: getattr(source, name) for name in self.base_fields}
            initial["authors"] = "; ".join(source.authors)
            initial["date"] = source.date or (str(source.year) if source.year else "")
        self.source = source
        super().__init__(data, initial=initial, prefix=prefix)

    def clean_authors(self) -> list[str]:
        names = (name.strip() for name in self.cleaned_data["authors"].split(";"))
        found = list(dict.fromkeys(name for name in names if name))
        if too_long := next((name for name in found if len(name) > 200), ""):
            raise forms.ValidationError(
                _("“%(name)s…” is too long for one author. Separate authors with semicolons.") % {"name": too_long[:40]}
            )
        return found

    def clean_date(self) -> str:
        raw = western_digits(str(self.cleaned_data["date"]))
        if raw and not is_partial_date(raw):
            raise forms.ValidationError(_("“%(raw)s” is not a date. Write 2017, 2017-05 or 2017-05-12.") % {"raw": raw})
        return raw

    def clean_url(self) -> str:
        return self._link("url")

    def clean_archived_url(self) -> str:
        return self._link("archived_url")

    def clean_checked_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["checked_on"]
        try:
            check_day(day)
        except DomainError as error:
            raise forms.ValidationError(str(error)) from None
        return day

    def _link(self, name: str) -> str:
        raw = str(self.cleaned_data[name])
        if raw and not re.fullmatch(URL_PATTERN, raw):
            raise forms.ValidationError(
                _(
                    "A link begins with https:// or http:// and has no spaces, quotation marks or angle brackets. "
                    "Copy it from the browser."
                )
            )
        return raw

    def clean_doi(self) -> str:
        raw = str(self.cleaned_data["doi"]).removeprefix("https://doi.org/")
        if raw and not re.fullmatch(DOI_PATTERN, raw):
            raise forms.ValidationError(_("A DOI begins with 10. and has a slash: 10.1596/978-1-4648-0671-1."))
        return raw

    def values(self) -> JsonObject:
        """The arguments of `source_save`. A date that is only a year is stored as the year."""
        found = dict(self.cleaned_data)
        dated = found["date"]
        if len(dated) == 4:
            return {**found, "date": "", "year": int(dated)}
        return {**found, "year": int(dated[:4]) if dated else None}
