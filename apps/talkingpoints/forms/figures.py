"""The figures of a fact, one row each."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.digits import western_digits
from apps.core.form_fields import LineField
from apps.core.forms import NumberField
from apps.core.partial_dates import FIRST_YEAR, LAST_YEAR, is_partial_date
from apps.core.text import number_value
from apps.core.types import JsonObject

MAX_VALUE = 40


class FigureForm(forms.Form):
    """An empty row is not a figure."""

    value = LineField(label=gettext_lazy("Value"), required=False, max_length=MAX_VALUE, dir="ltr")
    unit = LineField(label=gettext_lazy("Unit"), required=False, max_length=80)
    year = NumberField(label=gettext_lazy("Year"), required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    as_stated = LineField(label=gettext_lazy("As the source puts it"), required=False, max_length=120)

    def clean_value(self) -> int | str | None:
        """A whole number; a decimal number (floats have no canonical form), month or day as text."""
        raw = western_digits(self.cleaned_data["value"])
        if not raw or ("-" in raw and is_partial_date(raw)):
            return raw or None
        try:
            number = Decimal(raw)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or "e" in raw.lower():
            raise forms.ValidationError(_("“%(raw)s” is not a number. Write 1500, 62.5 or 2016-10.") % {"raw": raw})
        plain = format(number, "f")
        if len(plain) > MAX_VALUE:
            raise forms.ValidationError(_("This number has more than %(most)d digits.") % {"most": MAX_VALUE})
        return number_value(plain)

    def clean(self) -> JsonObject:
        found = super().clean() or {}
        stated = found.get("value") is not None or found.get("as_stated")
        if stated and not found.get("unit"):
            self.add_error("unit", _("A figure needs a unit. Say of what: percent of jobs, USD, people."))
        elif (found.get("unit") or found.get("year")) and not stated and "value" not in self.errors:
            self.add_error(
                "value", _("Give the number, or the words of the source. Clear the row to remove the figure.")
            )
        return found

    def figure(self) -> JsonObject:
        """As stored with the fact; {} for an empty row."""
        found = {name: self.cleaned_data.get(name) for name in ("value", "unit", "year", "as_stated")}
        return {name: value for name, value in found.items() if value not in (None, "")}


FigureFormSet = forms.formset_factory(FigureForm, extra=2, max_num=20, absolute_max=20)
