"""Contacts with governments by other ways than mailings, and next steps."""

from typing import Any

from rest_framework import serializers

from apps.outreach.models import FollowUp, Touch
from apps.outreach.pages.timeline_entries import without_contacts

from ..query_params import DAY, ListQuerySerializer
from ..schema import example
from .deliveries import ContactField
from .governments import MemberCodeField


class ContactQuerySerializer(ListQuerySerializer):
    member = MemberCodeField(help_text="Only contacts with this member: two letters, as in members.")
    channel = serializers.ChoiceField(Touch.Channel.values, required=False, help_text="Only contacts of this way.")
    since = serializers.DateField(help_text="Only contacts on this day or later.", **DAY)


class NextStepQuerySerializer(ListQuerySerializer):
    member = MemberCodeField(help_text="Only steps with this member: two letters, as in members.")
    state = serializers.ChoiceField(
        ["open", "overdue", "mine", "done", "all"],
        default="open",
        help_text="open: not done. overdue: open and due before today. mine: open, of the token's owner. done. all.",
    )


class MaskedField(serializers.CharField):
    """Text of the team; email addresses and telephone numbers are masked for a program that may not see them."""

    def to_representation(self, value: str) -> str:
        if self.context["sees_contacts"]:
            return value
        return "\n".join(without_contacts(line) for line in value.splitlines())


MASKED = (
    "Email addresses and telephone numbers in it are masked, unless the token has the scope recipients:read and its "
    "owner may see contact data."
)


@example(
    "A meeting",
    id=5,
    member="TO",
    channel="meeting",
    on="2017-10-03",
    at="14:30",
    counts_as_answer=True,
    summary="They will speak against new talks.",
    place_and_people=None,
    link="",
    has_file=False,
    updated_at="2017-10-03T16:00:00Z",
)
class ContactSerializer(serializers.ModelSerializer[Touch]):
    """A contact with a government by another way than a mailing."""

    member = serializers.CharField(source="member.code", help_text="With which government, as in members.")
    channel = serializers.CharField(help_text=f"{', '.join(Touch.Channel.values)}.")
    at = serializers.TimeField(format="%H:%M", allow_null=True, help_text="On the clock where it took place.")
    counts_as_answer = serializers.BooleanField(source="answered", help_text="The government said what it thinks.")
    summary = MaskedField(help_text=f"What was said; empty once it was deleted. {MASKED}")
    place_and_people = ContactField(help_text="Where, and who took part.")
    link = MaskedField(help_text="A page that shows it.")
    has_file = serializers.BooleanField(help_text="Whether a file shows it; its page offers the file.")

    class Meta:
        model = Touch
        fields = [
            "id", "member", "channel", "on", "at", "counts_as_answer", "summary", "place_and_people", "link",
            "has_file", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


@example(
    "A step that is due",
    id=9,
    member="TO",
    what="Ask for the text of the speech.",
    due_on="2017-10-12",
    postponed=1,
    is_assigned=True,
    is_yours=False,
    done_at=None,
    updated_at="2017-10-05T11:00:00Z",
)
class NextStepSerializer(serializers.ModelSerializer[FollowUp]):
    """What somebody will do about a government, and by when."""

    member = serializers.CharField(source="member.code", help_text="About which government, as in members.")
    what = MaskedField(help_text=f"What is to be done; empty once it was deleted. {MASKED}")
    postponed: Any = serializers.IntegerField(help_text="How often it was postponed.")
    is_assigned = serializers.SerializerMethodField(help_text="Whether somebody has it.")
    is_yours = serializers.SerializerMethodField(help_text="Whether the owner of the token has it.")

    class Meta:
        model = FollowUp
        fields = ["id", "member", "what", "due_on", "postponed", "is_assigned", "is_yours", "done_at", "updated_at"]
        read_only_fields = fields

    def get_is_assigned(self, step: FollowUp) -> bool:
        return step.assignee_id is not None

    def get_is_yours(self, step: FollowUp) -> bool:
        return bool(step.assignee_id == self.context["request"].user.pk)
