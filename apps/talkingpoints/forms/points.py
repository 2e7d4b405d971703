"""Adding, correcting and translating points."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.campaigns.models import Campaign
from apps.core.form_fields import LineField, TextField
from apps.core.forms import NumberField
from apps.core.text_lengths import CLAIM, PASSAGE
from apps.core.types import FormData, JsonObject

from ..models import TalkingPoint
from .fields import ConcernedNames, split_list


class PointForm(forms.Form):
    title = LineField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("What it says, in a few words. In English, like all points."),
    )
    claim = TextField(
        label=gettext_lazy("Claim"), max_length=CLAIM, rows=4, help_text=gettext_lazy("A sentence or two")
    )
    topics = LineField(
        label=gettext_lazy("Topics"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Words, separated by semicolons. Use those of other points if they fit"),
    )
    concerned = LineField(
        label=gettext_lazy("Whom it concerns"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("Names of governments and groups, separated by semicolons"),
    )

    def __init__(
        self,
        data: FormData,
        *,
        campaign: Campaign,
        point: TalkingPoint | None = None,
        initial: JsonObject | None = None,
    ) -> None:
        self.names = ConcernedNames(campaign)
        if point:
            labels = point.extra.get("labels", {})
            initial = {
                "title": point.title,
                "claim": point.claim,
                "topics": "; ".join(labels.get(slug, slug) for slug in point.topics),
                "concerned": self.names.display([*point.related_groups, *point.related_countries]),
            }
        super().__init__(data, initial=initial)

    def clean_topics(self) -> list[str]:
        words = split_list(self.cleaned_data["topics"])
        if long := next((word for word in words if len(word) > 120), ""):
            raise forms.ValidationError(
                _("“%(word)s…” is too long for one topic. Separate topics with semicolons.") % {"word": long[:40]}
            )
        return words

    def clean_concerned(self) -> list[str]:
        return self.names.parse(self.cleaned_data["concerned"], self.names.codes)

    def values(self) -> JsonObject:
        """The arguments of `point_add` and `point_correct`."""
        found = dict(self.cleaned_data)
        concerned = found.pop("concerned")
        return {
            **found,
            "related_groups": [word for word in concerned if word in self.names.groups],
            "related_countries": [word for word in concerned if word not in self.names.groups],
        }


class NewPointForm(PointForm):
    """A new point, with the number and short name that it keeps."""

    number = NumberField(
        label=pgettext_lazy("of a point", "Number"),
        min_value=1,
        max_value=999,
        help_text=gettext_lazy("Letters and other pages refer to the point by it. It cannot be changed later."),
    )
    slug = forms.RegexField(
        label=gettext_lazy("Short name"),
        regex=r"^[a-z0-9][a-z0-9-]*$",
        required=False,
        max_length=50,
        help_text=gettext_lazy("Small letters, digits and hyphens. If you leave it empty, it is made from the title."),
        error_messages={"invalid": gettext_lazy("Use small letters, digits and hyphens only, or leave it empty.")},
    )
    passage = TextField(
        label=gettext_lazy("Passage"),
        required=False,
        max_length=PASSAGE,
        rows=6,
        help_text=gettext_lazy(
            "The paragraph that letters insert for this point. Until there is one, they insert the claim."
        ),
    )
    field_order = ("number", "title", "claim", "passage", "topics", "concerned", "slug")


class TranslationForm(forms.Form):
    """A point in another language; in the original language, only the passage."""

    title = LineField(label=gettext_lazy("Title"), required=False)
    claim = TextField(label=gettext_lazy("Claim"), required=False, max_length=CLAIM, rows=4)
    passage = TextField(
        label=gettext_lazy("Passage"),
        required=False,
        max_length=PASSAGE,
        rows=7,
        help_text=gettext_lazy("The paragraph that letters insert for this point"),
    )

    def __init__(
        self, data: FormData, *, language: str, direction: str, original: bool, initial: dict[str, str] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        if original:
            del self.fields["title"], self.fields["claim"]
        for field in self.fields.values():
            field.widget.attrs |= {"lang": language, "dir": direction}
