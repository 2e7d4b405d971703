"""What signers type on their private pages, besides corrections."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import TextField

from ..models.moderation import MAX_ANSWER
from .form_fields import AddressField


class SignerAnswerForm(forms.Form):
    answer = TextField(
        label=_("Your answer"), max_length=MAX_ANSWER, rows=6,
        help_text=_("Only the campaign’s moderators read it. We store it encrypted."),
        error_messages={"required": _("Enter your answer.")},
    )  # fmt: skip


class EmailChangeForm(forms.Form):
    email = AddressField(
        label=_("New email address"), max_length=254,
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "email"}),
        error_messages={
            "required": _("Enter the new email address."),
            "invalid": _("Enter an email address like name@domain.org."),
        },
    )  # fmt: skip
