"""The forms that filter signatures, and reject one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import SignOn
from ..services.moderation import MAX_REASON


class RejectForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The signer gets these words by mail."),
        error_messages={"required": _("Write why: the signer gets it by mail.")},
    )  # fmt: skip


class FilterForm(forms.Form):
    """What a list of signatures is narrowed to; what makes no sense is left out."""

    state = forms.ChoiceField(required=False, choices=[("", ""), ("waiting", "waiting"), *SignOn.State.choices])
    call = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def values(self) -> dict[str, Any]:
        self.is_valid()
        return {"state": "", "call": None, "page": 1, **{k: v for k, v in self.cleaned_data.items() if v}}
