"""What became of each letter, and the answers to it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.letters.models import Letter
from apps.outreach.models import AnswerSummary, Delivery, MailTriage, Reply
from apps.outreach.pages.timeline_entries import reply_beginning
from apps.outreach.selectors.deliveries import DELIVERY_STATES
from apps.postbox.models import MessageEvent

from ..query_params import DAY, KnownValueField, ListQuerySerializer
from ..schema import example
from .governments import MemberCodeField

#: said of every field with contact data
CONTACT = "Null unless the token has the scope recipients:read and its owner may see contact data."


class DeliveryQuerySerializer(ListQuerySerializer):
    dispatch = serializers.IntegerField(min_value=1, required=False, help_text="Only of the mailing with this number.")
    letter = KnownValueField(Letter, "number", help_text="Only of the letter with this number.")
    member = MemberCodeField(help_text="Only to this member: two letters, as in members.")
    state = serializers.ChoiceField(DELIVERY_STATES, required=False, help_text="Only letters in this state.")
    answered = serializers.ChoiceField(
        ["true", "false"], required=False, help_text="Only letters with, or without, an answer of a person."
    )


class AnswerQuerySerializer(ListQuerySerializer):
    letter = KnownValueField(Letter, "number", help_text="Only answers to the letter with this number.")
    member = MemberCodeField(help_text="Only answers of this member: two letters, as in members.")
    kind = serializers.ChoiceField(Reply.Kind.values, required=False, help_text="Only answers of this kind.")
    since = serializers.DateField(help_text="Only answers received on this day or later, in UTC.", **DAY)


class EventSerializer(serializers.ModelSerializer[MessageEvent]):
    """Something that happened to the email of a letter."""

    at = serializers.DateTimeField(source="occurred_at")
    kind = serializers.CharField(help_text="queued, accepted, deferred, delayed, delivered, bounced, replied and more.")
    code = serializers.CharField(help_text="The mail server's code, where there is one.")
    bounce_reason = serializers.CharField(
        help_text="Of a bounce: address (it does not exist), full, policy, too_large or other."
    )

    class Meta:
        model = MessageEvent
        fields = ["at", "kind", "code", "bounce_reason"]
        read_only_fields = fields


class DeliveryAnswerSerializer(serializers.ModelSerializer[Reply]):
    """An answer to a letter, in short."""

    kind = serializers.CharField(help_text="reply, or auto_reply, which does not count as an answer.")

    class Meta:
        model = Reply
        fields = ["id", "kind", "received_at"]
        read_only_fields = fields


class ContactField(serializers.CharField):
    """Contact data, or null for a program that may not see it."""

    def __init__(self, *, help_text: str, **options: Any) -> None:
        super().__init__(allow_null=True, read_only=True, help_text=f"{help_text} {CONTACT}", **options)

    def get_attribute(self, instance: Any) -> Any:
        return super().get_attribute(instance) if self.context["sees_contacts"] else None


@example(
    "A letter that was answered",
    id=611,
    dispatch=12,
    letter=3,
    version=2,
    member="TO",
    recipient=58,
    office_kind="mission",
    office="Permanent Mission of Tonga",
    post="Permanent Representative",
    name=None,
    address=None,
    language="en",
    copy_of=None,
    state="delivered",
    accepted_at="2017-10-02T09:31:00Z",
    delivered_at="2017-10-02T09:33:00Z",
    bounced_at=None,
    answered_at="2017-10-09T15:12:00Z",
    next_try_at=None,
    server_reply="250 2.0.0 Ok",
    events=[{"at": "2017-10-02T09:31:00Z", "kind": "accepted", "code": "250", "bounce_reason": ""}],
    answers=[{"id": 8, "kind": "reply", "received_at": "2017-10-09T15:12:00Z"}],
    updated_at="2017-10-09T15:12:00Z",
)
class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One letter to one recipient, and what became of it."""

    dispatch = serializers.IntegerField(source="dispatch_id", help_text="Number of the mailing.")
    letter = serializers.IntegerField(source="dispatch.letter.number", help_text="Number of the letter.")
    version = serializers.IntegerField(source="dispatch.version.number", help_text="Number of its version.")
    member = serializers.CharField(source="member.code", help_text="To which government, as in members.")
    recipient = serializers.IntegerField(source="recipient_id", help_text="To which recipient.")
    office_kind = serializers.CharField(source="recipient.office.kind", help_text="Of the recipient.")
    office = serializers.CharField(source="recipient.office.name", help_text="Of the recipient.")
    post = serializers.CharField(source="recipient.post", help_text="Of the recipient.")
    name = ContactField(source="recipient.name", help_text="Of the recipient.")
    address = ContactField(source="address.address", help_text="Where it was, or will be, sent.")
    copy_of = serializers.IntegerField(
        source="copy_of_id", allow_null=True, help_text="The letter that this one is a copy of."
    )
    state = serializers.CharField(
        help_text="planned (its mailing is not authorised), waiting (to be made), not_sent (the mailing ended first), "
        "or the state of its email: queued, claimed and final (being sent), accepted, delivered, bounced, refused, "
        "in_doubt, cancelled, expired, suppressed."
    )
    accepted_at = serializers.DateTimeField(source="message.accepted_at", default=None, allow_null=True)
    delivered_at = serializers.DateTimeField(source="message.delivered_at", default=None, allow_null=True)
    bounced_at = serializers.DateTimeField(source="message.bounced_at", default=None, allow_null=True)
    answered_at = serializers.DateTimeField(
        source="message.replied_at", default=None, allow_null=True, help_text="When the first answer of a person came."
    )
    next_try_at = serializers.SerializerMethodField(help_text="When it is tried next, while it is queued.")
    server_reply = serializers.CharField(
        source="message.last_reply", default="", help_text="The mail server's last words, addresses removed."
    )
    events: Any = serializers.SerializerMethodField(help_text="The history of its email, oldest first.")
    answers: Any = serializers.SerializerMethodField(help_text="Answers to it, oldest first: see answers for each.")

    class Meta:
        model = Delivery
        fields = [
            "id", "dispatch", "letter", "version", "member", "recipient", "office_kind", "office", "post", "name",
            "address", "language", "copy_of", "state", "accepted_at", "delivered_at", "bounced_at", "answered_at",
            "next_try_at", "server_reply", "events", "answers", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_next_try_at(self, delivery: Delivery) -> Any:
        message = delivery.message
        return message.next_at if message and message.state == "queued" else None

    @extend_schema_field(EventSerializer(many=True))
    def get_events(self, delivery: Delivery) -> Any:
        return EventSerializer(delivery.message.events.all() if delivery.message else [], many=True).data

    @extend_schema_field(DeliveryAnswerSerializer(many=True))
    def get_answers(self, delivery: Delivery) -> Any:
        return DeliveryAnswerSerializer(delivery.replies.all(), many=True).data


class AnswerSummarySerializer(serializers.ModelSerializer[AnswerSummary]):
    """What the public page says of an answer."""

    class Meta:
        model = AnswerSummary
        fields = ["text", "language", "published_at"]
        read_only_fields = fields


@example(
    "An answer",
    id=8,
    delivery=611,
    dispatch=12,
    letter=3,
    member="TO",
    office="Permanent Mission of Tonga",
    post="Permanent Representative",
    kind="reply",
    received_at="2017-10-09T15:12:00Z",
    label="answer",
    is_closed=True,
    beginning="Thank you for your letter. Our delegation shares these concerns.",
    sender=None,
    subject=None,
    text=None,
    positions=[17],
    summary={
        "text": "Tonga shares the concerns.", "language": "en", "published_at": "2017-10-10T08:00:00Z"
    },
)  # fmt: skip
class AnswerSerializer(serializers.ModelSerializer[Reply]):
    """An email from a government about a letter."""

    delivery = serializers.IntegerField(source="delivery_id", help_text="The letter that it answers, in deliveries.")
    dispatch = serializers.IntegerField(source="delivery.dispatch_id", help_text="Number of the mailing.")
    letter = serializers.IntegerField(source="delivery.dispatch.letter.number", help_text="Number of the letter.")
    member = serializers.CharField(source="member.code", help_text="Whose answer, as in members.")
    office = serializers.CharField(source="delivery.recipient.office.name", help_text="That the letter went to.")
    post = serializers.CharField(source="delivery.recipient.post", help_text="That the letter went to.")
    kind = serializers.CharField(help_text="reply, or auto_reply, which does not count as an answer.")
    label: Any = serializers.CharField(
        source="mail.triage.label",
        default=None,
        allow_null=True,
        help_text=f"What the team says it is: {', '.join(MailTriage.Label.values)}; empty or null: not sorted yet.",
    )
    is_closed = serializers.SerializerMethodField(help_text="Whether the team has dealt with it.")
    beginning = serializers.SerializerMethodField(
        help_text="Its first lines in one, without what it quotes; email addresses and telephone numbers are masked."
    )
    sender = ContactField(source="mail.sender", help_text="From whom.")
    subject = ContactField(source="mail.subject", help_text="Its subject.")
    text = ContactField(source="mail.text", help_text="All of its text.")
    positions: Any = serializers.SerializerMethodField(help_text="Positions recorded from it, by number.")
    summary: Any = serializers.SerializerMethodField(help_text="What the letter's public page says of it, or null.")

    class Meta:
        model = Reply
        fields = [
            "id", "delivery", "dispatch", "letter", "member", "office", "post", "kind", "received_at", "label",
            "is_closed", "beginning", "sender", "subject", "text", "positions", "summary",
        ]  # fmt: skip
        read_only_fields = fields

    def get_is_closed(self, reply: Reply) -> bool:
        triage = getattr(reply.mail, "triage", None)
        return triage is not None and triage.closed_at is not None

    def get_beginning(self, reply: Reply) -> str:
        return reply_beginning(reply)

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_positions(self, reply: Reply) -> Any:
        return sorted(link.position_id for link in reply.positions.all())

    @extend_schema_field(AnswerSummarySerializer(allow_null=True))
    def get_summary(self, reply: Reply) -> Any:
        summary = getattr(reply, "summary", None)
        return AnswerSummarySerializer(summary).data if summary else None
