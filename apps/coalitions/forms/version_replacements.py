"""The form that proposes a later version in place of the one that is signed."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.form_fields import DayField
from apps.core.language_names import language_name
from apps.letters.models import LetterVersion
from apps.letters.selectors.editions import first_language

from ..models import SignOnCall, VersionReplacement
from ..selectors.version_replacements import material_version
from ..services.version_replacements import MAX_REASON
from .calls import CLOCK, DayAndTimeForm

KINDS = [
    (
        VersionReplacement.Kind.CORRECTION,
        _("A correction: a typo, a wrong figure, a mistake in a translation. The meaning is the same."),
    ),
    (VersionReplacement.Kind.MATERIAL, _("A material change: the letter says or asks something else.")),
]


class ReplacementForm(DayAndTimeForm):
    moments = {"answer_until": time(23, 59)}
    kind = forms.ChoiceField(
        label=_("What the new version is"), choices=KINDS, widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )  # fmt: skip
    answer_day = DayField(
        label=_("Signers may agree until"), required=False, help_text=_("Only for a material change.")
    )
    answer_time = forms.TimeField(label=_("at"), required=False, widget=CLOCK, initial=time(23, 59))

    def __init__(self, data: Any = None, *, call: SignOnCall, version: LetterVersion) -> None:
        super().__init__(data, campaign=call.campaign)
        kind: Any = self.fields["kind"]
        # as whoever froze it said; a material version between them decides
        kind.initial = LetterVersion.Change.MATERIAL if material_version(call.version, version) else version.change
        original = first_language(version)
        self.languages = [original, *(code for code in version.subjects if code != original)]
        for code in self.languages:
            self.fields[f"reason_{code}"] = forms.CharField(
                label=_("What changed, and why (%(language)s)") % {"language": language_name(code)},
                required=code == original, max_length=MAX_REASON,
                initial=version.reason if code == original else "", widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("Signers read it in their email, and everybody on the public page.")
                if code == original
                else _("If it is empty, these signers read the first one."),
            )  # fmt: skip
        if call.ended_at is None:
            self.show("answer_until", call.closes_at)

    def reason_fields(self) -> list[forms.BoundField]:
        return [self[f"reason_{code}"] for code in self.languages]

    def values(self) -> dict[str, Any]:
        """Arguments of `version_replacement_propose`. Only after `is_valid()`."""
        return {
            "kind": self.cleaned_data["kind"],
            "reasons": {code: self.cleaned_data[f"reason_{code}"] for code in self.languages},
            "answer_until": self.cleaned_data["answer_until"],
        }
