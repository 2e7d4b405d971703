"""Letters and their texts in each language, without names of staff."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.types import JsonObject
from apps.letters.document.traversal import word_count
from apps.letters.models import Adaptation, Letter, LetterTemplate, LetterText
from apps.letters.pages.draft_problems import text_problems
from apps.letters.selectors.adaptations import adaptation_state, standing_adaptations
from apps.letters.selectors.drafts import letter_state, text_facts, text_stage

from ..query_params import KnownValueField, ListQuerySerializer
from ..schema import example
from .governments import MemberCodeField

SHA256 = "9f2c4e1b7a60d83f5c9e0a1b2d3f4c5e6a7b8c9d0e1f2a3b4c5d6e7f8091a2b3"
MOMENT = "2017-10-02T09:30:00Z"
BODY: JsonObject = {
    "type": "doc",
    "content": [
        {"type": "paragraph", "attrs": {"id": "b1a2b3c4d"}, "content": [{"type": "text", "text": "Excellency,"}]}
    ],
}
BODY_HELP = "Its blocks: a document of ProseMirror, as the editor stores it."


class LetterQuerySerializer(ListQuerySerializer):
    member = MemberCodeField(help_text="Only letters that this member gets: two letters, as in members.")


class TemplateQuerySerializer(ListQuerySerializer):
    language = KnownValueField(LetterTemplate, "language", help_text="Only templates in this language.")


TEMPLATE: JsonObject = {
    "id": 3,
    "key": "base",
    "language": "en",
    "title": "Letter to all governments",
    "description": "Twelve paragraphs, one for each point.",
    "group": "",
    "subject": "Leave room for small shops",
}


@example("A template", **TEMPLATE)
class TemplateSerializer(serializers.ModelSerializer[LetterTemplate]):
    """A text with which a letter can begin."""

    group = serializers.CharField(source="group_slug", help_text="The group it is for, as in groups; empty for all.")
    subject = serializers.CharField(help_text="The letter's title and the email's subject.")

    class Meta:
        model = LetterTemplate
        fields = ["id", "key", "language", "title", "description", "group", "subject"]
        read_only_fields = fields


@example("A template with its text", **TEMPLATE, body=BODY)
class WholeTemplateSerializer(TemplateSerializer):
    """A text with which a letter can begin, with its blocks."""

    body = serializers.JSONField(help_text=BODY_HELP)

    class Meta(TemplateSerializer.Meta):
        fields = [*TemplateSerializer.Meta.fields, "body"]
        read_only_fields = fields


@example(
    "A letter",
    number=4,
    title="Letter to Tonga",
    state="in_review",
    template="base",
    to_all=False,
    groups=[],
    members=["TO"],
    languages=["en", "fr"],
    versions=[1],
    closed_at=None,
    created_at=MOMENT,
    updated_at=MOMENT,
)
class LetterSerializer(serializers.ModelSerializer[Letter]):
    """A letter with whom it goes to, and what exists of it."""

    title = serializers.CharField(help_text="The team's working title. Each text has the title that is printed.")
    state = serializers.SerializerMethodField(help_text="drafting, in_review, approved or frozen.")
    template: Any = serializers.CharField(
        source="template.key", default="", help_text="The template with which it began; empty where that is gone."
    )
    groups: Any = serializers.SlugRelatedField(
        source="to_groups", slug_field="slug", many=True, read_only=True, help_text="Groups that get it, by slug."
    )
    members: Any = serializers.SlugRelatedField(
        source="to_members", slug_field="code", many=True, read_only=True, help_text="Single members that get it."
    )
    to_all = serializers.BooleanField(help_text="Whether all members get it.")
    languages = serializers.SerializerMethodField(help_text="Of its texts; the one with which it began first.")
    versions = serializers.SerializerMethodField(help_text="The numbers of its frozen versions, the newest first.")

    class Meta:
        model = Letter
        fields = [
            "number", "title", "state", "template", "to_all", "groups", "members", "languages", "versions", "closed_at",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_state(self, letter: Letter) -> str:
        return letter_state(letter)

    def get_languages(self, letter: Letter) -> list[str]:
        return [text.language for text in sorted(letter.texts.all(), key=lambda text: text.pk)]

    def get_versions(self, letter: Letter) -> list[int]:
        return [version.number for version in letter.versions.all()]


class ProblemOfTextSerializer(serializers.Serializer[Any]):
    """What prevents freezing the text, or is to be checked first."""

    kind = serializers.CharField(help_text="For example fact_retired or untranslated.")
    tone = serializers.CharField(help_text="bad: it prevents freezing; warn: it is to be checked.")
    text = serializers.CharField(help_text="The problem in words.")
    block = serializers.CharField(help_text="The id of the block that it is in; empty for the whole text.")


TEXT: JsonObject = {
    "language": "en",
    "original": True,
    "stage": "drafting",
    "revision": 7,
    "sha256": SHA256,
    "subject": "Leave room for small shops",
    "saved_at": MOMENT,
    "review_asked_at": None,
}


@example("A text", **TEXT)
class TextSerializer(serializers.ModelSerializer[LetterText]):
    """A letter's text in one language."""

    original = serializers.SerializerMethodField(help_text="Whether the letter began with it; the others translate it.")
    stage = serializers.SerializerMethodField(
        help_text="drafting, changed (since it was approved), in_review, approved, or frozen in the newest version."
    )
    revision = serializers.IntegerField(help_text="Counts what was saved.")
    sha256 = serializers.CharField(
        source="fingerprint",
        help_text="The fingerprint of title, body and passages for single members; reviewers approve exactly that.",
    )
    subject = serializers.CharField(help_text="The letter's title and the email's subject.")

    class Meta:
        model = LetterText
        fields = [
            "language", "original", "stage", "revision", "sha256", "subject", "saved_at", "review_asked_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_original(self, text: LetterText) -> bool:
        return text.pk == self.context["original_id"]

    def get_stage(self, text: LetterText) -> str:
        return text_stage(text, self.context["newest_version"])


class AdaptationSerializer(serializers.ModelSerializer[Adaptation]):
    """A passage that only one member gets."""

    member: Any = serializers.CharField(source="member.code", help_text="Its code, as in members.")
    kind = serializers.CharField(help_text="replace (the block), after (it), or leave_out (nothing in its place).")
    block = serializers.CharField(help_text="The id of the block of the body that it stands at.")
    state = serializers.SerializerMethodField(
        help_text="same, changed (the block, since the passage was written), or gone (the body has it no longer)."
    )
    content = serializers.JSONField(help_text="A document of ProseMirror; empty for what is left out.")

    class Meta:
        model = Adaptation
        fields = ["member", "kind", "block", "state", "content", "saved_at"]
        read_only_fields = fields

    def get_state(self, adaptation: Adaptation) -> str:
        return adaptation_state(adaptation, adaptation.text.body)


@example(
    "A text with its body",
    **TEXT,
    words=412,
    problems=[{"kind": "fact_changed", "tone": "warn", "text": "Fact 2.1 was corrected.", "block": "b1a2b3c4d"}],
    body=BODY,
    adaptations=[
        {"member": "TO", "kind": "after", "block": "b1a2b3c4d", "state": "same", "content": BODY, "saved_at": MOMENT}
    ],
)
class WholeTextSerializer(TextSerializer):
    """A letter's text in one language with its body, as the editor stores it."""

    words = serializers.SerializerMethodField(help_text="The number of words.")
    problems = serializers.SerializerMethodField(help_text="What prevents freezing it, or is to be checked first.")
    body = serializers.JSONField(help_text=BODY_HELP)
    adaptations = serializers.SerializerMethodField(help_text="The passages that only single members get.")

    class Meta(TextSerializer.Meta):
        fields = [*TextSerializer.Meta.fields, "words", "problems", "body", "adaptations"]
        read_only_fields = fields

    @extend_schema_field(AdaptationSerializer(many=True))
    def get_adaptations(self, text: LetterText) -> Any:
        return AdaptationSerializer(standing_adaptations([text]), many=True).data

    def get_words(self, text: LetterText) -> int:
        return word_count(text.body)

    def get_problems(self, text: LetterText) -> Any:
        found = text_problems(text, text.body, text.subject, text_facts(text))
        return ProblemOfTextSerializer(found, many=True).data
