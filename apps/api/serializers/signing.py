"""Calls for signature, and signatures as far as the token may see them."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.coalitions.models import CallChange, SignOn, SignOnCall
from apps.coalitions.models.sign_on_fields import OPTIONAL
from apps.coalitions.pages.sign_on_labels import STATES
from apps.core.site_url import site_url
from apps.core.types import JsonObject

from ..query_params import DAY, ListQuerySerializer
from ..schema import example
from .letters import MOMENT, SHA256
from .organisations import COUNTRY, ID, OrganisationQuerySerializer

NAMED = "Empty where the name is not for this token."
NUMBER: JsonObject = {"required": False, "min_value": 1, "max_value": 2**31 - 1}


class CallQuerySerializer(ListQuerySerializer):
    letter = serializers.IntegerField(help_text="Only those of the letter with this number.", **NUMBER)


class SignatoryQuerySerializer(CallQuerySerializer):
    version = serializers.IntegerField(
        help_text="Only signatures that stand for this version of the letter; needs letter.", **NUMBER
    )
    kind = serializers.ChoiceField(SignOn.Kind.values, required=False, help_text="Only organisations, or only people.")
    country = serializers.CharField(required=False, help_text=f"Only those of this country. {COUNTRY}")
    coalition = serializers.IntegerField(help_text="Only organisations in the coalition with this id.", **ID)
    signed_from = serializers.DateField(help_text="Only those confirmed on this day (UTC) or later.", **DAY)
    signed_until = serializers.DateField(help_text="Only those confirmed on this day (UTC) or earlier.", **DAY)

    validate_country = OrganisationQuerySerializer.validate_country

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "version" in attrs and "letter" not in attrs:
            raise serializers.ValidationError({"version": _("Versions are numbered in each letter. Give letter too.")})
        return attrs


class SignOnQuerySerializer(SignatoryQuerySerializer):
    state = serializers.ChoiceField(list(STATES), required=False, help_text="Only those in this state.")
    visibility = serializers.ChoiceField(
        SignOn.Visibility.values, required=False, help_text="Only those whose signer chose this."
    )
    language = serializers.ChoiceField(
        [code for code, _name in settings.LANGUAGES], required=False, help_text="Only signers who are written to in it."
    )
    contact_data = serializers.ChoiceField(
        ["true", "false"],
        default="true",
        help_text="false: as for a role that does not see contact data, so that no row counts as one with it.",
    )


class CallChangeSerializer(serializers.ModelSerializer[CallChange]):
    """A changed closing time."""

    kind = serializers.CharField(help_text="extended, shortened, closed or reopened.")

    class Meta:
        model = CallChange
        fields = ["kind", "at", "closed_before", "closes_after"]
        read_only_fields = fields


@example(
    "An open letter",
    id=7,
    letter=4,
    version=1,
    sha256=SHA256,
    page="https://letters.example/c/spring/letters/4/",
    is_open=True,
    opens_at=MOMENT,
    closes_at="2017-11-20T22:59:00Z",
    closed_at=None,
    embargo_until=None,
    deliver_on="2017-12-01",
    who="both",
    moderation="all",
    languages=["en", "fr"],
    asked_fields=["org_website", "wants_answers"],
    embed_origins=["https://www.partner.example"],
    names_hidden=False,
    signatures={"counted": 41, "waiting": 3, "pending": 5},
    changes=[],
)
class CallSerializer(serializers.ModelSerializer[SignOnCall]):
    """When and how a version is open for signature."""

    letter: Any = serializers.IntegerField(source="letter.number", read_only=True, help_text="The letter's number.")
    version: Any = serializers.IntegerField(
        source="version.number", read_only=True, help_text="The number of the version that is signed."
    )
    sha256: Any = serializers.CharField(
        source="version.sha256", read_only=True, help_text="The fingerprint of the version that is signed."
    )
    page = serializers.SerializerMethodField(help_text="The public page, which exists from opens_at or embargo_until.")
    is_open = serializers.SerializerMethodField(help_text="Whether it can be signed now.")
    closed_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was closed; null before, and until its end is noted."
    )
    embargo_until = serializers.DateTimeField(allow_null=True, help_text="Until then only the team sees the page.")
    deliver_on = serializers.DateField(
        allow_null=True, help_text="When the letter goes to governments, as the page says."
    )
    who = serializers.CharField(help_text="organisations, people or both.")
    moderation = serializers.CharField(help_text="Whose names a moderator checks first: all, free_mail or none.")
    languages: Any = serializers.ListField(
        source="offered_languages", child=serializers.CharField(), help_text="Of the texts that the page offers."
    )
    asked_fields = serializers.SerializerMethodField(help_text="What else the form asks for.")
    embed_origins = serializers.ListField(child=serializers.CharField(), help_text="Sites that may show the letter.")
    names_hidden = serializers.SerializerMethodField(help_text="Whether all names of the letter are hidden.")
    signatures = serializers.SerializerMethodField(
        help_text="How many there are in each state. counted: those that count for the text that is signed now."
    )
    changes = CallChangeSerializer(many=True, read_only=True, help_text="Changes of the closing time, in order.")

    class Meta:
        model = SignOnCall
        fields = [
            "id", "letter", "version", "sha256", "page", "is_open", "opens_at", "closes_at", "closed_at",
            "embargo_until", "deliver_on", "who", "moderation", "languages", "asked_fields", "embed_origins",
            "names_hidden", "signatures", "changes",
        ]  # fmt: skip
        read_only_fields = fields

    def get_page(self, call: SignOnCall) -> str:
        return letter_page_url(call)

    def get_is_open(self, call: SignOnCall) -> bool:
        return call.is_open()

    def get_asked_fields(self, call: SignOnCall) -> list[str]:
        return [name for name in OPTIONAL if name not in call.unasked_fields]

    def get_names_hidden(self, call: SignOnCall) -> bool:
        return call.names_hidden_at is not None

    def get_signatures(self, call: SignOnCall) -> dict[str, int]:
        found: dict[str, int] = self.context["state_counts"].get(call.pk, {})
        return found


def letter_page_url(call: SignOnCall) -> str:
    """Of the public page, in the reader's language."""
    return site_url(reverse("language:campaign", args=[f"{call.campaign.slug}/letters/{call.letter.number}/"]))


class NameField(serializers.CharField):
    """Something that tells who it is: "" where the name is not for the reader, by `context["is_named"]`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def get_attribute(self, instance: SignOn) -> Any:
        return super().get_attribute(instance) if self.context["is_named"](instance) else ""


class ContactField(NameField):
    """Contact data: also "" for readers who may not see any, by `context["sees_contacts"]`."""

    def get_attribute(self, instance: SignOn) -> Any:
        return super().get_attribute(instance) if self.context["sees_contacts"] else ""


SIGNATORY: JsonObject = {
    "id": 512,
    "letter": 4,
    "version": 1,
    "kind": "organisation",
    "country": "TO",
    "name": "Kautaha Faifakatau",
    "name_in_english": "Stallholders’ Association",
    "acronym": "",
    "organisation_kind": "traders",
    "website": "https://stalls.example/",
    "members_represented": 120,
    "organisation": 31,
    "confirmed_at": MOMENT,
}


@example("An organisation", **SIGNATORY)
class SignatorySerializer(serializers.ModelSerializer[SignOn]):
    """A signature whose signer shows the name to everybody."""

    letter: Any = serializers.IntegerField(source="letter.number", read_only=True, help_text="The letter's number.")
    version: Any = serializers.IntegerField(
        source="version.number", read_only=True, help_text="The version that its signer confirmed."
    )
    kind = serializers.CharField(help_text="organisation or person.")
    country = serializers.CharField(help_text=COUNTRY)
    name = NameField(source="shown_name", help_text="In its own language and script.")
    name_in_english = NameField(source="org_name_english", help_text="Empty where it has none.")
    acronym = NameField(source="org_acronym", help_text="Empty where it has none.")
    organisation_kind = NameField(source="org_kind", help_text="For example union or farmers; empty for people.")
    website = NameField(source="org_website", help_text="Empty where it has none.")
    members_represented = serializers.SerializerMethodField(
        help_text="As the signer said; null where that was not said, or the name is not for this token."
    )
    organisation = serializers.SerializerMethodField(
        help_text="The id of the organisation that it counts for, as in organisations."
    )
    confirmed_at = serializers.DateTimeField(
        allow_null=True, help_text="When its signer confirmed it; null for what never was."
    )

    class Meta:
        model = SignOn
        fields = [
            "id", "letter", "version", "kind", "country", "name", "name_in_english", "acronym", "organisation_kind",
            "website", "members_represented", "organisation", "confirmed_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_members_represented(self, sign_on: SignOn) -> int | None:
        """With country and kind, a number of members can tell who it is."""
        return sign_on.org_members if self.context["is_named"](sign_on) else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_organisation(self, sign_on: SignOn) -> int | None:
        return sign_on.organisation_id if self.context["is_named"](sign_on) else None


@example(
    "A signature",
    **SIGNATORY,
    state="confirmed",
    visibility="public",
    language="en",
    authority_verified=True,
    person="Ana Fifita",
    person_position="Secretary",
    email="secretary@stalls.example",
    partner=None,
    created_at=MOMENT,
    withdrawn_at=None,
)
class SignOnSerializer(SignatorySerializer):
    """A signature in any state, as the token's owner sees it among all signatures: without a name where its signer is
    only counted, or all names are hidden; with contact data only for people who may see that."""

    state: Any = serializers.CharField(
        source="moderation_state", read_only=True, help_text="For example pending, waiting (to check) or confirmed."
    )
    name = NameField(source="shown_name", help_text=NAMED)
    visibility = serializers.CharField(help_text="Who may see the name: public, government or counted (nobody).")
    language = serializers.CharField(help_text="In which its signer is written to.")
    person = ContactField(source="person_name", help_text=f"Who signs, for an organisation too. {NAMED}")
    person_position = ContactField(source="person_post", help_text=f"Of the person in the organisation. {NAMED}")
    email = ContactField(help_text=NAMED)
    partner: Any = serializers.CharField(
        source="partner_submission.partner",
        read_only=True,
        default=None,
        allow_null=True,
        help_text="The name of the token whose form sent it; null for all that came another way.",
    )

    class Meta(SignatorySerializer.Meta):
        fields = [
            *SignatorySerializer.Meta.fields, "state", "visibility", "language", "authority_verified", "person",
            "person_position", "email", "partner", "created_at", "withdrawn_at",
        ]  # fmt: skip
        read_only_fields = fields
