"""Forms to record, correct and withdraw what governments said."""

from dataclasses import fields
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.campaigns.models import Campaign
from apps.core.form_fields import DayField, LineField, TextField
from apps.core.text import joined
from apps.governments.models import Group, Position
from apps.governments.pages.stance_labels import CONFIDENCES
from apps.governments.selectors import PositionContent
from apps.governments.services.positions import FURTHEST_EAST
from apps.sources.models import Source

from .pages.processing import STATED
from .pages.stance_chart import NO_STANCE, STANCES


class SourceField(forms.ModelChoiceField):
    """The campaign's sources by title, publisher and year."""

    def label_from_instance(self, obj: Source) -> str:
        parts = [Truncator(obj.title).chars(90), obj.publisher[:60], str(obj.year or "")]
        return joined(part for part in parts if part)


class PositionForm(forms.Form):
    stance = forms.ChoiceField(label=pgettext_lazy("of a government", "Position"), widget=forms.RadioSelect)
    on = DayField(label=_("Day on which it was said"))
    source = SourceField(
        label=_("Source"), queryset=Source.objects.none(), required=False, empty_label=_("None of the campaign's")
    )
    confidence = forms.ChoiceField(
        label=_("Confidence"), choices=list(CONFIDENCES.items()),
        initial="medium", help_text=_("High: in print. Medium: reported. Low: inferred, or only heard."),
    )  # fmt: skip
    statement = LineField(
        label=_("Statement"), max_length=300, required=False,
        help_text=_("One sentence, for example: With its group, refuses new talks."),
    )  # fmt: skip
    note = TextField(
        label=pgettext_lazy("remark", "Note"), max_length=2000, required=False,
        help_text=_("For the team only."),
    )  # fmt: skip

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stance: Any = self.fields["stance"]
        source: Any = self.fields["source"]
        stance.choices = [(key, capfirst(words)) for key, words in STANCES.items() if key != NO_STANCE]
        source.queryset = campaign.sources.order_by("title")

    def clean_on(self) -> date:
        """The preview shows this error of the service before saving."""
        on: date = self.cleaned_data["on"]
        if on > (timezone.now() + FURTHEST_EAST).date():
            raise forms.ValidationError(_("The day is in the future. Enter the day on which it was said."))
        return on

    def content(self) -> PositionContent:
        return PositionContent(**{field.name: self.cleaned_data[field.name] for field in fields(PositionContent)})


class CorrectionForm(PositionForm):
    reason = LineField(
        label=_("Reason for the correction"), max_length=300,
        help_text=_("Kept with the earlier version."),
    )  # fmt: skip

    @staticmethod
    def values_of(position: Position) -> dict[str, Any]:
        return {field.name: getattr(position, field.name) for field in fields(PositionContent)}


class PositionsForm(PositionForm):
    """For a group, a list of names, or both."""

    group = forms.ModelChoiceField(
        label=_("Group"), queryset=Group.objects.all(), required=False, empty_label=_("No group"),
        help_text=_("Its members on the day of the statement."),
    )  # fmt: skip
    names = forms.CharField(
        label=_("Governments"), max_length=20_000, required=False,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto", "spellcheck": "false"}),
        help_text=_(
            "Names or codes, one per line or with commas. The European Union is one government; choose its group to "
            "add its states."
        ),
    )  # fmt: skip
    field_order = ["group", "names", "stance", "on", "source", "confidence", "statement", "note"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("group") and not (cleaned.get("names") or "").strip() and "names" not in self.errors:
            self.add_error("names", _("Choose a group or enter governments."))
        return cleaned


class WithdrawalForm(forms.Form):
    reason = LineField(
        label=_("Reason"), max_length=300,
        help_text=_("For example: taken from a list that was a draft."),
    )  # fmt: skip


class ProcessingForm(forms.Form):
    """What only people can say in the record of processing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, question in STATED.items():
            self.fields[name] = TextField(
                label=question.label, help_text=question.hint, max_length=4000, required=False
            )
