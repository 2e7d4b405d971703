"""Forms of exports."""

from collections.abc import Mapping
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.letters.models import Letter

from .selectors import letters_to_export


class SignatoriesForm(forms.Form):
    letter = forms.ModelChoiceField(queryset=Letter.objects.none(), label=_("Letter"), to_field_name="number")
    audience = forms.ChoiceField(
        choices=[("public", _("For the public")), ("government", _("For governments"))], label=_("For whom")
    )

    def __init__(self, data: Mapping[str, object] | None = None, *, campaign: Campaign) -> None:
        super().__init__(data)
        cast("forms.ModelChoiceField[Letter]", self.fields["letter"]).queryset = letters_to_export(campaign)
