"""What records contacts and next steps, and sorts answers. Rules and lengths are those of the forms of the pages."""

from typing import Any

from rest_framework import serializers

from apps.core.types import JsonObject
from apps.outreach.forms import TouchForm
from apps.outreach.models import MailTriage, Touch

from ..bodies import BodySerializer, LineField, TextField
from ..schema import example
from .position_bodies import BodyDayField, MemberField


@example(
    "A meeting",
    member="TO",
    channel="meeting",
    on="2017-10-03",
    at="14:30",
    counts_as_answer=True,
    summary="They will speak against new talks.",
)
class ContactBody(BodySerializer):
    member = MemberField(help_text="With which government: two letters, as in members.")
    channel = serializers.ChoiceField(Touch.Channel.values)
    on = BodyDayField(help_text="The day on which it took place.")
    at = serializers.TimeField(
        required=False, allow_null=True, input_formats=["%H:%M"], help_text="On the clock where it took place."
    )
    summary = TextField(max_length=4000, help_text="What was said. The whole team reads this: leave out names.")
    counts_as_answer = serializers.BooleanField(
        required=False, source="answered", help_text="The government said what it thinks of the letter."
    )
    place_and_people = LineField(
        max_length=300, required=False, allow_blank=True, help_text="Only people who may see contact data read this."
    )
    link = LineField(max_length=500, required=False, allow_blank=True, help_text="A page that shows it.")

    @staticmethod
    def form_of(values: JsonObject) -> TouchForm:
        return TouchForm({name: value for name, value in values.items() if value is not None})


@example("A call", member="TO", what="Ask for the text of the speech.", due_on="2017-10-12", is_yours=True)
class NextStepBody(BodySerializer):
    member = MemberField(help_text="About which government: two letters, as in members.")
    what = LineField(max_length=300, help_text="What is to be done.")
    due_on = BodyDayField(help_text="By when: today or later.")
    is_yours = serializers.BooleanField(
        default=False, help_text="Whether the owner of the token will do it; otherwise nobody has it yet."
    )


@example("A later day", due_on="2017-10-19")
class PostponeBody(BodySerializer):
    due_on = BodyDayField(help_text="By when: today or later.")


@example("An acknowledgement that needs no answer", label="acknowledgement", is_closed=True)
class SortBody(BodySerializer):
    """What is not sent stays as it is."""

    label: Any = serializers.ChoiceField(
        ["", *MailTriage.Label.values],
        required=False,
        help_text="out_of_office and captcha come from machines: such an email does not count as an answer.",
    )
    is_closed: Any = serializers.BooleanField(
        required=False, source="closed", help_text="Whether it needs no answer any more."
    )
