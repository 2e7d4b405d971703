"""Forms of the team and of API tokens."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.form_fields import EmailField, LineField, NameField
from apps.core.registries import ActionSource, Timing
from apps.core.text import joined
from apps.core.types import Label

from .roles import TABLE, Permission, Role
from .scopes import Scope


def role_descriptions(roles: Iterable[str]) -> list[tuple[Label, str]]:
    """(label, permissions such as "Read staff pages, draft") of each role."""
    found: list[tuple[Label, str]] = []
    for role in map(Role, roles):
        labels = [str(right.label) for right in Permission if right in TABLE[role]]
        found.append((role.label, joined([labels[0], *(label[0].lower() + label[1:] for label in labels[1:])])))
    return found


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role. An observer may only read.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [  # type: ignore[attr-defined]  # translated, so made for each request
            (role, format_html('{}<span class="hint">{}</span>', label, permissions))
            for role, (label, permissions) in zip(Role.values, role_descriptions(Role.values), strict=True)
        ]


class InviteForm(RolesForm):
    name = NameField(label=_("Name"), max_length=120)
    email = EmailField(label=_("Email address"), help_text=_("For the invitation, and later the codes to sign in."))
    field_order = ["name", "email", "roles"]


class TokenForm(forms.Form):
    LASTS = (("30", _("30 days")), ("90", _("90 days")), ("365", _("One year")), ("1095", _("Three years")))
    name = LineField(
        label=_("What it is for"),
        max_length=80,
        help_text=_("So that you recognise it later, for example “Monthly spreadsheet”."),
        attrs={"autocomplete": "off"},
        error_messages={"required": _("Enter what the token is for, so that you recognise it later.")},
    )
    days = forms.TypedChoiceField(
        label=pgettext_lazy("of a token", "Works for"), choices=LASTS, coerce=int, initial="365"
    )
    scopes = forms.MultipleChoiceField(
        label=_("What a program may do with it"),
        help_text=_("Choose no more than the program needs. Your own roles limit it too, at every request."),
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.READ],
        error_messages={"required": _("Choose at least one.")},
    )
    field_order = ["name", "scopes", "days"]

    def __init__(self, *args: Any, scopes: Iterable[Scope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]  # translated, so made for each request
            (scope.value, format_html('{}<span class="hint"><code>{}</code></span>', scope.label, scope.value))
            for scope in scopes
        ]


class NoticesForm(forms.Form):
    """One choice for each kind of thing that waits for the person."""

    def __init__(
        self, *args: Any, sources: Mapping[str, ActionSource], timings: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, source in sources.items():
            self.fields[name] = forms.ChoiceField(label=str(source.label), choices=Timing, initial=timings[name])
