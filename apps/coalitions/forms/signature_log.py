"""The form that checks a mailed head of the log of signatures."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import LineField

from ..selectors.signature_log import head_parse


class LogHeadForm(forms.Form):
    head = LineField(
        label=_("Line from an email"), dir="ltr",
        help_text=_("64 letters and digits, @ and a number, as in the emails that signers get from us."),
    )  # fmt: skip

    def clean_head(self) -> tuple[str, int]:
        head = head_parse(self.cleaned_data["head"])
        if head is None:
            raise ValidationError(_("Copy the whole line from the email: 64 letters and digits, @ and a number."))
        return head
