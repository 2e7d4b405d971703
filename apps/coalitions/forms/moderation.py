"""The forms that filter signatures, and reject one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import TextField

from ..pages.sign_on_labels import STATES
from ..services.moderation import MAX_REASON


class RejectForm(forms.Form):
    reason = TextField(
        label=_("Reason"), max_length=MAX_REASON,
        help_text=_("The signer gets this text by email."),
        error_messages={"required": _("Enter a reason. The signer gets it by email.")},
    )  # fmt: skip


class FilterForm(forms.Form):
    state = forms.ChoiceField(required=False, choices=[("", ""), *((state, state) for state in STATES)])
    call = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def values(self) -> dict[str, Any]:
        self.is_valid()
        return {"state": "", "call": None, "page": 1, **{k: v for k, v in self.cleaned_data.items() if v}}
