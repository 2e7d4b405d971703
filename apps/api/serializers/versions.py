"""Frozen versions of letters and their country letters."""

from typing import Any

from rest_framework import serializers

from apps.core.types import JsonObject
from apps.letters.models import Edition, LetterVersion
from apps.letters.rendering import render_html, render_text
from apps.letters.selectors.editions import edition_envelope

from ..query_params import ListQuerySerializer
from ..schema import example
from .letters import MOMENT, SHA256

#: the general letter, in place of a member's code
GENERAL = "general"


class EditionQuerySerializer(ListQuerySerializer):
    language = serializers.CharField(required=False, max_length=10, help_text="Only those in this language.")


@example(
    "A version",
    number=1,
    sha256=SHA256,
    frozen_at=MOMENT,
    frozen_on="2017-10-02",
    languages=["en", "fr"],
    subjects={"en": "Leave room for small shops", "fr": "Laissez de la place aux petits commerces"},
    editions=4,
)
class VersionSerializer(serializers.ModelSerializer[LetterVersion]):
    """A frozen letter: signatures are bound to it, and nothing in it can change."""

    sha256 = serializers.CharField(help_text="The fingerprint of titles, evidence and all editions.")
    frozen_on = serializers.DateField(help_text="The day as of which groups and positions were looked up.")
    languages = serializers.SerializerMethodField()
    subjects = serializers.DictField(child=serializers.CharField(), help_text="The title in each language.")
    editions = serializers.IntegerField(source="edition_count", help_text="How many editions it has.")

    class Meta:
        model = LetterVersion
        fields = ["number", "sha256", "frozen_at", "frozen_on", "languages", "subjects", "editions"]
        read_only_fields = fields

    def get_languages(self, version: LetterVersion) -> list[str]:
        return list(version.subjects)


EDITION: JsonObject = {
    "edition": "TO-en",
    "member": "TO",
    "language": "en",
    "sha256": SHA256,
    "pdf": "https://letters.example/api/v1/spring/letters/4/versions/1/editions/TO-en/pdf",
}


@example("A country letter", **EDITION)
class EditionSerializer(serializers.ModelSerializer[Edition]):
    """A version's text for one member, or in general, in one language."""

    edition = serializers.SerializerMethodField(help_text="Its name in URLs: TO-en, or general-en.")
    member: Any = serializers.CharField(
        source="member.code", default=None, allow_null=True, help_text="Null: the general one, without a member."
    )
    sha256 = serializers.CharField(help_text="The fingerprint of its canonical JSON; the version's covers it.")
    pdf = serializers.SerializerMethodField(help_text="The URL of the PDF. It needs the token too.")

    class Meta:
        model = Edition
        fields = ["edition", "member", "language", "sha256", "pdf"]
        read_only_fields = fields

    def get_edition(self, edition: Edition) -> str:
        return edition_name(edition)

    def get_pdf(self, edition: Edition) -> str:
        return str(self.context["pdf_url"](edition_name(edition)))


@example(
    "A country letter with its text",
    **EDITION,
    subject="Leave room for small shops",
    html="<p>Excellency,</p>",
    text="Excellency,",
    body={"subject": "Leave room for small shops", "blocks": [], "notes": []},
)
class WholeEditionSerializer(EditionSerializer):
    """A version's text for one member, or in general, in one language: as everybody without a name gets it."""

    subject: Any = serializers.CharField(source="body.subject", help_text="The title.")
    html = serializers.SerializerMethodField(help_text="The text as HTML, without styles.")
    text = serializers.SerializerMethodField(help_text="The same as plain text.")
    body = serializers.JSONField(help_text="What is frozen: its canonical JSON has the fingerprint.")

    class Meta(EditionSerializer.Meta):
        fields = [*EditionSerializer.Meta.fields, "subject", "html", "text", "body"]
        read_only_fields = fields

    def get_html(self, edition: Edition) -> str:
        return render_html(edition.body, edition_envelope(edition, edition.version), gaps=True)

    def get_text(self, edition: Edition) -> str:
        return render_text(edition.body, edition_envelope(edition, edition.version), gaps=True)


def edition_name(edition: Edition) -> str:
    return f"{edition.member.code if edition.member else GENERAL}-{edition.language}"
