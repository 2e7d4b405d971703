"""The forms of an export. What it contains is chosen by links and a GET form, whose addresses people can keep and send
to colleagues; unknown values there are ignored. Only the reason and the press of the button are sent by POST."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import LineField

from .services.requests import MAX_REASON


class ReasonForm(forms.Form):
    reason = LineField(
        label=_("Why you need this list"), max_length=MAX_REASON,
        help_text=_("For example: for the ministry, who asked for it on Monday. The activity log shows it."),
        error_messages={"required": _("Say why you need this list. The activity log shows it.")},
    )  # fmt: skip


class NameForm(forms.Form):
    name = LineField(
        label=_("Save this choice under the name"), max_length=80,
        error_messages={"required": _("Enter a name for this choice.")},
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="save_%s")
