"""The forms to sign and to correct a signature, built from the table of its fields."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import HONEYPOT, LineField, NameField
from apps.core.forms import NumberField
from apps.core.types import Label
from apps.letters.rendering.font_coverage import has_printable_letters, script_name

from ..email_domains import website_host
from ..models import SignOn
from ..models.sign_on_fields import CONSENTS, TYPED, Part, SignOnField
from ..pages.sign_on_labels import ORGANISATION_KINDS, VISIBILITIES
from .form_fields import AddressField, CountryField, ShownAtField, VisibilityField, WebsiteField, is_too_fast

MOST_MEMBERS = 2_000_000_000
#: fields other than a line of text
SPECIAL: dict[str, Callable[..., forms.Field]] = {
    "org_name": NameField,
    "org_name_english": partial(NameField, dir="ltr"),
    "org_acronym": partial(NameField, max_length=40),
    "org_kind": partial(
        forms.ChoiceField,
        choices=[("", _("Choose")), *ORGANISATION_KINDS],
        error_messages={"required": _("Choose the kind of organisation. You can choose “Other”.")},
    ),
    "country": CountryField,
    "org_website": WebsiteField,
    "org_members": partial(
        NumberField,
        min_value=1,
        max_value=MOST_MEMBERS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}),
    ),
    "person_name": NameField,
    "person_post": NameField,
    "email": partial(
        AddressField,
        max_length=254,
        widget=forms.EmailInput(attrs={"dir": "ltr"}),
        error_messages={
            "required": _("Enter your email address. We need it to ask you to confirm."),
            "invalid": _("Enter an email address like name@domain.org."),
        },
    ),
    "authorised": partial(
        forms.BooleanField,
        error_messages={
            "required": _("Tick this if you may sign for the organisation. If not, ask a colleague who may.")
        },
    ),
    **{field.name: forms.BooleanField for field in CONSENTS},
    "visibility": partial(VisibilityField, initial=SignOn.Visibility.PUBLIC.value),
}


def form_field(field: SignOnField, kind: str) -> forms.Field:
    make = SPECIAL.get(field.name, LineField)
    if make is CountryField and kind == SignOn.Kind.ORGANISATION:
        make = partial(CountryField, international=True)
    made = make(label=field.label, required=field.required, help_text=field.hint)
    if not isinstance(made, forms.ChoiceField | forms.BooleanField) or field.autocomplete != "off":
        made.widget.attrs.setdefault("autocomplete", field.autocomplete)
    return made


#: of the public forms, which change none: making them anew takes longer than checking what was typed
SHARED_FIELDS = {(kind, field.name): form_field(field, kind) for kind in SignOn.Kind.values for field in TYPED}


@dataclass(frozen=True)
class Section:
    """A part of the form with a heading. `fields` are (field, whether it has the full width)."""

    legend: Label
    fields: list[tuple[forms.BoundField, bool]]


class SignatureForm(forms.Form):
    kind: str
    table: list[SignOnField]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = sorted(self.table, key=lambda field: list(Part).index(self._part(field)))
        self.fields = {field.name: self._field(field) for field in rows} | self.fields

    def clean(self) -> dict[str, Any]:
        """Asks for an English name where the PDF cannot print the other one."""
        cleaned = super().clean() or {}
        name, english = cleaned.get("org_name", ""), cleaned.get("org_name_english")
        is_printed = has_printable_letters(name) or (english and has_printable_letters(english))
        if english is not None and not is_printed and cleaned.get("visibility") != SignOn.Visibility.COUNTED:
            message = _("The list for governments cannot show %(script)s script. Add the name in Latin letters.")
            self.add_error("org_name_english", message % {"script": script_name(name)})
        return cleaned

    def _field(self, field: SignOnField) -> forms.Field:
        return form_field(field, self.kind)

    def _part(self, field: SignOnField) -> Part:
        """People are asked the questions about an organisation as signers."""
        is_organisation = self.kind == SignOn.Kind.ORGANISATION
        return field.part if is_organisation or field.part is not Part.ORGANISATION else Part.SIGNER

    def legends(self) -> dict[Part, Label]:
        is_organisation = self.kind == SignOn.Kind.ORGANISATION
        return {
            Part.ORGANISATION: _("Your organisation"),
            Part.SIGNER: _("You, signing for it") if is_organisation else _("You"),
        }

    def sections(self) -> Iterator[Section]:
        for part, legend in self.legends().items():
            fields = [(self[field.name], field.wide) for field in self.table if self._part(field) is part]
            if fields:
                yield Section(legend, fields)

    def consents(self) -> list[forms.BoundField]:
        return [self[field.name] for field in self.table if field.part is Part.CONSENTS]

    def visibility_options(self) -> Iterator[tuple[BoundWidget, Label]]:
        hints = [hint for _value, _label, hint in VISIBILITIES]
        return zip(self["visibility"], hints, strict=True)


class SignForm(SignatureForm):
    """The form on the letter's page, with a hidden honeypot and the time at which it was shown. `unasked`: the optional
    fields left out."""

    leave_empty = forms.CharField(required=False, max_length=200)
    shown_at = ShownAtField()

    def __init__(self, *args: Any, unasked: Collection[str] = (), **kwargs: Any) -> None:
        self.table = [field for field in TYPED if self.kind in field.asked_of and field.name not in unasked]
        super().__init__(*args, **kwargs)

    def _field(self, field: SignOnField) -> forms.Field:
        return SHARED_FIELDS[self.kind, field.name]

    def typed(self) -> SignOn:
        """An unsaved row with the typed values. Only after `is_valid()`."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in {HONEYPOT, "shown_at"}}
        by_program = self.cleaned_data.get(HONEYPOT) or is_too_fast(self.cleaned_data.get("shown_at", ""))
        state = SignOn.State.SUSPECT if by_program else SignOn.State.PENDING
        return SignOn(kind=self.kind, state=state, language=get_language() or "en", **values)


class OrganisationForm(SignForm):
    kind = SignOn.Kind.ORGANISATION

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        domain = str(self.data.get("email", "")).strip().rpartition("@")[2].casefold()
        host = website_host(cleaned.get("org_website", ""))
        if self.has_error("email") and domain and "." not in domain:
            message = str(_("The part after @ is incomplete."))
            if host.startswith(f"{domain}."):
                message = _("The part after @ is incomplete. Is it %(host)s?") % {"host": host}
            del self.errors["email"]
            self.add_error("email", message)
        return cleaned


class PersonForm(SignForm):
    kind = SignOn.Kind.PERSON


#: by the value of ?for=
FORMS: dict[str, type[SignForm]] = {"organisation": OrganisationForm, "person": PersonForm}


class CorrectionForm(SignatureForm):
    def __init__(self, sign_on: SignOn, data: Any = None) -> None:
        self.kind = sign_on.kind
        unasked = {name for name in sign_on.call.unasked_fields if not getattr(sign_on, name)}
        self.table = [field for field in TYPED if sign_on.kind in field.correctable and field.name not in unasked]
        super().__init__(data, initial={field.name: getattr(sign_on, field.name) for field in self.table})
