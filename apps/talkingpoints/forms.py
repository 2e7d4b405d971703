"""Searching the library, correcting a fact, translating a point."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.campaigns.models import Campaign
from apps.core.forms import NumberField
from apps.governments.models import Group, Member
from apps.governments.names import sort_key
from apps.sources.models import Source

from .models import Fact, TalkingPoint
from .presentation import VERIFICATIONS
from .search import Filters, filter_counts

MONTH = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
VERIFICATION_CHOICES = [(value.value, words) for value, (_glyph, _tone, words) in VERIFICATIONS.items()]


class LibraryForm(forms.Form):
    """Words and filters. A filter nobody knows is no filter: addresses are passed on and outlive what they name."""

    q = forms.CharField(
        label=gettext_lazy("Words in points, facts and sources"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "maxlength": 200, "class": "evq"}),
    )
    topic = forms.ChoiceField(label=gettext_lazy("Topic"), required=False)
    group = forms.ChoiceField(label=gettext_lazy("Group"), required=False)
    country = forms.ChoiceField(label=gettext_lazy("Government"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    verification = forms.ChoiceField(label=gettext_lazy("Verification"), required=False)

    def __init__(self, data: Any, *, campaign: Campaign, points: list[TalkingPoint]) -> None:
        super().__init__(data)
        counts = filter_counts(campaign)
        labels = {slug: label for point in points for slug, label in point.extra.get("labels", {}).items()}
        concerned = counts["concerned"]
        groups = Group.objects.filter(slug__in=concerned).values_list("slug", "label").order_by("label")
        members = Member.objects.filter(code__in=concerned).values_list("code", "name").order_by("sort_en")
        topics = sorted((labels.get(slug, slug), slug) for slug in counts["topics"])
        self._offer("topic", [(slug, label) for label, slug in topics], counts["topics"])
        self._offer("group", groups, concerned)
        self._offer("country", members, concerned)
        self._offer("kind", Fact.Kind.choices, counts["kinds"])
        self._offer("verification", VERIFICATION_CHOICES, counts["verifications"])

    def _offer(self, name: str, choices: Any, counts: dict[str, int]) -> None:
        box: Any = self.fields[name]
        offered = [(value, f"{label} ({counts[value]})") for value, label in choices if value in counts]
        box.choices = [("", _("All")), *offered]

    def filters(self) -> Filters:
        self.is_valid()
        known = {name: self.cleaned_data.get(name, "") for name in Filters.__dataclass_fields__}
        return Filters(**known)


class FigureForm(forms.Form):
    """One figure of a fact. An empty row is none."""

    value = forms.CharField(label=gettext_lazy("Value"), required=False, max_length=40)
    unit = forms.CharField(label=gettext_lazy("Unit"), required=False, max_length=80)
    year = NumberField(label=gettext_lazy("Year"), required=False, min_value=1000, max_value=2999)
    as_stated = forms.CharField(label=gettext_lazy("As the source puts it"), required=False, max_length=120)

    def clean_value(self) -> Any:
        """A whole number, a decimal number as text (floats have no canonical form), a month or a day."""
        raw = self.cleaned_data["value"].strip()
        if not raw or MONTH.fullmatch(raw):
            return raw or None
        try:
            number = Decimal(raw)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or "e" in raw.lower():
            raise forms.ValidationError(_("“%(raw)s” is no number. Write 1500, 62.5 or 2016-10.") % {"raw": raw})
        return int(number) if number == number.to_integral_value() else format(number.normalize(), "f")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        stated = found.get("value") is not None or found.get("as_stated")
        if stated and not found.get("unit"):
            self.add_error("unit", _("A figure needs a unit. Say of what: percent of jobs, USD, people."))
        elif found.get("unit") and not stated and "value" not in self.errors:
            self.add_error("value", _("Give the number, or the words of the source. Empty the row to drop the figure."))
        return found

    def figure(self) -> dict[str, Any]:
        """The figure as facts keep it; {} for an empty row."""
        found = {name: self.cleaned_data.get(name) for name in ("value", "unit", "year", "as_stated")}
        return {name: value for name, value in found.items() if value not in (None, "")}


FigureFormSet = forms.formset_factory(FigureForm, extra=2, max_num=20, absolute_max=20)


class FactForm(forms.Form):
    """What a correction may change, and why it is made."""

    statement = forms.CharField(label=gettext_lazy("Statement"), widget=forms.Textarea(attrs={"rows": 4}))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Fact.Kind.choices)
    applies_to = forms.CharField(
        label=gettext_lazy("Whom it concerns"),
        required=False,
        help_text=gettext_lazy("Names of governments and groups, separated by semicolons; “global” for everybody"),
    )
    source = forms.ModelChoiceField(label=gettext_lazy("Source"), queryset=Source.objects.none(), empty_label=None)
    where = forms.CharField(
        label=gettext_lazy("Place in the source"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Page, paragraph or sentence, so that somebody finds it in a minute"),
    )
    verification = forms.ChoiceField(label=gettext_lazy("Verification"), choices=VERIFICATION_CHOICES)
    caution = forms.CharField(
        label=gettext_lazy("Caution"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What is doubtful. Whoever picks this fact reads it."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it is corrected"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Stays in the fact’s history, with your name"),
    )

    def __init__(self, data: Any, *, fact: Fact) -> None:
        self.fact = fact
        self._known, shown = _concerned(fact.campaign)
        initial = {
            "statement": fact.statement,
            "kind": fact.kind,
            "applies_to": "; ".join(shown.get(word, word) for word in fact.applies_to),
            "source": fact.source_id,
            "where": fact.locator.get("where", ""),
            "verification": fact.verification,
            "caution": fact.caution,
        }
        super().__init__(data, initial=initial)
        sources: Any = self.fields["source"]
        sources.queryset = Source.objects.filter(campaign=fact.campaign_id).order_by("title")

    def clean_applies_to(self) -> list[str]:
        """Codes and slugs; raises for words that are no government, group or word in use."""
        pieces = [piece.strip() for piece in self.cleaned_data["applies_to"].split(";") if piece.strip()]
        strangers = [piece for piece in pieces if sort_key(piece) not in self._known]
        if strangers:
            raise forms.ValidationError(
                _("Neither a government nor a group here: %(names)s. Write the name or code, or “global”.")
                % {"names": ", ".join(strangers[:5])}
            )
        return list(dict.fromkeys(self._known[sort_key(piece)] for piece in pieces))

    def values(self) -> dict[str, Any]:
        """As `fact_correct` takes them, without figures."""
        found = dict(self.cleaned_data)
        where = found.pop("where")
        kept = {name: value for name, value in self.fact.locator.items() if name != "where"}
        return {**found, "locator": {**kept, "where": where} if where else kept}


def _concerned(campaign: Campaign) -> tuple[dict[str, str], dict[str, str]]:
    """{folded name: code or slug} and {code or slug: name} of all whom a fact may concern."""
    known: dict[str, str] = {"global": "global"}
    shown: dict[str, str] = {}
    for words in Fact.objects.filter(campaign=campaign).values_list("applies_to", flat=True):
        known |= {sort_key(word): word for word in words}
    for slug, label in Group.objects.values_list("slug", "label"):
        known |= {sort_key(slug): slug, sort_key(label): slug}
        shown[slug] = label
    for member in Member.objects.only("code", "name", "name_fr", "name_es"):
        known |= {sort_key(name): member.code for name in (member.code, member.name, member.name_fr, member.name_es)}
        shown[member.code] = member.name
    return known, shown


class ReasonForm(forms.Form):
    """Why a fact is retired or restored."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Stays in the fact’s history, with your name"),
    )


class TranslationForm(forms.Form):
    """A point in another language; in its own, the passage alone."""

    title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=200)
    claim = forms.CharField(label=gettext_lazy("Claim"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    passage = forms.CharField(
        label=gettext_lazy("Passage"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=gettext_lazy("The paragraph that a letter inserts for this point"),
    )

    def __init__(self, data: Any, *, language: str, direction: str, original: bool, **options: Any) -> None:
        super().__init__(data, **options)
        if original:
            del self.fields["title"], self.fields["claim"]
        for box in self.fields.values():
            box.widget.attrs |= {"lang": language, "dir": direction}
