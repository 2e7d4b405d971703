"""What adds and changes points, facts and sources. Forms of the pages check what their rules have in common."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.text_lengths import CAUTION, CLAIM, PASSAGE, REASON, STATEMENT
from apps.core.types import JsonObject
from apps.sources.forms import SourceForm
from apps.sources.models import Source
from apps.talkingpoints.forms.fields import ConcernedNames
from apps.talkingpoints.forms.figures import FigureForm
from apps.talkingpoints.models import Fact, TalkingPoint

from ..bodies import BodySerializer, LineField, TextField
from ..schema import example

#: items of a list
MOST = 200


class ConcernedField(serializers.ListField):
    """Members by code or name, groups by slug or name; for facts also “global” and words that facts use already."""

    def __init__(self, *, of_facts: bool = False, **options: Any) -> None:
        self.of_facts = of_facts
        super().__init__(child=LineField(max_length=200), max_length=MOST, required=False, **options)

    def to_internal_value(self, data: Any) -> list[str]:
        typed = super().to_internal_value(data)
        names = ConcernedNames(self.context["campaign"])
        try:
            return names.parse("; ".join(typed), names.codes_of_facts if self.of_facts else names.codes)
        except forms.ValidationError as error:
            raise serializers.ValidationError(error.messages) from None


class CampaignRowField(serializers.SlugRelatedField[Any]):
    """A row of the campaign, by what its URL names it by."""

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return None if rows is None else rows.filter(campaign=self.context["campaign"])

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool | float | list | dict) or len(str(data)) > 100:
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field(OpenApiTypes.STR)
class SourceKeyField(CampaignRowField):
    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="key", queryset=Source.objects.all(), **options)


@extend_schema_field(OpenApiTypes.INT)
class PointNumberField(CampaignRowField):
    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="number", queryset=TalkingPoint.objects.all(), **options)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, int) or not 0 <= data < 2**15:
            self.fail("invalid")
        return super().to_internal_value(data)


@example("A better claim", claim="Rules made for large ports keep small ones out, and their people too.")
class PointChangeBody(BodySerializer):
    title = LineField(max_length=200, help_text="What it says, in a few words, in English.")
    claim = TextField(max_length=CLAIM, help_text="A sentence or two.")
    topics = serializers.ListField(
        child=LineField(max_length=120), max_length=MOST, required=False, help_text="Words; known ones are used again."
    )
    groups = ConcernedField(help_text="Groups that it concerns.")
    members = ConcernedField(help_text="Members that it names.")


@example(
    "A point",
    number=13,
    title="Small ports need small rules",
    claim="Rules made for large ports keep small ones out.",
    topics=["ports"],
    members=["TO"],
)
class PointBody(PointChangeBody):
    number = serializers.IntegerField(min_value=1, max_value=999, help_text="It cannot be changed later.")
    slug = serializers.RegexField(
        r"^[a-z0-9][a-z0-9-]*\Z", max_length=50, required=False, help_text="Without it, made from the title."
    )
    passage = TextField(
        max_length=PASSAGE, required=False, allow_blank=True, help_text="The paragraph that letters insert."
    )


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string", "maxLength": 40}]})
class FigureValueField(serializers.Field[Any, Any, Any, Any]):
    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, bool) or not isinstance(data, int | str):
            raise serializers.ValidationError(_("Give a whole number, or text such as “62.5” or “2016-10”."))
        return str(data)

    def to_representation(self, value: Any) -> Any:
        return value


class FigureBody(BodySerializer):
    """As in a row of the form. Decimal numbers are text, since floats are not exact."""

    value = FigureValueField(required=False)
    unit = LineField(required=False, max_length=80)
    year = serializers.IntegerField(required=False)
    as_stated = LineField(required=False, max_length=120, help_text="In the words of the source.")

    def validate(self, attrs: JsonObject) -> JsonObject:
        form = FigureForm({name: str(value) for name, value in attrs.items()})
        if not form.is_valid():
            raise serializers.ValidationError(
                {name: [str(word) for word in words] for name, words in form.errors.items()}
            )
        return form.figure()


@example(
    "A figure",
    statement="In Tonga nine shops in ten employ fewer than five people.",
    point=2,
    kind="figure",
    figures=[{"value": 90, "unit": "percent", "year": 2016}],
    applies_to=["TO"],
    source="src-harbour-report",
    where="page 12",
    verification="verified",
)
class FactBody(BodySerializer):
    statement = TextField(max_length=STATEMENT, help_text="One sentence that somebody can check, in English.")
    point = PointNumberField(allow_null=True, required=False, help_text="A point's number; null for context.")
    kind = serializers.ChoiceField(Fact.Kind.values)
    figures = FigureBody(many=True, required=False)
    applies_to = ConcernedField(of_facts=True, help_text="Members by code, groups by slug, or global.")
    source: Any = SourceKeyField(help_text="A source's key.")
    additional_sources: Any = serializers.ListField(
        child=SourceKeyField(), required=False, max_length=20, source="further_sources", help_text="Keys of sources."
    )
    where = LineField(max_length=200, required=False, allow_blank=True, help_text="Page, paragraph or sentence.")
    verification = serializers.ChoiceField(Fact.Verification.values, required=False)
    caution = TextField(max_length=CAUTION, required=False, allow_blank=True, help_text="What is doubtful.")


@example("A reason", reason="The bank corrected the figure.")
class ReasonBody(BodySerializer):
    reason = TextField(max_length=REASON, help_text="Kept in the fact’s history, with the name of the token's owner.")


@example("A correction", statement="In Tonga eight shops in ten employ fewer than five people.", reason="New edition.")
class FactChangeBody(FactBody):
    reason = TextField(max_length=REASON, help_text="Kept in the fact’s history, with the name of the token's owner.")


class AuthorField(LineField):
    def to_internal_value(self, data: Any) -> str:
        if ";" in (name := super().to_internal_value(data)):
            raise serializers.ValidationError(_("Give each author as an item of the list, without semicolons."))
        return name


@example(
    "A report",
    title="Ports and Parcels: A Fictional Report",
    form="work",
    authors=["Atlantic Harbour Institute"],
    date="2016-05",
    url="https://institute.example/ports",
)
class SourceBody(BodySerializer):
    title = LineField(max_length=400)
    form = serializers.ChoiceField(Source.Form.values, required=False)
    authors = serializers.ListField(child=AuthorField(max_length=200), max_length=MOST, required=False)
    publisher = LineField(max_length=300, required=False, allow_blank=True)
    date = LineField(max_length=10, required=False, allow_blank=True, help_text="2017, 2017-05 or 2017-05-12.")
    url = LineField(max_length=600, required=False, allow_blank=True)
    archived_url = LineField(max_length=600, required=False, allow_blank=True)
    doi = LineField(max_length=120, required=False, allow_blank=True)
    checked_on = serializers.DateField(
        required=False, allow_null=True, input_formats=["%Y-%m-%d"], help_text="When somebody last opened it."
    )

    @staticmethod
    def form_of(values: JsonObject, source: Source | None) -> SourceForm:
        """The form of the page, filled in with the values; what was not sent stays as the source has it."""
        data = {**SourceForm(None, source=source).initial, **values}
        if "authors" in values:
            data["authors"] = "; ".join(values["authors"])
        return SourceForm({name: value for name, value in data.items() if value is not None})


@example("A day", on="2017-10-02")
class CheckBody(BodySerializer):
    on = serializers.DateField(input_formats=["%Y-%m-%d"], help_text="When somebody opened it and found the statement.")
