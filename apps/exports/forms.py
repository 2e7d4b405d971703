from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign

from .selectors import letters_to_export


class SignatoriesForm(forms.Form):
    letter: Any = forms.ModelChoiceField(queryset=None, label=_("Letter"), to_field_name="number")
    audience = forms.ChoiceField(
        choices=[("public", _("For the public")), ("government", _("For governments"))], label=_("For whom")
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["letter"].queryset = letters_to_export(campaign)  # type: ignore[attr-defined]  # it is a choice of rows
