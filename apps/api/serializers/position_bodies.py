"""What records, corrects and withdraws positions of governments."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.form_fields import EARLIEST_YEAR, LATEST_YEAR
from apps.core.types import JsonObject
from apps.governments.models import Member, Position
from apps.outreach.models import Reply

from ..bodies import BodySerializer, LineField, TextField
from ..schema import example
from .talkingpoint_bodies import CampaignRowField, SourceKeyField

REASON = 300


@extend_schema_field(OpenApiTypes.STR)
class MemberField(serializers.Field[Any, Any, Any, Any]):
    """A stored member, by its code in either case."""

    def to_internal_value(self, data: Any) -> Member:
        member = Member.objects.filter(code=data.upper()).first() if isinstance(data, str) else None
        if member is None:
            message = _("No member has the code “%(code)s”. Codes have two letters, as in /members.")
            raise serializers.ValidationError(message % {"code": str(data)[:10]})
        return member

    def to_representation(self, value: Any) -> Any:
        return value


class BodyDayField(serializers.DateField):
    """As 2017-12-13, in the years that forms accept."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)

    def to_internal_value(self, value: Any) -> Any:
        day = super().to_internal_value(value)
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            message = _("Enter a day between the years %(first)s and %(last)s.")
            raise serializers.ValidationError(message % {"first": EARLIEST_YEAR, "last": LATEST_YEAR})
        return day


@extend_schema_field(OpenApiTypes.INT)
class AnswerNumberField(CampaignRowField):
    def __init__(self, **options: Any) -> None:
        queryset = Reply.objects.filter(kind=Reply.Kind.REPLY).select_related("campaign", "member")
        super().__init__(slug_field="pk", queryset=queryset, **options)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, int) or not 0 < data < 2**63:
            self.fail("invalid")
        return super().to_internal_value(data)


class StatedPositionBody(BodySerializer):
    stance = serializers.ChoiceField(Position.Stance.values, help_text="joined: a statement of others.")
    on = BodyDayField(help_text="The day on which it was said, as 2017-12-13.")
    statement = LineField(
        max_length=300, required=False, allow_blank=True, help_text="One sentence, in English: what was said."
    )
    source: Any = SourceKeyField(required=False, allow_null=True, help_text="A source's key.")
    confidence = serializers.ChoiceField(
        Position.Confidence.values,
        required=False,
        help_text="high: in print. medium: reported. low: hearsay.",
    )
    note = TextField(max_length=2000, required=False, allow_blank=True, help_text="For the team only.")


@example(
    "A speech",
    member="TO",
    stance="opposes",
    on="2017-10-02",
    statement="Said in a speech at an invented conference.",
    source="src-harbour-report",
    confidence="high",
)
class PositionBody(StatedPositionBody):
    member = MemberField(help_text="Whose position: two letters, as in members.")
    answer: Any = AnswerNumberField(
        required=False, allow_null=True, help_text="The number of the answer that states it, as in answers."
    )

    def validate(self, attrs: JsonObject) -> JsonObject:
        answer = attrs.get("answer")
        if answer is not None and answer.member_id != attrs["member"].pk:
            raise serializers.ValidationError({"answer": _("This answer is from another government.")})
        return attrs


@example("The right day", on="2017-10-03", reason="The report gives the day of print.")
class PositionCorrectionBody(StatedPositionBody):
    """What is not sent stays as it is."""

    stance = serializers.ChoiceField(Position.Stance.values, required=False, help_text="joined: a statement of others.")
    on = BodyDayField(required=False, help_text="The day on which it was said, as 2017-12-13.")
    reason = LineField(max_length=REASON, help_text="Kept with the earlier version.")


@example("A reason", reason="Taken from a list that was a draft.")
class WithdrawalBody(BodySerializer):
    reason = LineField(max_length=REASON, help_text="Kept with the position.")
