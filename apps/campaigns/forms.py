"""Forms of the team, and of one's own tokens."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import NameField

from .roles import TABLE, Permission, Role


def rights_in_words(role: Role) -> str:
    """ "Read staff pages, draft": what the table gives a role."""
    labels = [str(right.label) for right in Permission if right in TABLE[role]]
    return ", ".join([labels[0], *(label[0].lower() + label[1:] for label in labels[1:])])


class RolesForm(forms.Form):
    """One or several roles, each with what it may do."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role; an observer may only read.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [  # type: ignore[attr-defined]  # translated, so made for each request
            (role.value, format_html('{}<span class="hint">{}</span>', role.label, rights_in_words(role)))
            for role in Role
        ]


class InviteForm(RolesForm):
    """Whom to invite, and as what."""

    name = NameField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("Mail address"), help_text=_("The invitation goes there, and later the codes for signing in.")
    )
    field_order = ["name", "email", "roles"]


class TokenForm(forms.Form):
    """What a token is for, and for how long it works."""

    LASTS = (
        ("30", _("30 days")),
        ("90", _("90 days")),
        ("365", _("One year")),
        ("1095", _("Three years")),
    )
    name = forms.CharField(
        label=_("What it is for"),
        max_length=80,
        help_text=_("You will know it by this name when you want to end it: “Spreadsheet of the Geneva office”."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Say what the token is for, so that you know later which one to end.")},
    )
    days = forms.TypedChoiceField(label=_("Works for"), choices=LASTS, coerce=int, initial="365")
