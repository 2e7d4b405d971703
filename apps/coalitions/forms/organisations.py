"""The forms that find organisations and edit one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import LineField, NameField
from apps.core.text import clean_line, name_error

from ..email_domains import website_normalise
from ..models import Coalition, Organisation

MOST_NAMES = 30


class FindForm(forms.Form):
    q = LineField(required=False, max_length=100)
    country = forms.CharField(required=False, max_length=2)
    coalition = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def values(self) -> dict[str, Any]:
        self.is_valid()
        empty = {"q": "", "country": "", "coalition": None, "page": 1}
        return {**empty, **{name: value for name, value in self.cleaned_data.items() if value}}


class OrganisationForm(forms.Form):
    name_english = NameField(label=_("Name in English"), required=False)
    acronym = NameField(label=_("Acronym"), required=False, max_length=40)
    website = LineField(label=_("Website"), required=False, max_length=300, dir="ltr")
    other_names = forms.CharField(
        label=_("Other names"), required=False, max_length=8000,
        help_text=_(
            "One per line. Anybody who signs with one of them from the same country signs for this organisation."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )  # fmt: skip
    coalitions = forms.ModelMultipleChoiceField(
        label=_("Coalitions and networks"), required=False, queryset=Coalition.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    new_coalition = NameField(label=_("Another coalition or network"), required=False)

    def __init__(self, organisation: Organisation, data: Any = None) -> None:
        by_hand = organisation.merged.filter(kind="").order_by("name_key").values_list("name", flat=True)
        initial = {
            "name_english": organisation.name_english,
            "acronym": organisation.acronym,
            "website": organisation.website,
            "other_names": "\n".join(by_hand),
            "coalitions": organisation.coalitions.all(),
        }
        super().__init__(data, initial=initial)
        known = Coalition.objects.filter(campaign_id=organisation.campaign_id)
        field = self.fields["coalitions"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = known
        if not known.exists():
            del self.fields["coalitions"]

    def clean_website(self) -> str:
        return website_normalise(self.cleaned_data["website"])

    def clean_other_names(self) -> list[str]:
        names = [name for line in self.cleaned_data["other_names"].splitlines() if (name := clean_line(line))]
        if len(names) > MOST_NAMES:
            raise forms.ValidationError(_("Enter at most %(most)s names.") % {"most": MOST_NAMES})
        for name in names:
            if len(name) > 200 or (error := name_error(name)):
                error = error if len(name) <= 200 else str(_("A name has at most 200 characters."))
                raise forms.ValidationError(f"{name[:60]}: {error}")
        return names

    def values(self) -> dict[str, Any]:
        """Arguments of `organisation_save`."""
        cleaned = dict(self.cleaned_data)
        return {
            "changes": {name: cleaned[name] for name in ("name_english", "acronym", "website")},
            "other_names": cleaned["other_names"],
            "coalitions": list(cleaned.get("coalitions", [])),
            "new_coalition": cleaned["new_coalition"],
        }
