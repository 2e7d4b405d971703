"""Adding, correcting, retiring and restoring facts."""

from django import forms
from django.forms import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.campaigns.models import Campaign
from apps.core.form_fields import LineField, TextField
from apps.core.text_lengths import CAUTION, REASON, STATEMENT
from apps.core.types import FormData, JsonObject
from apps.sources.forms import SourceForm
from apps.sources.models import Source
from apps.sources.selectors import campaign_sources

from ..models import Fact, TalkingPoint
from .fields import ConcernedNames, SourceChoice, SourceChoices
from .search import VERIFICATION_CHOICES

NOT_OURS = gettext_lazy("This campaign has no such source. Choose one from the list, or describe a new one.")


class NewFactForm(forms.Form):
    """A fact without its figures, which are a formset."""

    statement = TextField(
        label=gettext_lazy("Statement"),
        max_length=STATEMENT,
        rows=4,
        help_text=gettext_lazy("One sentence that somebody can check. In English, as all facts are."),
        error_messages={"required": gettext_lazy("Write the statement: one sentence that can be checked.")},
    )
    point = forms.ModelChoiceField(
        label=gettext_lazy("Point"),
        queryset=TalkingPoint.objects.none(),
        required=False,
        empty_label=gettext_lazy("Context: outside the numbered points"),
        error_messages={"invalid_choice": gettext_lazy("This campaign has no such point. Choose one from the list.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Fact.Kind.choices)
    applies_to = LineField(
        label=gettext_lazy("Whom it concerns"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("Names of governments and groups, separated by semicolons; “global” for all"),
    )
    source = SourceChoice(
        label=gettext_lazy("Source"),
        queryset=Source.objects.none(),
        empty_label=gettext_lazy("Not in this list: described below"),
        error_messages={
            "invalid_choice": NOT_OURS,
            "required": gettext_lazy("Choose the source. If it is not in the list, describe it below."),
        },
    )
    where = LineField(
        label=gettext_lazy("Where in the source"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Page, paragraph or sentence, so that others find it quickly"),
    )
    further_sources = SourceChoices(
        label=gettext_lazy("Further sources"),
        queryset=Source.objects.none(),
        required=False,
        help_text=gettext_lazy("Other sources that say the same. Save to get more rows."),
        error_messages={"invalid_choice": NOT_OURS, "invalid_pk_value": NOT_OURS},
    )
    verification = forms.ChoiceField(
        label=gettext_lazy("Verification"), choices=VERIFICATION_CHOICES, initial=Fact.Verification.UNVERIFIED.value
    )
    caution = TextField(
        label=gettext_lazy("Caution"),
        required=False,
        max_length=CAUTION,
        help_text=gettext_lazy("What is doubtful. People see it when they choose this fact."),
    )

    def __init__(self, data: FormData, *, campaign: Campaign, initial: JsonObject | None = None) -> None:
        self.names = ConcernedNames(campaign)
        super().__init__(data, initial=initial)
        sources = campaign_sources(campaign)
        points = TalkingPoint.objects.filter(campaign=campaign)
        for name, rows in (("source", sources), ("further_sources", sources), ("point", points)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        self.new_source = SourceForm(data, prefix="new")
        self.fields["source"].required = not self.describes_source

    @property
    def describes_source(self) -> bool:
        """Whether anything but the preselected form of a new source was filled in."""
        return self.is_bound and bool(set(self.new_source.changed_data) - {"form"})

    def clean_applies_to(self) -> list[str]:
        return self.names.parse(self.cleaned_data["applies_to"], self.names.codes_of_facts)

    def clean(self) -> JsonObject:
        found = super().clean() or {}
        chosen = found.get("source")
        if chosen and self.describes_source:
            self.add_error("source", _("You chose a source here and described another below. Clear one of them."))
        elif self.describes_source and not self.new_source.is_valid():
            self.add_error("source", _("Complete the new source below."))
        return found

    def values(self) -> JsonObject:
        """The arguments of `fact_add`, without figures."""
        found = dict(self.cleaned_data)
        found["locator"] = self.locator(found.pop("where"))
        return found | {"new_source": self.new_source.values() if self.describes_source else None}

    def locator(self, where: str) -> JsonObject:
        return {"where": where} if where else {}


class FactForm(NewFactForm):
    """A correction needs a reason."""

    reason = TextField(
        label=gettext_lazy("Why it is corrected"),
        max_length=REASON,
        rows=2,
        help_text=gettext_lazy("Kept in the fact’s history, with your name"),
    )

    def __init__(self, data: FormData, *, fact: Fact) -> None:
        self.fact = fact
        initial = {
            **model_to_dict(fact, ("statement", "point", "kind", "source", "verification", "caution")),
            "further_sources": [source.pk for source in fact.additional_sources.all()],
            "where": fact.locator.get("where", ""),
        }
        super().__init__(data, campaign=fact.campaign, initial=initial)
        self.initial["applies_to"] = self.names.display(fact.applies_to)

    def locator(self, where: str) -> JsonObject:
        """Keeps the point and footnote in the document, which the form does not ask for."""
        kept = {name: value for name, value in self.fact.locator.items() if name != "where"}
        return {**kept, "where": where} if where else kept


class ReasonForm(forms.Form):
    reason = TextField(
        label=gettext_lazy("Why"),
        max_length=REASON,
        rows=2,
        help_text=gettext_lazy("Kept in the fact’s history, with your name"),
    )
