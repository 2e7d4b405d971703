"""The public form that proposes a correction, and what staff decide about it."""

from collections.abc import Mapping
from datetime import date

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import HONEYPOT, LineField, TextField
from apps.core.text import name_sort_key
from apps.core.types import JsonObject

from ..models import Member, Recipient, names_language
from .fields import KINDS, mail_field


class CorrectionForm(forms.Form):
    """What is wrong, what is right, and where to check it. Reveals nothing that we know."""

    wrong = TextField(
        label=_("What is wrong or missing"), max_length=2000, rows=4,
        error_messages={"required": _("Enter what is wrong.")},
        help_text=_("For example: a new person is in this post, or letters to this address come back."),
    )  # fmt: skip
    source = TextField(
        label=_("Where can we check it"), max_length=500, rows=2,
        error_messages={"required": _("Enter a web page, an official gazette or a phone number to check it.")},
        help_text=_("The address of a web page, an official gazette or a phone number."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Where"), choices=[("", _("I do not know")), *KINDS], required=False)
    office = LineField(label=_("Office"), required=False)
    post = LineField(label=_("Post"), required=False)
    name = LineField(label=_("Name"), required=False)
    address = mail_field(label=_("Email address"), required=False)
    phone = LineField(label=_("Phone"), required=False, max_length=60, dir="ltr")
    mail = mail_field(
        label=_("Your email address"), required=False,
        help_text=_("Only if we may ask you questions. We delete it with the correction."),
    )  # fmt: skip
    leave_empty = forms.CharField(required=False, max_length=200)

    def __init__(self, data: Mapping[str, object] | None, *, members: list[Member], day: date) -> None:
        super().__init__(data)
        self.members = {member.code: member for member in members}
        language = names_language(get_language() or "en")
        named = [(member.code, *names) for member in members for names in _names(member, day, language)]
        listed = sorted(named, key=lambda entry: name_sort_key(entry[1], language))
        choices = [("", _("Choose")), *((code, words) for code, _name, words in listed)]
        required = {"required": _("Choose the government.")}
        self.fields["member"] = forms.ChoiceField(label=_("Government"), choices=choices, error_messages=required)
        self.order_fields(["member"])

    def proposal(self) -> JsonObject:
        """What the service takes. Only after `is_valid()`."""
        given = dict(self.cleaned_data)
        member, suspect = self.members[given.pop("member")], bool(given.pop(HONEYPOT))
        return {"member": member, "suspect": suspect, "typed": given}


def _names(member: Member, day: date, language: str) -> list[tuple[str, str]]:
    """(name, label): the name on that day, as on all public pages, and today's if it differs."""
    then, now = member.name_on(day, language), member.name_in(language)
    if then == now:
        return [(then, then)]
    both = {"then": then, "now": now}
    return [(then, str(_("%(then)s (today %(now)s)") % both)), (now, str(_("%(now)s (then %(then)s)") % both))]


class AcceptForm(forms.Form):
    """Which fields go into which recipient."""

    fields_chosen = forms.MultipleChoiceField(
        choices=[(name, name) for name in ("office", "post", "name", "address", "phone")], required=False
    )

    def __init__(self, data: Mapping[str, object], *, recipients: QuerySet[Recipient]) -> None:
        super().__init__(data)
        self.fields["recipient"] = forms.ModelChoiceField(queryset=recipients, required=False)


class DeclineForm(forms.Form):
    reason = LineField(
        label=_("Reason"), max_length=300, help_text=_("Only colleagues see it. Do not name people."),
        error_messages={"required": _("Enter a reason for your colleagues.")},
    )  # fmt: skip
