"""Organisations that have signed, and coalitions."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.coalitions.models import Coalition, Organisation
from apps.core.territories import organisation_codes
from apps.core.types import JsonObject

from ..query_params import ListQuerySerializer
from ..schema import example

COUNTRY = "Two letters (ISO 3166-1); ZZ for an organisation of no single country."
ID: JsonObject = {"required": False, "min_value": 1, "max_value": 2**62}


class OrganisationQuerySerializer(ListQuerySerializer):
    q = serializers.CharField(required=False, max_length=100, help_text="Only those with these words in a name.")
    country = serializers.CharField(required=False, help_text=f"Only those of this country. {COUNTRY}")
    coalition = serializers.IntegerField(help_text="Only those in the coalition with this id.", **ID)

    def validate_country(self, code: str) -> str:
        if code not in organisation_codes():
            raise serializers.ValidationError(_("This is not a country code. Codes have two letters: KE."))
        return code


@example("A coalition", id=2, name="Pacific Traders’ Network", organisations=14)
class CoalitionSerializer(serializers.ModelSerializer[Coalition]):
    """An alliance or network of organisations."""

    organisations = serializers.IntegerField(source="organisation_count", help_text="How many of them are in it.")

    class Meta:
        model = Coalition
        fields = ["id", "name", "organisations"]
        read_only_fields = fields


@example(
    "An organisation",
    id=31,
    name="Kautaha Faifakatau",
    name_in_english="Stallholders’ Association",
    acronym="",
    kind="traders",
    country="TO",
    website="https://stalls.example/",
    members_represented=120,
    coalitions=[2],
    letters=1,
)
class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    """An organisation that has signed."""

    name = serializers.CharField(help_text="In its own language and script.")
    name_in_english: Any = serializers.CharField(
        source="name_english", read_only=True, help_text="Empty where it has none."
    )
    kind = serializers.CharField(help_text="For example union or farmers.")
    country = serializers.CharField(help_text=COUNTRY)
    coalitions: Any = serializers.PrimaryKeyRelatedField(
        many=True, read_only=True, help_text="Those that it belongs to, by id."
    )
    letters = serializers.IntegerField(help_text="How many letters it has signed.")

    class Meta:
        model = Organisation
        fields = [
            "id", "name", "name_in_english", "acronym", "kind", "country", "website", "members_represented",
            "coalitions", "letters",
        ]  # fmt: skip
        read_only_fields = fields
