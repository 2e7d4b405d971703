"""A partner's own form: what it shows and asks, in the language of who signs, and what it sends."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.coalitions.forms.sign_on import FORMS, SHARED_FIELDS
from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.models.sign_on_fields import CONSENTS, TYPED
from apps.coalitions.selectors.calls import offered_language
from apps.coalitions.selectors.signatory_counts import version_counts
from apps.core.site_url import site_url
from apps.core.types import JsonObject
from apps.letters.merge_fields import envelope_values
from apps.letters.rendering import render_html, render_text
from apps.letters.selectors.editions import edition_for

from ..bodies import BodySerializer, LineField, pointed
from ..exceptions import InvalidBody
from ..query_params import ListQuerySerializer, QuerySerializer
from ..schema import example
from .letters import MOMENT, SHA256
from .signing import COUNTRY, letter_page_url

LANGUAGES = [code for code, _name in settings.LANGUAGES]
LANGUAGE: JsonObject = {"help_text": "Of whoever signs: the form, its errors and our emails are in it."}
WORDINGS = {field.wording: field for field in CONSENTS}


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
    title="No new rules on electronic commerce",
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


def _typed(**options: Any) -> Any:
    return LineField(max_length=300, allow_blank=True, **options)


@example(
    "An organisation",
    letter=4,
    sha256=SHA256,
    kind="organisation",
    language="en",
    org_name="Kautaha Faifakatau",
    org_name_english="Stallholders’ Association",
    org_kind="traders",
    org_website="https://stalls.example/",
    org_members=120,
    country="TO",
    person_name="Ana Fifita",
    person_post="Secretary",
    email="secretary@stalls.example",
    authorised=True,
    visibility="public",
    consents=["answers-1"],
)
class SignOnBody(BodySerializer):
    """What a person entered. `sign-on-forms` says which fields a letter asks; others are refused."""

    letter = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="The letter's number.")
    sha256 = LineField(max_length=64, help_text="The fingerprint of the version whose text the person saw.")
    kind = serializers.ChoiceField(list(FORMS), help_text="Who signs.")
    language = serializers.ChoiceField(LANGUAGES, **LANGUAGE)
    org_name = _typed(required=False, help_text="Of an organisation, in its own language and script.")
    org_name_english = _typed(required=False)
    org_acronym = _typed(required=False)
    org_kind = _typed(required=False, help_text="One of its choices.")
    org_website = _typed(required=False)
    org_members = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2_000_000_000)
    person_name = _typed(help_text="Of whoever signs, for an organisation too.")
    person_post = _typed(required=False, help_text="In the organisation.")
    country = _typed(help_text=COUNTRY)
    email = _typed(help_text="We email a link to confirm to it.")
    authorised = serializers.BooleanField(required=False, help_text="Whether the person may sign for the organisation.")
    visibility = _typed(help_text="Who may see the name: public, government or counted (nobody).")
    consents = serializers.ListField(
        child=serializers.ChoiceField(
            list(WORDINGS),
            error_messages={
                "invalid_choice": gettext_lazy(
                    "“{input}” is no sentence that we ask now. Show the person the sentences in sign-on-forms, then "
                    "send the wordings of those that were ticked."
                )
            },
        ),
        required=False,
        max_length=10,
        help_text="The wordings of the sentences that the person saw and ticked. An older wording is refused.",
    )
    signer_ip = serializers.IPAddressField(
        required=False,
        help_text="The network address of the person, if forms from it are to be limited as on our own page. It is "
        "counted for an hour as a keyed hash, and not stored.",
    )


@example(
    "The form was taken",
    status="mail_sent",
    message="We have sent you an email. Open the link in it and press the button there. Your signature counts only "
    "after that.",
    page="https://letters.example/en/c/spring/letters/4/check-mail/…/",
)
class TakenSerializer(serializers.Serializer[Any]):
    """The same for every email address, whether it has signed or not."""

    status = serializers.CharField(help_text="mail_sent: the person has mail to confirm with.")
    message = serializers.CharField(help_text="What the person does next, in the language of the form.")
    page = serializers.CharField(help_text="Our page that says so too, and later whether the mail came back.")


def typed_sign_on(body: JsonObject, call: SignOnCall) -> SignOn:
    """An unsaved signature, by the rules of our own form, with errors in the active language. Raises InvalidBody."""
    form = FORMS[body["kind"]](_form_data(body), unasked=call.unasked_fields)
    sent = {name for name in body if name in SENT} | {WORDINGS[one].name for one in body.get("consents", [])}
    unasked = _("This letter does not ask for this. Leave it out.")
    errors: dict[str, list[Any]] = {_sent_as(name): [unasked] for name in sent - {*form.fields}}
    if not form.is_valid():
        words = {"non_field_errors" if name == "__all__" else name: list(said) for name, said in form.errors.items()}
        errors = words | errors
    if errors:
        raise InvalidBody(pointed(errors))
    return form.typed()


#: the fields of the form that the body has under the same name
SENT = {field.name for field in TYPED if not field.wording}


def _sent_as(name: str) -> str:
    return name if name in SENT else "consents"


def _form_data(body: JsonObject) -> dict[str, str]:
    """As a browser sends it: what is not ticked is left out."""
    ticked = [WORDINGS[one].name for one in body.get("consents", [])]
    ticked += ["authorised"] if body.get("authorised") else []
    typed = {name: str(body[name]) for name in SENT - {"authorised"} if body.get(name) is not None}
    return {**typed, **dict.fromkeys(ticked, "on")}
