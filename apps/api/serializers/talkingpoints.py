"""Points, facts and sources, without the notes of staff."""

from typing import Any

from rest_framework import serializers

from apps.governments.models import Group
from apps.sources.models import Source
from apps.talkingpoints.models import Fact, TalkingPoint
from apps.talkingpoints.translated_words import public_titles

from ..query_params import KnownValueField, ListQuerySerializer
from ..schema import example
from .governments import MemberCodeField


class SourceQuerySerializer(ListQuerySerializer):
    kind = KnownValueField(Source, "kind", help_text="Only sources of this kind, for example footnote.")


@example(
    "A report",
    key="src-harbour-report",
    kind="footnote",
    form="work",
    footnote=4,
    authors=["Atlantic Harbour Institute"],
    title="Ports and Parcels: A Fictional Report",
    publisher="Atlantic Harbour Institute",
    year=2016,
    date="2016-05",
    url="https://institute.example/ports",
    other_url="",
    archived_url="",
    doi="",
    checked_on="2017-10-02",
    updated_at="2017-10-02T09:30:00Z",
)
class SourceSerializer(serializers.ModelSerializer[Source]):
    """A document, article, report or speech, described so that a reader can find it."""

    form = serializers.CharField(
        help_text="work (published on its own), article (its title is quoted) or described (title describes it)."
    )
    authors = serializers.ListField(child=serializers.CharField(), help_text="Persons or bodies, in order.")
    footnote = serializers.IntegerField(
        allow_null=True, help_text="Its footnote in the campaign's own document, where it has one."
    )
    url = serializers.CharField(help_text="As printed in the document; empty where none is.")

    class Meta:
        model = Source
        fields = [
            "key", "kind", "form", "footnote", "authors", "title", "publisher", "year", "date", "url", "other_url",
            "archived_url", "doi", "checked_on", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class PointQuerySerializer(ListQuerySerializer):
    topic = KnownValueField(TalkingPoint, "topics", help_text="Only points on this topic.")


class FactQuerySerializer(ListQuerySerializer):
    point = KnownValueField(TalkingPoint, "number", help_text="Only facts under the point with this number.")
    topic = KnownValueField(TalkingPoint, "topics", help_text="Only facts under points on this topic.")
    kind = KnownValueField(Fact, "kind", help_text="Only facts of this kind, for example figure.")
    verification = serializers.ChoiceField(
        Fact.Verification.values, required=False, help_text="Only facts with this verification."
    )
    member = MemberCodeField(help_text="Only facts that name this member: two letters, as in members.")
    group = KnownValueField(Group, "slug", help_text="Only facts that name this group, as in groups.")
    source: Any = KnownValueField(
        Source, "key", help_text="Only facts from this source, main or additional, as in sources."
    )
    retired = serializers.ChoiceField(
        ["false", "true", "all"],
        default="false",
        help_text="false: facts in use. true: retired facts, which old letters may cite. all: both.",
    )


@example(
    "A point",
    number=2,
    slug="small-shops",
    title="Small shops need room to grow",
    titles={"fr": "Les petits commerces ont besoin d’espace"},
    claim="The proposed rules would favour sellers that are already large.",
    topics=["markets"],
    actors=["stallholders"],
    groups=["ldc"],
    members=["TO"],
    facts=3,
    updated_at="2017-10-02T09:30:00Z",
)
class PointSerializer(serializers.ModelSerializer[TalkingPoint]):
    """One of the campaign's numbered arguments."""

    titles = serializers.SerializerMethodField(
        help_text="The title in other languages as public pages show it: reviewed or from the campaign's files, and in "
        "step with the original."
    )
    topics = serializers.ListField(child=serializers.CharField(), help_text="What it is about.")
    actors = serializers.ListField(child=serializers.CharField(), help_text="Whom it affects.")
    groups = serializers.ListField(
        source="related_groups", child=serializers.CharField(), help_text="Groups that it concerns, by slug."
    )
    members = serializers.ListField(
        source="related_countries", child=serializers.CharField(), help_text="Members that it names, by code."
    )
    facts = serializers.IntegerField(source="fact_count", help_text="How many facts in use it has.")

    class Meta:
        model = TalkingPoint
        fields = [
            "number", "slug", "title", "titles", "claim", "topics", "actors", "groups", "members", "facts",
            "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_titles(self, point: TalkingPoint) -> dict[str, str]:
        return public_titles(point)


@example(
    "A figure",
    key="p2-f1",
    number="2.1",
    name="Fact 2.1",
    point=2,
    kind="figure",
    statement="In Tonga nine shops in ten employ fewer than five people.",
    figures=[{"value": 90, "unit": "percent", "year": 2016}],
    applies_to=["TO"],
    source="src-harbour-report",
    additional_sources=[],
    locator={"point": 2, "where": "first sentence"},
    verification="verified",
    caution="",
    revision=1,
    retired_at=None,
    updated_at="2017-10-02T09:30:00Z",
)
class FactSerializer(serializers.ModelSerializer[Fact]):
    """A checkable statement with its figures, whom it concerns, and its sources."""

    number = serializers.CharField(
        source="stored_number", help_text="The point's number and the fact's position under it; 0.… for context."
    )
    name = serializers.CharField(help_text="As pages call it: Fact 2.1; Context 3.")
    point = serializers.IntegerField(
        source="point.number", read_only=True, default=None, allow_null=True, help_text="Null for context."
    )
    figures = serializers.ListField(child=serializers.DictField(), help_text="Value, unit, year and the like.")
    applies_to = serializers.ListField(
        child=serializers.CharField(), help_text="Members by code, groups by slug, or global."
    )
    source: Any = serializers.CharField(source="source.key", help_text="Its source, as in sources.")
    additional_sources: Any = serializers.SlugRelatedField(
        slug_field="key", many=True, read_only=True, help_text="Further sources."
    )
    locator = serializers.DictField(help_text="Where the campaign's own document says it.")
    verification = serializers.CharField(help_text="verified, consistent, unverified or caution.")
    caution = serializers.CharField(help_text="Why to be careful with it; empty where there is no reason.")

    class Meta:
        model = Fact
        fields = [
            "key", "number", "name", "point", "kind", "statement", "figures", "applies_to", "source",
            "additional_sources", "locator", "verification", "caution", "revision", "retired_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields
