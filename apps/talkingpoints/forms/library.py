"""Searching the library, retiring a fact, translating a point. Forms with which facts and points are written are in
`writing`."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.campaigns.models import Campaign
from apps.core.form_fields import LineField, TextField
from apps.core.text_lengths import CLAIM, PASSAGE, REASON
from apps.governments.models import Group, Member

from ..models import Fact, TalkingPoint
from ..pages.facts import VERIFICATIONS
from ..search.query import Filters, filter_counts

VERIFICATION_CHOICES = [(value.value, words) for value, (_glyph, _tone, words) in VERIFICATIONS.items()]


class LibraryForm(forms.Form):
    """Words and filters. Unknown filters are ignored: URLs are passed on and outlive what they name."""

    q = forms.CharField(
        label=gettext_lazy("Words in points, facts and sources"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "maxlength": 200, "class": "evidence-search"}),
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


class ReasonForm(forms.Form):
    """Why a fact is retired or restored."""

    reason = TextField(
        label=gettext_lazy("Why"),
        max_length=REASON,
        rows=2,
        help_text=gettext_lazy("Stays in the fact’s history, with your name"),
    )


class TranslationForm(forms.Form):
    """A point in another language; in its own, the passage alone."""

    title = LineField(label=gettext_lazy("Title"), required=False)
    claim = TextField(label=gettext_lazy("Claim"), required=False, max_length=CLAIM, rows=4)
    passage = TextField(
        label=gettext_lazy("Passage"),
        required=False,
        max_length=PASSAGE,
        rows=7,
        help_text=gettext_lazy("The paragraph that a letter inserts for this point"),
    )

    def __init__(self, data: Any, *, language: str, direction: str, original: bool, **options: Any) -> None:
        super().__init__(data, **options)
        if original:
            del self.fields["title"], self.fields["claim"]
        for box in self.fields.values():
            box.widget.attrs |= {"lang": language, "dir": direction}
