"""Forms of the staff pages about recipients."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import DayField, LineField, TextField
from apps.core.languages import LANGUAGES, direction, language_choices
from apps.core.types import JsonObject

from ..models import Recipient
from ..salutations import salutation_suggested
from ..selectors import recipient_values
from .fields import FORMS_OF_ADDRESS, KINDS, mail_field


class AddressForm(forms.Form):
    """Another address of a recipient."""

    address = mail_field(label=_("New email address"), help_text=_("Stored encrypted."))


class RecipientForm(forms.Form):
    """Everything about a recipient but the addresses. A salutation for each language that may be written in."""

    kind = forms.ChoiceField(label=_("Where"), choices=KINDS)
    office = LineField(label=_("Office"))
    city = LineField(label=_("City"), required=False, max_length=80)
    postal = TextField(label=_("Postal address"), required=False, max_length=1000)
    office_phone = LineField(
        label=_("Phone of the office"), required=False, max_length=60, dir="ltr", help_text=_("Stored encrypted.")
    )
    post = LineField(label=_("Post"), help_text=_("The title of the person or post, as letters give it."))
    name = LineField(
        label=_("Name"), required=False, help_text=_("Stored encrypted. Without a name, letters go to the post.")
    )  # fmt: skip
    form = forms.ChoiceField(label=_("Form of address"), choices=FORMS_OF_ADDRESS)
    language = forms.ChoiceField(label=_("Language to write in"), choices=language_choices)
    phone = LineField(label=_("Phone"), required=False, max_length=60, dir="ltr", help_text=_("Stored encrypted."))
    source = LineField(
        label=_("Source"),
        required=False,
        max_length=300,
        help_text=_("Where these details come from, for example a web page."),
    )
    verified_on = DayField(
        label=_("Verified on"),
        required=False,
        help_text=_("The day on which somebody last checked all these details."),
    )
    notes = TextField(label=_("Notes"), required=False, max_length=4000, rows=4)

    def __init__(self, data: Mapping[str, object] | None, *, recipient: Recipient) -> None:
        self.recipient = recipient
        values = recipient_values(recipient)
        asked = str(data.get("language", "")) if data else ""
        self.languages = languages_of(recipient, asked)
        salutations = {f"salutation_{code}": values["salutation"].get(code, "") for code in self.languages}
        super().__init__(data, initial=values | salutations)
        for code in self.languages:
            self.fields[f"salutation_{code}"] = LineField(
                label=LANGUAGES[code].name, required=False, max_length=120,
                attrs={"lang": code, "dir": direction(code)},
            )  # fmt: skip

    def clean_verified_on(self) -> date | None:
        day: date | None = self.cleaned_data["verified_on"]
        if day and day > (timezone.now() + timedelta(hours=14)).date():  # nobody anywhere has that day yet
            raise forms.ValidationError(_("The day is in the future. Enter the day on which it was checked."))
        return day

    def values(self) -> JsonObject:
        """As `recipient_values`; languages that have no field keep what they have. Only after `is_valid()`."""
        given = dict(self.cleaned_data)
        own = {code: given.pop(f"salutation_{code}") for code in self.languages}
        others = {code: text for code, text in self.recipient.salutation.items() if code not in own}
        return {**given, "salutation": others | {code: text for code, text in own.items() if text}}

    def suggestions(self) -> dict[str, str]:
        """{language: salutation that post, form and language suggest, where the field says something else}."""
        said = {name: str(self[name].value() or "") for name in ("post", "form", "kind")}
        if not said["post"].strip():
            return {}
        found = {code: salutation_suggested(language=code, **said) for code in self.languages}
        return {code: text for code, text in found.items() if text and self[f"salutation_{code}"].value() != text}

    def salutations(self) -> list[tuple[str, forms.BoundField, str]]:
        """(language, field, suggestion or "")."""
        suggested = self.suggestions()
        return [(code, self[f"salutation_{code}"], suggested.get(code, "")) for code in self.languages]

    def differences(self, values: JsonObject) -> list[tuple[str, str]]:
        """(label, what is on record) of every field that says something else there."""
        shown = {**values, **{f"salutation_{code}": values["salutation"].get(code, "") for code in self.languages}}
        return [
            (str(self.fields[name].label), _in_words(self.fields[name], shown[name]))
            for name in self.fields
            if str(shown[name] or "") != str(self.cleaned_data.get(name) or "")
        ]


class NewRecipientForm(RecipientForm):
    """Somebody to write to who is not known yet: the same fields, an address, and a salutation to write with."""

    address = mail_field(label=_("Email address"), help_text=_("Stored encrypted."))
    anyway = forms.BooleanField(label=_("This is somebody else: save it"), required=False, widget=forms.HiddenInput)

    def clean(self) -> JsonObject:
        given = super().clean() or {}
        name = f"salutation_{given.get('language', '')}"
        if name in self.fields and name not in self.errors and not given.get(name):
            missing = _("Enter the salutation that letters in this language begin with, for example “%(example)s”.")
            self.add_error(name, missing % {"example": LANGUAGES[given["language"]].general.salutation})
        return given

    def values(self) -> JsonObject:
        given = super().values()
        del given["anyway"]
        return given

    def ask_anyway(self) -> None:
        """Show the box that says: somebody else."""
        self.fields["anyway"].widget = forms.CheckboxInput()


def _in_words(field: forms.Field, value: object) -> str:
    choices: Iterable[tuple[object, object]] = getattr(field, "choices", ())
    return str(dict(choices).get(value, value) or "–")


def languages_of(recipient: Recipient, asked: str = "") -> list[str]:
    """Those of the campaign, the one to write in, and those that have a salutation already; known ones first."""
    wanted = [*recipient.campaign.languages, recipient.language, asked, *recipient.salutation]
    return [code for code in LANGUAGES if code in wanted]
