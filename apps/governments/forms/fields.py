"""Fields for what is written about recipients."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.form_fields import EmailField

from ..models import Office, Recipient

KINDS = [
    (Office.Kind.CAPITAL.value, _("A ministry in the capital")),
    (Office.Kind.MISSION.value, _("A mission to the organisation")),
    (Office.Kind.HEAD.value, _("Head of state or government")),
    (Office.Kind.PARLIAMENT.value, _("Parliament")),
    (Office.Kind.OTHER.value, _("Another office")),
]
FORMS_OF_ADDRESS = [
    (Recipient.Form.MASCULINE.value, pgettext_lazy("form of address", "Masculine")),
    (Recipient.Form.FEMININE.value, pgettext_lazy("form of address", "Feminine")),
    (Recipient.Form.UNKNOWN.value, pgettext_lazy("form of address", "Not known")),
]


def mail_field(**options: Any) -> EmailField:
    return EmailField(widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}), **options)
