"""Forms of mailings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core.forms import NumberField
from apps.letters.models import LetterVersion

from .models import Delivery, Dispatch
from .selectors import versions_to_send


class VersionChoice(forms.ModelChoiceField):
    def label_from_instance(self, version: LetterVersion) -> str:
        return _("Letter %(letter)d, version %(version)d: %(title)s") % {
            "letter": version.letter.number,
            "version": version.number,
            "title": version.letter.title,
        }


class PrepareForm(forms.Form):
    version: Any = VersionChoice(
        queryset=None,
        label=_("Letter and version"),
        empty_label=None,
        help_text=_("Only frozen versions can be sent: what leaves is what was signed."),
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].queryset = versions_to_send(campaign)  # type: ignore[attr-defined]  # a choice of rows


class AuthoriseForm(forms.Form):
    """Typed by the second person. `plan` is the hash of the plan they saw."""

    typed_count = NumberField(
        label=_("Type the number of letters"),
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input month-count"}),
        error_messages={
            "required": _("Type the number of letters that will leave."),
            "invalid": _("Type a number in digits."),
        },
    )
    plan = forms.CharField(widget=forms.HiddenInput, min_length=64, max_length=64)


class TestForm(forms.Form):
    delivery: Any = forms.ModelChoiceField(queryset=None, label=_("Letter to"))

    def __init__(self, *args: Any, dispatch: Dispatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delivery"].queryset = Delivery.objects.filter(dispatch=dispatch)  # type: ignore[attr-defined]
