"""Forms of mailings."""

from collections.abc import Mapping
from typing import cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core.form_fields import TextField
from apps.core.forms import NumberField
from apps.core.language_names import language_name
from apps.letters.models import LetterVersion

from .models import AnswerSummary, Delivery, Dispatch
from .selectors.dispatches import versions_to_send


class VersionChoice(forms.ModelChoiceField):
    def label_from_instance(self, version: LetterVersion) -> str:
        return _("Letter %(letter)d, version %(version)d: %(title)s") % {
            "letter": version.letter.number,
            "version": version.number,
            "title": version.letter.title,
        }


class PrepareForm(forms.Form):
    version = VersionChoice(
        queryset=LetterVersion.objects.none(),
        label=_("Letter and version"),
        empty_label=None,
        help_text=_("Only frozen versions can be sent. Their text is fixed, so governments get what people signed."),
    )

    def __init__(self, data: Mapping[str, object] | None, *, campaign: Campaign, version: str | None) -> None:
        super().__init__(data, initial={"version": version})
        cast(VersionChoice, self.fields["version"]).queryset = versions_to_send(campaign)


class AuthoriseForm(forms.Form):
    """Typed by the second person. `plan` is the hash of the plan they saw."""

    typed_count = NumberField(
        label=_("Type the number of letters"),
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input month-count"}),
        error_messages={
            "required": _("Type the number of letters that will be sent."),
            "invalid": _("Type a number in digits."),
        },
    )
    plan = forms.CharField(widget=forms.HiddenInput, min_length=64, max_length=64)


class TestForm(forms.Form):
    delivery = forms.ModelChoiceField(queryset=Delivery.objects.none(), label=_("Letter to"))

    def __init__(self, data: Mapping[str, object], *, dispatch: Dispatch) -> None:
        super().__init__(data)
        field = cast("forms.ModelChoiceField[Delivery]", self.fields["delivery"])
        field.queryset = Delivery.objects.filter(dispatch=dispatch)


class AnswerSummaryForm(forms.Form):
    """What the public page says of an answer, in the language in which it is written."""

    text = TextField(
        label=_("Summary for everybody"),
        help_text=_("In your own words. Name no person, no email address and no telephone number."),
        max_length=1000,
        rows=5,
        error_messages={"required": _("Write what the government answered.")},
    )
    language = forms.ChoiceField(label=_("Language of the summary"))

    def __init__(
        self, data: Mapping[str, object] | None = None, *, campaign: Campaign, summary: AnswerSummary | None
    ) -> None:
        initial = {"text": summary.text, "language": summary.language} if summary else None
        super().__init__(data, initial=initial)
        codes = dict.fromkeys(
            [*campaign.languages, *dict(settings.LANGUAGES), *([summary.language] if summary else [])]
        )
        field = cast(forms.ChoiceField, self.fields["language"])
        field.choices = [(code, language_name(code)) for code in codes]
