"""Offices and recipients with their addresses: contact data, for programs and people who may see it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.governments.models import Office, Recipient, RecipientAddress

from ..query_params import ListQuerySerializer
from ..schema import example
from .deliveries import CONTACT, ContactField
from .governments import MemberCodeField

KIND_HELP = "capital (a ministry), mission (to the organisation), head (of state or government), parliament or other."
OFFICE = {
    "id": 31,
    "member": "TO",
    "kind": "mission",
    "name": "Permanent Mission of Tonga",
    "city": "Apia",
    "postal_address": "1 Quay Street, Apia",
    "phone": "",
    "updated_at": "2017-10-02T09:30:00Z",
}


class OfficeQuerySerializer(ListQuerySerializer):
    member = MemberCodeField(help_text="Only offices of this member: two letters, as in members.")
    kind = serializers.ChoiceField(Office.Kind.values, required=False, help_text="Only offices of this kind.")


class RecipientQuerySerializer(OfficeQuerySerializer):
    member = MemberCodeField(help_text="Only recipients in this member: two letters, as in members.")
    kind = serializers.ChoiceField(Office.Kind.values, required=False, help_text="Only in offices of this kind.")
    office = serializers.IntegerField(min_value=1, required=False, help_text="Only in the office with this number.")
    language = serializers.CharField(
        max_length=10, required=False, help_text="Only those who are written to in this language, for example fr."
    )
    address = serializers.ChoiceField(
        ["usable", "none"],
        required=False,
        help_text="usable: only those with an address that letters may go to. none: only those without.",
    )
    active = serializers.ChoiceField(
        ["true", "false", "all"],
        default="true",
        help_text="true: those who get letters. false: those who were retired or merged into another. all: both.",
    )


@example("An office", **OFFICE)
class OfficeSerializer(serializers.ModelSerializer[Office]):
    """A ministry, a permanent mission and the like."""

    member = serializers.CharField(source="member.code", help_text="Whose office, as in members.")
    kind = serializers.CharField(help_text=KIND_HELP)
    phone = serializers.CharField()

    class Meta:
        model = Office
        fields = ["id", "member", "kind", "name", "city", "postal_address", "phone", "updated_at"]
        read_only_fields = fields


class RecipientOfficeSerializer(serializers.ModelSerializer[Office]):
    """The office of a recipient."""

    kind = serializers.CharField(help_text=KIND_HELP)
    phone = ContactField(help_text="Of the office.")

    class Meta:
        model = Office
        fields = ["id", "kind", "name", "city", "postal_address", "phone"]
        read_only_fields = fields


class AddressSerializer(serializers.ModelSerializer[RecipientAddress]):
    """An email address of a recipient. Its text never changes: a new one is added, and the old one retired."""

    address = ContactField(help_text="The email address.")
    status = serializers.CharField(
        help_text="unverified, good (it delivers), bounced, retired, or suppressed (its reader reported our email as "
        "spam). Letters go to the first that is unverified or good."
    )

    class Meta:
        model = RecipientAddress
        fields = ["id", "address", "status", "bounced_at"]
        read_only_fields = fields


@example(
    "A recipient",
    id=58,
    member="TO",
    office={name: value for name, value in OFFICE.items() if name not in {"member", "updated_at"}},
    post="Permanent Representative",
    name="",
    form="unknown",
    language="en",
    salutation={"en": "Excellency", "fr": "Excellence"},
    phone="",
    source="The mission's page, read on 2 October 2017",
    verified_on="2017-10-02",
    active=True,
    merged_into=None,
    notes="",
    addresses=[{"id": 77, "address": "(an email address)", "status": "good", "bounced_at": None}],
    updated_at="2017-10-02T09:30:00Z",
)
class RecipientSerializer(serializers.ModelSerializer[Recipient]):
    """A person or post that letters go to."""

    member = serializers.CharField(source="office.member.code", help_text="In which member, as in members.")
    office: Any = RecipientOfficeSerializer(help_text="In which office.")
    name = ContactField(help_text="Without a name, letters go to the post.")
    form = serializers.CharField(help_text="Form of address: masculine, feminine or unknown.")
    salutation: Any = serializers.SerializerMethodField(help_text=f"How letters begin, by language. {CONTACT}")
    phone = ContactField(help_text="Of the recipient.")
    active = serializers.BooleanField(help_text="Whether later mailings write to it.")
    merged_into = serializers.IntegerField(
        source="merged_into_id", allow_null=True, help_text="The recipient that was kept, where two were one."
    )
    notes = ContactField(help_text="For the team only.")
    addresses: Any = serializers.SerializerMethodField(help_text="In the order in which they are used.")

    class Meta:
        model = Recipient
        fields = [
            "id", "member", "office", "post", "name", "form", "language", "salutation", "phone", "source",
            "verified_on", "active", "merged_into", "notes", "addresses", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(AddressSerializer(many=True))
    def get_addresses(self, recipient: Recipient) -> Any:
        return AddressSerializer(recipient.addresses.all(), many=True, context=self.context).data

    @extend_schema_field(serializers.DictField(child=serializers.CharField(), allow_null=True))
    def get_salutation(self, recipient: Recipient) -> Any:
        return recipient.salutation if self.context["sees_contacts"] else None
