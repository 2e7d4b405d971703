"""The search of the evidence, with its filters."""

from collections.abc import Iterable, Mapping

from django import forms
from django.utils.translation import gettext_lazy, pgettext

from apps.campaigns.models import Campaign
from apps.core.types import Label
from apps.governments.models import Group, Member

from ..models import Fact, TalkingPoint
from ..pages.facts import VERIFICATIONS
from ..search.filters import Filters, filter_counts

VERIFICATION_CHOICES = [(value.value, words) for value, (_glyph, _tone, words) in VERIFICATIONS.items()]


class SearchForm(forms.Form):
    """Words and filters. Unknown filters are ignored, since URLs outlive what they name."""

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

    def __init__(self, data: Mapping[str, str], *, campaign: Campaign, points: list[TalkingPoint]) -> None:
        super().__init__(data)
        self.choices: dict[str, list[tuple[str, str]]] = {}
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
        every = pgettext("verifications", "All")
        self._offer("verification", VERIFICATION_CHOICES, counts["verifications"], every)

    def _offer(self, name: str, choices: Iterable[tuple[str, Label]], counts: dict[str, int], every: str = "") -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        offered = [(value, f"{label} ({counts[value]})") for value, label in choices if value in counts]
        self.choices[name] = offered
        field.choices = [("", every or pgettext("evidence", "All")), *offered]

    def filters(self) -> Filters:
        self.is_valid()
        known = {name: self.cleaned_data.get(name, "") for name in Filters.__dataclass_fields__}
        return Filters(**known)
