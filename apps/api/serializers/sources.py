"""Sources, without the notes of staff."""

from rest_framework import serializers

from apps.sources.models import Source

from ..query_params import KnownValueField, ListQuerySerializer
from ..schema import example


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
