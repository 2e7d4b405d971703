"""A partner's own form: what it shows and asks, in the language of who signs."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.coalitions.forms.sign_on import FORMS, SHARED_FIELDS
from apps.coalitions.models import SignOnCall
from apps.coalitions.models.sign_on_fields import TYPED
from apps.coalitions.selectors.calls import offered_language
from apps.coalitions.selectors.signatory_counts import version_counts
from apps.core.site_url import site_url
from apps.core.types import JsonObject
from apps.letters.merge_fields import envelope_values
from apps.letters.rendering import render_html, render_text
from apps.letters.selectors.editions import edition_for

from ..query_params import ListQuerySerializer, QuerySerializer
from ..schema import example
from .letters import MOMENT, SHA256
from .signing import letter_page_url

LANGUAGES = [code for code, _name in settings.LANGUAGES]
LANGUAGE: JsonObject = {"help_text": "Of whoever signs: the form, its errors and our emails are in it."}


class FormQuerySerializer(QuerySerializer):
    language = serializers.ChoiceField(LANGUAGES, default="en", **LANGUAGE)


class FormsQuerySerializer(FormQuerySerializer, ListQuerySerializer):
    pass


class ChoiceSerializer(serializers.Serializer[Any]):
    """A value that a field can have."""

    value = serializers.CharField(help_text="What the form sends.")
    label: Any = serializers.CharField(help_text="What it shows.")


class FieldSerializer(serializers.Serializer[Any]):
    """A field of the form."""

    name = serializers.CharField(help_text="What the form sends it as.")
    label: Any = serializers.CharField(help_text="What it is called.")
    hint = serializers.CharField(help_text="What stands beside it; may be empty.")
    type = serializers.CharField(help_text="text, email, choice, number or checkbox.")
    required: Any = serializers.BooleanField(help_text="Whether it must be filled in, or ticked.")
    choices = ChoiceSerializer(many=True, help_text="Of a choice: the values, in order.")


class ConsentSerializer(serializers.Serializer[Any]):
    """A box that nobody ticks but the signer."""

    wording = serializers.CharField(help_text="The name of this sentence: a changed sentence has another one.")
    sentence = serializers.CharField(help_text="Show exactly this.")


class KindSerializer(serializers.Serializer[Any]):
    """The form for organisations, or that for people."""

    kind = serializers.CharField(help_text="organisation or person.")
    fields_asked = FieldSerializer(many=True, help_text="In the order in which our own form asks.")
    consents = ConsentSerializer(many=True, help_text="To later emails; may be empty.")


@example(
    "A letter",
    letter=4,
    version=1,
    sha256=SHA256,
    is_open=True,
    closes_at=MOMENT,
    language="en",
    title="Leave room for small shops",
    text_language="en",
    text="Excellency,",
    html="<p>Excellency,</p>",
    page="https://letters.example/c/spring/letters/4/",
    pdf="https://letters.example/c/spring/letters/4/v1.en.pdf",
    privacy="Spring Coalition is responsible for your data.",
    privacy_page="https://letters.example/en/c/spring/privacy/",
    forms=[
        {
            "kind": "person",
            "fields_asked": [
                {
                    "name": "person_name", "label": "Your name", "hint": "", "type": "text", "required": True,
                    "choices": [],
                }
            ],
            "consents": [{"wording": "answers-1", "sentence": "Email me what governments answer to this letter"}],
        }
    ],
)  # fmt: skip
class SignOnFormSerializer(serializers.Serializer[SignOnCall]):
    """All that a form of your own shows: the text, what it asks, and in which words."""

    letter = serializers.IntegerField(source="letter.number", help_text="The letter's number.")
    version = serializers.IntegerField(source="version.number", help_text="The version that is signed.")
    sha256 = serializers.CharField(source="version.sha256", help_text="Its fingerprint: send it with what was entered.")
    is_open = serializers.SerializerMethodField(help_text="Whether it can be signed now.")
    closes_at = serializers.DateTimeField(help_text="Until when it can be signed.")
    language = serializers.SerializerMethodField(help_text="Of labels and sentences.")
    title = serializers.SerializerMethodField(help_text="The letter's title.")
    text_language = serializers.SerializerMethodField(help_text="Of title and text, where there is none in language.")
    text = serializers.SerializerMethodField(help_text="The text as plain text.")
    html = serializers.SerializerMethodField(help_text="The text as HTML, without styles.")
    page = serializers.SerializerMethodField(help_text="The letter's public page.")
    pdf = serializers.SerializerMethodField(help_text="The text as PDF, for everybody.")
    privacy = serializers.SerializerMethodField(help_text="Who is responsible for the data: show it.")
    privacy_page = serializers.SerializerMethodField(help_text="Where that is explained: link to it.")
    forms = serializers.SerializerMethodField(help_text="One for each kind of signer that the letter is open to.")

    def to_representation(self, call: SignOnCall) -> Any:
        self.edition = edition_for(call.version, None, offered_language(call, get_language() or "en"))
        self.envelope = envelope_values(
            call.campaign, self.edition.member, None, version_counts(call.version), language=self.edition.language,
            names=False,
        )  # fmt: skip
        return super().to_representation(call)

    def get_is_open(self, call: SignOnCall) -> bool:
        return call.is_open()

    def get_language(self, call: SignOnCall) -> str:
        return get_language() or "en"

    def get_title(self, call: SignOnCall) -> str:
        return str(self.edition.body["subject"])

    def get_text_language(self, call: SignOnCall) -> str:
        return self.edition.language

    def get_text(self, call: SignOnCall) -> str:
        return render_text(self.edition.body, self.envelope, gaps=True)

    def get_html(self, call: SignOnCall) -> str:
        return render_html(self.edition.body, self.envelope, gaps=True)

    def get_page(self, call: SignOnCall) -> str:
        return letter_page_url(call)

    def get_pdf(self, call: SignOnCall) -> str:
        parts = [call.campaign.slug, call.letter.number, call.version.number, self.edition.language]
        return site_url(reverse("files:text_pdf", args=parts))

    def get_privacy(self, call: SignOnCall) -> str:
        return _("%(who)s is responsible for your data.") % {"who": call.campaign.data_controller}

    def get_privacy_page(self, call: SignOnCall) -> str:
        return site_url(reverse("website:privacy", args=[call.campaign.slug]))

    @extend_schema_field(KindSerializer(many=True))
    def get_forms(self, call: SignOnCall) -> list[JsonObject]:
        return [_described(kind, call) for kind in FORMS if call.is_open_to(kind)]


def _described(kind: str, call: SignOnCall) -> JsonObject:
    asked = [field for field in TYPED if kind in field.asked_of and field.name not in call.unasked_fields]
    consents = [{"wording": field.wording, "sentence": str(field.label)} for field in asked if field.wording]
    return {
        "kind": kind,
        "fields_asked": [
            _field_described(field.name, SHARED_FIELDS[kind, field.name]) for field in asked if not field.wording
        ],
        "consents": consents,
    }


def _field_described(name: str, field: forms.Field) -> JsonObject:
    types = {forms.BooleanField: "checkbox", forms.ChoiceField: "choice", forms.EmailField: "email"}
    kind = next((word for cls, word in types.items() if isinstance(field, cls)), "text")
    return {
        "name": name,
        "label": str(field.label),
        "hint": str(field.help_text),
        "type": "number" if name == "org_members" else kind,
        "required": field.required,
        "choices": list(_choices(field)) if isinstance(field, forms.ChoiceField) else [],
    }


def _choices(field: Any) -> Iterator[JsonObject]:
    for value, label in field.choices:
        if value:
            yield {"value": str(value), "label": str(label)}
