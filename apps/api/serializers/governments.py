"""Members, groups and positions: never offices, recipients, addresses, notes of staff or who recorded what."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.governments.models import Group, Member, Position

from ..query_params import DAY, KnownValueField, ListQuerySerializer, QuerySerializer
from ..schema import example

TODAY = "Without it: today, at the latest the last day of the campaign's conference."


class MemberCodeField(serializers.CharField):
    """The code of a stored member, in either case."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data).upper()
        if not (code.isascii() and code.isalpha() and Member.objects.filter(code=code).exists()):
            raise serializers.ValidationError(
                _("No member has the code “%(code)s”. Codes have two letters, as in /members.") % {"code": code[:10]}
            )
        return code


class DayQuerySerializer(QuerySerializer):
    on = serializers.DateField(help_text=f"The date for which to answer, such as 2017-12-13. {TODAY}", **DAY)


class MemberQuerySerializer(DayQuerySerializer, ListQuerySerializer):
    group = KnownValueField(Group, "slug", help_text="Only members that belong to this group on that day.")
    region = KnownValueField(
        Member, "region", help_text="Only members in this region (UN M49), for example Africa/Northern Africa."
    )
    language = serializers.ChoiceField(
        ["en", "fr", "es"], required=False, help_text="Only members with this working language."
    )


class GroupQuerySerializer(DayQuerySerializer, ListQuerySerializer):
    pass


class PositionQuerySerializer(ListQuerySerializer):
    member = MemberCodeField(help_text="Only positions of this member: two letters, as in members.")
    stance = serializers.ChoiceField(Position.Stance.values, required=False, help_text="Only positions of this stance.")
    to = serializers.DateField(help_text="Only positions up to and including this day.", **DAY)
    on = serializers.DateField(
        help_text="The last known position of each member on this day; not with from or to. With stance: "
        "only members whose last known stance is this one.",
        **DAY,
    )

    def get_fields(self) -> dict[str, Any]:
        # `from` is a keyword in Python
        since = serializers.DateField(help_text="Only positions from this day on.", **DAY)
        return {**super().get_fields(), "from": since}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        between = [name for name in ("from", "to") if name in attrs]
        if "on" in attrs and between:
            raise serializers.ValidationError(
                {"on": _("“on” gives the last known positions and cannot be combined with “from” or “to”.")}
            )
        if len(between) == 2 and attrs["from"] > attrs["to"]:
            raise serializers.ValidationError({"from": _("“from” is after “to”.")})
        return attrs


class TranslatedSerializer(serializers.Serializer[Any]):
    """The same in the languages of the organisation; empty where it is not known."""

    en = serializers.CharField()
    fr = serializers.CharField()
    es = serializers.CharField()


@example(
    "A member",
    code="TO",
    code3="TON",
    name={"en": "Tonga", "fr": "Tonga", "es": "Tonga"},
    official_name="Tonga",
    acceded_on="2007-07-27",
    left_on=None,
    capital="Nuku’alofa",
    region="Oceania/Polynesia",
    intermediate_region="",
    official_languages=["en", "to"],
    working_language="en",
    groups=["acp"],
    as_of="2017-12-13",
)
class MemberSerializer(serializers.ModelSerializer[Member]):
    """A member of the organisation as of a day: its name and groups are those of that day."""

    name = serializers.SerializerMethodField(help_text="The short name on that day.")
    official_name = serializers.CharField(help_text="The full name that the organisation uses today.")
    official_languages = serializers.ListField(child=serializers.CharField())
    groups = serializers.SerializerMethodField(help_text="Groups to which it belongs on that day, by slug.")
    as_of = serializers.SerializerMethodField(help_text="That day.")
    working_language = serializers.CharField(help_text="en, fr or es.")

    class Meta:
        model = Member
        fields = [
            "code", "code3", "name", "official_name", "acceded_on", "left_on", "capital", "region",
            "intermediate_region", "official_languages", "working_language", "groups", "as_of",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(TranslatedSerializer)
    def get_name(self, member: Member) -> dict[str, str]:
        return {language: member.name_on(self.context["day"], language) for language in ("en", "fr", "es")}

    def get_groups(self, member: Member) -> list[str]:
        return sorted(membership.group.slug for membership in member.held)  # type: ignore[attr-defined]  # annotated by the viewset

    def get_as_of(self, member: Member) -> date:
        return self.context["day"]


@example(
    "A group",
    slug="harbour-friends",
    label={"en": "Friends of the Harbour", "fr": "", "es": ""},
    definition="An invented group, for this example.",
    confidence="medium",
    members=["TO", "VU"],
    as_of="2017-12-13",
)
class GroupSerializer(serializers.ModelSerializer[Group]):
    """A group of members as of a day."""

    label: Any = serializers.SerializerMethodField(help_text="Its name.")
    members = serializers.SerializerMethodField(help_text="Members on that day, by code.")
    as_of = serializers.SerializerMethodField(help_text="That day.")

    class Meta:
        model = Group
        fields = ["slug", "label", "definition", "confidence", "members", "as_of"]
        read_only_fields = fields

    @extend_schema_field(TranslatedSerializer)
    def get_label(self, group: Group) -> dict[str, str]:
        return {"en": group.label, "fr": group.label_fr, "es": group.label_es}

    def get_members(self, group: Group) -> list[str]:
        return sorted(membership.member.code for membership in group.held)  # type: ignore[attr-defined]  # annotated by the viewset

    def get_as_of(self, group: Group) -> date:
        return self.context["day"]


@example(
    "A position",
    id=17,
    member="TO",
    stance="opposes",
    on="2017-10-02",
    statement="Said in a speech at an invented conference.",
    source="src-harbour-report",
    confidence="high",
    updated_at="2017-10-02T09:30:00Z",
)
class PositionSerializer(serializers.ModelSerializer[Position]):
    """What a member has said, on a date, with the source."""

    member = serializers.CharField(source="member.code", help_text="Whose position, as in members.")
    stance = serializers.CharField(help_text="opposes, undecided, supports or joined (a statement of others).")
    source: Any = serializers.CharField(
        source="source.key", read_only=True, default=None, allow_null=True, help_text="As in sources, or null."
    )

    class Meta:
        model = Position
        fields = ["id", "member", "stance", "on", "statement", "source", "confidence", "updated_at"]
        read_only_fields = fields
