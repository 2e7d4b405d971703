"""The forms that narrow the queue, and those of decisions that need words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import LineField, TextField

from ..models.moderation import MAX_ANSWER, MAX_QUESTION
from ..pages.moderation import KINDS
from ..pages.sign_on_labels import RETURNED, STATES
from ..selectors.moderation_queue import QueueFilters
from ..services.moderation import MAX_REASON
from .form_fields import AddressField


class RejectForm(forms.Form):
    reason = TextField(
        label=_("Reason"), max_length=MAX_REASON,
        help_text=_("The signer gets this text by email."),
        error_messages={"required": _("Enter a reason. The signer gets it by email.")},
    )  # fmt: skip


class AskForm(forms.Form):
    question = TextField(
        label=_("Question"), max_length=MAX_QUESTION,
        help_text=_("The signer gets this text by email, with a link to a page for the answer."),
        error_messages={"required": _("Enter a question. The signer gets it by email.")},
    )  # fmt: skip


class AnswerForm(forms.Form):
    answer = TextField(
        label=_("Answer"), max_length=MAX_ANSWER,
        help_text=_("What the signer answered. Other moderators and the signer can read it."),
        error_messages={"required": _("Enter what the signer answered.")},
    )  # fmt: skip


class ReaddressForm(forms.Form):
    """The address to which the link goes in place of one whose mail came back."""

    email = AddressField(
        label=_("Correct email address"), max_length=254, widget=forms.EmailInput(attrs={"dir": "ltr"}),
        help_text=_("We email a link to this address. The address changes when its reader presses the button there."),
        error_messages={
            "required": _("Enter the email address that the signer gave you."),
            "invalid": _("Enter an email address like name@domain.org."),
        },
    )  # fmt: skip


class QueueForm(forms.Form):
    """What narrows the queue, and where in it the page is. Anything else is ignored."""

    kind = forms.ChoiceField(required=False, choices=[("", ""), *((kind, kind) for kind in KINDS)])
    country = LineField(required=False, max_length=2)
    domain = LineField(required=False, max_length=253)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)
    after = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def values(self) -> dict[str, Any]:
        self.is_valid()
        return {"page": None, "after": None, **{name: value for name, value in self.cleaned_data.items() if value}}

    def narrowed(self) -> QueueFilters:
        values = self.values()
        return QueueFilters(**{name: values[name] for name in ("kind", "country", "domain") if name in values})


class FilterForm(forms.Form):
    state = forms.ChoiceField(required=False, choices=[("", ""), *((state, state) for state in [*STATES, RETURNED])])
    call = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    signature = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def values(self) -> dict[str, Any]:
        self.is_valid()
        return {
            "state": "",
            "call": None,
            "signature": None,
            "page": 1,
            **{k: v for k, v in self.cleaned_data.items() if v},
        }
