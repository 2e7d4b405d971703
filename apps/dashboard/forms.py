"""The form of the style guide."""

from django import forms
from django.utils.translation import gettext_lazy as _


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
