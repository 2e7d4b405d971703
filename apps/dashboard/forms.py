"""Forms of the staff pages: whom to write to, and the specimen of the style guide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

#: languages that letters are written in: those of the organisation, and Arabic
LETTER_LANGUAGES = [("en", _("English")), ("fr", _("French")), ("es", _("Spanish")), ("ar", _("Arabic"))]


class AddressForm(forms.Form):
    """Another address of somebody who is known."""

    address = forms.EmailField(
        label=_("Mail address"), widget=forms.EmailInput(attrs={"dir": "ltr"}), help_text=_("Kept encrypted.")
    )


class RecipientForm(AddressForm):
    """A person or post that letters go to."""

    kind = forms.ChoiceField(
        label=_("Where"),
        choices=[
            ("capital", _("A ministry in the capital")),
            ("mission", _("The mission to the organisation")),
            ("head", _("Head of state or government")),
            ("parliament", _("Parliament")),
            ("other", _("Elsewhere")),
        ],
    )
    office = forms.CharField(label=_("Office"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    post = forms.CharField(label=_("Post"), max_length=200, help_text=_("For example: Minister of Trade."))
    name = forms.CharField(
        label=_("Name"), max_length=200, required=False, widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("Kept encrypted; without it, letters go to the post."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language to write in"), choices=LETTER_LANGUAGES)
    salutation = forms.CharField(
        label=_("Salutation"), max_length=120, widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("In that language, for example: Excellency."),
    )  # fmt: skip
    field_order = ["kind", "office", "post", "name", "language", "salutation", "address"]

    def clean(self) -> dict[str, Any]:
        """Spaces around and within are no part of a name."""
        cleaned = super().clean() or self.cleaned_data
        return {key: " ".join(value.split()) for key, value in cleaned.items()}


class SpecimenForm(forms.Form):
    """Every kind of field that the product uses."""

    name = forms.CharField(label=_("Organisation"), help_text=_("In its own language and script."))
    address = forms.EmailField(label=_("Mail address"))
    website = forms.CharField(label=_("Website"), required=False)
    country = forms.ChoiceField(label=_("Country"), choices=[("FR", _("France")), ("TG", _("Togo"))])
    visibility = forms.ChoiceField(
        label=_("Who may see the name"),
        widget=forms.RadioSelect,
        choices=[
            ("public", _("Everybody")),
            ("government", _("Governments only")),
            ("counted", _("Nobody: count only")),
        ],
    )
    mails = forms.BooleanField(label=_("Tell me what the governments answer"), required=False)
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
