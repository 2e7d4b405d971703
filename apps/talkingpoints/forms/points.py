"""A point, new or corrected."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.campaigns.models import Campaign
from apps.core.form_fields import LineField, TextField
from apps.core.forms import NumberField
from apps.core.text_lengths import CLAIM, PASSAGE
from apps.core.types import JsonObject

from .choices import Whom, pieces_of


class PointForm(forms.Form):
    """A point as a correction may change it."""

    title = LineField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("What it says in a few words. In English, as all points are."),
    )
    claim = TextField(
        label=gettext_lazy("Claim"), max_length=CLAIM, rows=4, help_text=gettext_lazy("A sentence or two")
    )
    topics = LineField(
        label=gettext_lazy("Topics"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Words, separated by semicolons; those of other points where they fit"),
    )
    concerned = LineField(
        label=gettext_lazy("Whom it concerns"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("Names of governments and groups, separated by semicolons"),
    )

    def __init__(self, data: Any, *, campaign: Campaign, **options: Any) -> None:
        self.whom = Whom(campaign)
        super().__init__(data, **options)

    def clean_topics(self) -> list[str]:
        words = pieces_of(self.cleaned_data["topics"])
        if long := next((word for word in words if len(word) > 120), ""):
            raise forms.ValidationError(
                _("“%(word)s…” is too long for one topic. Separate topics with semicolons.") % {"word": long[:40]}
            )
        return words

    def clean_concerned(self) -> list[str]:
        return self.whom.read(self.cleaned_data["concerned"], self.whom.named)

    def values(self) -> JsonObject:
        """As `point_add` and `point_correct` take them."""
        found = dict(self.cleaned_data)
        concerned = found.pop("concerned")
        return {
            **found,
            "related_groups": [word for word in concerned if word in self.whom.groups],
            "related_countries": [word for word in concerned if word not in self.whom.groups],
        }


class NewPointForm(PointForm):
    """A new point, with its number and short name, which stay as they are from then on."""

    number = NumberField(
        label=gettext_lazy("Number"),
        min_value=1,
        max_value=999,
        help_text=gettext_lazy("Letters, asks and other pages name the point by it. It cannot be changed later."),
    )
    slug = forms.RegexField(
        label=gettext_lazy("Short name"),
        regex=r"^[a-z0-9][a-z0-9-]*$",
        required=False,
        max_length=50,
        help_text=gettext_lazy("Small letters, digits and hyphens. Empty: made from the title."),
        error_messages={"invalid": gettext_lazy("Write small letters, digits and hyphens only, or leave it empty.")},
    )
    passage = TextField(
        label=gettext_lazy("Passage"),
        required=False,
        max_length=PASSAGE,
        rows=6,
        help_text=gettext_lazy("The paragraph that a letter inserts for this point. Until there is one, the claim."),
    )
    field_order = ("number", "title", "claim", "passage", "topics", "concerned", "slug")
