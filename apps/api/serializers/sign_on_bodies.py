"""What a partner's own form sends for a person, and what it is answered."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from apps.coalitions.forms.sign_on import FORMS
from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.models.sign_on_fields import CONSENTS, TYPED
from apps.core.types import JsonObject

from ..bodies import BodySerializer, LineField, pointed
from ..exceptions import InvalidBody
from ..schema import example
from .letters import SHA256
from .organisations import COUNTRY
from .sign_on_forms import LANGUAGE, LANGUAGES

WORDINGS = {field.wording: field for field in CONSENTS}


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
                    "“{input}” is not a sentence that we ask now. Show the person the sentences in sign-on-forms, then "
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

    status = serializers.CharField(help_text="mail_sent: the person has email to confirm with.")
    message = serializers.CharField(help_text="What the person does next, in the language of the form.")
    page = serializers.CharField(help_text="Our page that says so too, and later whether the email came back.")


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
