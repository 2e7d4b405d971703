"""The forms with which organisations and people sign, and correct what they signed with."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import NameField
from apps.core.forms import NumberField

from ..domains import website_host
from ..labels import ORGANISATION_KINDS, VISIBILITIES
from ..models import SignOn
from ..services import Claim
from .fields import HONEYPOT, CountryField, VisibilityField, WebsiteField

MOST_MEMBERS = 2_000_000_000


class ChoicesPart(forms.Form):
    """Who may see the name, and later mail: off unless ticked."""

    visibility = VisibilityField(label=_("Who may see that you signed"), initial=SignOn.Visibility.PUBLIC.value)
    wants_answers = forms.BooleanField(label=_("Tell us what the governments answer"), required=False)
    wants_letters = forms.BooleanField(label=_("Invite us to sign later letters of this campaign"), required=False)

    def visibility_options(self) -> Iterator[tuple[Any, Any]]:
        """(radio button, what follows from it)."""
        hints = [hint for _value, _label, hint in VISIBILITIES]
        return zip(self["visibility"], hints, strict=True)


class OrganisationPart(forms.Form):
    org_name = NameField(
        label=_("Name in its own language and script"), attrs={"autocomplete": "organization"},
    )  # fmt: skip
    org_name_english = NameField(label=_("Name in English"), required=False, attrs={"dir": "ltr"})
    org_acronym = NameField(label=_("Acronym"), required=False, max_length=40)
    org_kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("Choose")), *ORGANISATION_KINDS],
        error_messages={"required": _("Choose the kind; “Other” is one.")},
    )
    country = CountryField(label=_("Country"))
    org_website = WebsiteField(label=_("Website"), required=False)
    org_members = NumberField(
        label=_("Members, roughly"),
        required=False,
        min_value=1,
        max_value=MOST_MEMBERS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class SignForm(ChoicesPart):
    """What both forms share: the address, and a field that people do not see."""

    kind: str
    email = forms.EmailField(
        label=_("Your address for mail"),
        max_length=254,
        help_text=_("We send one mail there. Your signature counts once you press the button in it."),
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "email"}),
        error_messages={
            "required": _("Without an address we cannot ask you to confirm."),
            "invalid": _("This is not a mail address. It has the form name@domain.org."),
        },
    )
    leave_empty = forms.CharField(required=False, max_length=200)

    def claim(self) -> Claim:
        """What was typed, for the service. Only after `is_valid()`."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != HONEYPOT}
        suspect = bool(self.cleaned_data.get(HONEYPOT))
        return Claim(kind=self.kind, language=get_language() or "en", suspect=suspect, **typed)


class OrganisationForm(OrganisationPart, SignForm):
    kind = SignOn.Kind.ORGANISATION
    #: as on the page: errors are summed up in it
    field_order = (
        *OrganisationPart.base_fields, "person_name", "person_post", "email", "authorised", "visibility",
    )  # fmt: skip
    person_name = NameField(label=_("Your name"), attrs={"autocomplete": "name"})
    person_post = NameField(label=_("Your post"), attrs={"autocomplete": "organization-title"})
    authorised = forms.BooleanField(
        label=_("I am authorised to sign for this organisation"),
        error_messages={"required": _("Only somebody who may sign for the organisation can. Ask a colleague who may.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Your work address for mail")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        domain = str(self.data.get("email", "")).strip().rpartition("@")[2].casefold()
        host = website_host(cleaned.get("org_website", ""))
        if self.has_error("email") and domain and "." not in domain:
            message = str(_("The part after @ has no ending."))
            if host.startswith(f"{domain}."):
                message = _("The part after @ has no ending. Is it %(host)s?") % {"host": host}
            del self.errors["email"]
            self.add_error("email", message)
        return cleaned


class PersonForm(SignForm):
    kind = SignOn.Kind.PERSON
    field_order = ("person_name", "country", "email", "visibility")
    person_name = NameField(label=_("Your name"), attrs={"autocomplete": "name"})
    country = CountryField(label=_("Country"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wants_answers"].label = _("Tell me what the governments answer")
        self.fields["wants_letters"].label = _("Invite me to sign later letters of this campaign")


#: by the word in the address (?for=person)
FORMS: dict[str, type[SignForm]] = {"organisation": OrganisationForm, "person": PersonForm}


class CorrectionForm(ChoicesPart):
    """What a signer may change; `changes()` is what the service takes."""

    def changes(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class OrganisationCorrection(OrganisationPart, CorrectionForm):
    pass


class PersonCorrection(CorrectionForm):
    person_name = NameField(label=_("Your name"), attrs={"autocomplete": "name"})
    country = CountryField(label=_("Country"))


def correction_form(sign_on: SignOn, data: Any = None) -> CorrectionForm:
    """The form for this signature, with what it holds, or bound to what was sent."""
    form: type[CorrectionForm] = PersonCorrection
    if sign_on.kind == SignOn.Kind.ORGANISATION:
        form = OrganisationCorrection
    return form(data, initial={name: getattr(sign_on, name) for name in form.base_fields})
