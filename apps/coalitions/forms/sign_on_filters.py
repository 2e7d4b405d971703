"""The form that narrows the team's list of signatures."""

from collections.abc import Collection, Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core.form_fields import DayField
from apps.core.language_names import language_label
from apps.core.territories import organisation_codes, territory_name
from apps.core.text import name_sort_key
from apps.core.types import Label
from apps.letters.models import LetterVersion

from ..models import Coalition, SignOn
from ..pages.sign_on_labels import ORGANISATION_KINDS, SEEN_BY
from ..selectors.sign_on_filters import filter_values, versions_called

ALL = pgettext_lazy("filter", "All")
KINDS: list[tuple[str, Label]] = [
    (SignOn.Kind.ORGANISATION, _("Organisations")), (SignOn.Kind.PERSON, _("People")),
    *ORGANISATION_KINDS,
]  # fmt: skip


class SignOnFilterForm(forms.Form):
    """By the names of SIGN_ON_FILTERS. Choices are those that occur; a value that does not is ignored."""

    version = forms.ChoiceField(label=_("Version"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    visibility = forms.ChoiceField(label=_("Who may see the name"), required=False)
    language = forms.ChoiceField(label=_("Language of the signer"), required=False)
    coalition = forms.ChoiceField(label=_("Coalition or network"), required=False)
    signed_from = DayField(label=_("Signed from"), required=False)
    signed_until = DayField(label=_("Signed until"), required=False)

    def __init__(self, data: Any, *, campaign: Campaign, is_long: bool) -> None:
        super().__init__(data, auto_id="filter-%s", label_suffix="")
        occurring = _everything() if is_long else filter_values(campaign)
        coalitions = Coalition.objects.filter(campaign=campaign, organisations__isnull=False).distinct()
        self._offer("version", map(_version_label, versions_called(campaign)), pgettext_lazy("signatures", "All"))
        self._offer("country", _by_name((code, _country_name(code)) for code in occurring["country"]))
        self._offer("kind", [pair for pair in KINDS if pair[0] in occurring["kind"]])
        self._offer("visibility", [pair for pair in SEEN_BY.items() if pair[0] in occurring["visibility"]])
        languages = _by_name((code, language_label(code)) for code in occurring["language"])
        self._offer("language", languages, pgettext_lazy("languages", "All"))
        self._offer("coalition", [(str(one.pk), one.name) for one in coalitions], pgettext_lazy("coalitions", "All"))
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def _offer(self, name: str, options: Iterable[tuple[str, Label]], every: Label = ALL) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices = [("", every), *options]
        if len(field.choices) == 1:
            del self.fields[name]

    def values(self) -> dict[str, str]:
        """What was chosen; a day as "2017-11-20"."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


def _everything() -> dict[str, Collection[str]]:
    """What may occur, for a list that is too long to look."""
    return {
        "country": organisation_codes(),
        "kind": [kind for kind, _label in KINDS],
        "visibility": SignOn.Visibility.values,
        "language": [code for code, _name in settings.LANGUAGES],
    }


def _version_label(version: LetterVersion) -> tuple[str, str]:
    words = gettext("%(letter)s, version %(version)s")
    return str(version.pk), words % {"letter": version.letter.number, "version": version.number}


def _country_name(code: str) -> str:
    return territory_name(code, get_language() or "en")


def _by_name(options: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(options, key=lambda option: name_sort_key(option[1], get_language() or "en"))
