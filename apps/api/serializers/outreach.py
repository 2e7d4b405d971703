"""Mailings, and whom they leave out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.letters.models import Letter
from apps.outreach.models import Dispatch, Exclusion
from apps.outreach.pages.dispatch_rows import exclusion_why
from apps.outreach.selectors.dispatch_counts import DispatchCounts

from ..query_params import KnownValueField, ListQuerySerializer
from ..schema import example
from .governments import MemberCodeField


class DispatchQuerySerializer(ListQuerySerializer):
    letter = KnownValueField(Letter, "number", help_text="Only mailings of the letter with this number.")
    state = serializers.ChoiceField(Dispatch.State.values, required=False, help_text="Only mailings in this state.")


class LeftOutQuerySerializer(ListQuerySerializer):
    dispatch = serializers.IntegerField(min_value=1, required=False, help_text="Only of the mailing with this number.")
    member = MemberCodeField(help_text="Only of this member: two letters, as in members.")
    reason = serializers.ChoiceField(Exclusion.Reason.values, required=False, help_text="Only for this reason.")


CRITERIA = {"groups": ["harbour-friends"], "stances": ["undecided"], "offices": ["mission"], "first_only": True}
TERMS = {
    "send_at": "2017-10-02T09:30:00Z",
    "ends_at": None,
    "quiet_from": "20:00",
    "quiet_until": "08:00",
    "per_hour": 60,
    "per_domain": None,
    "pdf": "attach",
}


class CriteriaSerializer(serializers.Serializer[Any]):
    """Whom a mailing is for. All that is given must be met; of a list, one value is enough."""

    groups: Any = serializers.ListField(child=serializers.CharField(), required=False, help_text="Slugs of groups.")
    stances: Any = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Last known stances, or none where none is known."
    )
    stance_day = serializers.DateField(required=False, help_text="The day on which they had that stance; else today.")
    members: Any = serializers.ListField(child=serializers.CharField(), required=False, help_text="Codes of members.")
    languages: Any = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Languages in which recipients are written to."
    )
    not_written = serializers.ChoiceField(
        ["letter", "ever"],
        required=False,
        help_text="Leaves out governments that have any letter of this number, or any letter of the campaign.",
    )
    unanswered = serializers.CharField(
        required=False,
        help_text="The number of a mailing, or ever: only governments that were reached and have not answered since.",
    )
    offices: Any = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Kinds of offices that get the letter; else all."
    )
    copies: Any = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Kinds of offices that get a copy."
    )
    first_only = serializers.BooleanField(
        required=False, help_text="Of each kind of office, only the first recipient who can get it."
    )
    own_language_only = serializers.BooleanField(
        required=False, help_text="Leaves out recipients in whose language the letter has no text."
    )
    recipients: Any = serializers.ListField(
        child=serializers.IntegerField(), required=False, help_text="Of a repeated mailing: only these."
    )


class TermsSerializer(serializers.Serializer[Any]):
    """When and how the letters leave."""

    send_at = serializers.DateTimeField(allow_null=True, required=False, help_text="Not before. Null: once authorised.")
    ends_at = serializers.DateTimeField(
        allow_null=True, required=False, help_text="Letters that still wait then are not sent. Null: see expires_at."
    )
    quiet_from = serializers.TimeField(
        format="%H:%M", allow_null=True, required=False, help_text="No letter is sent from then, on recipients' clocks,"
    )
    quiet_until = serializers.TimeField(format="%H:%M", allow_null=True, required=False, help_text="until then.")
    per_hour = serializers.IntegerField(allow_null=True, required=False, help_text="Most letters in an hour.")
    per_domain = serializers.IntegerField(
        allow_null=True, required=False, help_text="Letters per hour to addresses of one email domain, at most."
    )
    pdf: Any = serializers.ChoiceField(
        ["attach", "link"], required=False, help_text="attach: with the email. link: by a link in it."
    )


@example(
    "What would be prepared",
    letters=41, governments=38, copies=3, languages={"en": 30, "fr": 11}, left_out={"no_address": 2, "bounced": 1},
)  # fmt: skip
class PlanCountsSerializer(serializers.Serializer[Any]):
    """What a mailing has, or would have, in numbers."""

    letters = serializers.IntegerField(help_text="Letters, with copies.")
    governments = serializers.IntegerField(help_text="Governments that get a letter.")
    copies = serializers.IntegerField(help_text="Copies among the letters.")
    languages: Any = serializers.DictField(child=serializers.IntegerField(), help_text="Letters by language.")
    left_out: Any = serializers.DictField(
        child=serializers.IntegerField(), help_text="Who gets none, by reason: see left-out for each."
    )


class DispatchCountsSerializer(PlanCountsSerializer):
    """What the mailing has, in numbers."""

    accepted = serializers.IntegerField(help_text="Letters that their mail servers took and that did not come back.")
    bounced = serializers.IntegerField(help_text="Letters that came back or were refused.")
    answered = serializers.IntegerField(help_text="Letters with an answer.")


@example(
    "A mailing that waits for a second person",
    id=12,
    letter=3,
    version=2,
    is_addendum=False,
    state="prepared",
    pause_reason="",
    criteria=CRITERIA,
    terms=TERMS,
    counts={
        "letters": 41,
        "governments": 38,
        "copies": 3,
        "languages": {"en": 30, "fr": 11},
        "left_out": {"no_address": 2, "bounced": 1},
        "accepted": 0,
        "bounced": 0,
        "answered": 0,
    },
    plan="9f2c…",
    prepared_by_you=True,
    prepared_at="2017-10-01T14:05:00Z",
    authorised_at=None,
    expires_at="2017-10-04T09:30:00Z",
    ended_at=None,
    updated_at="2017-10-01T14:05:00Z",
)
class DispatchSerializer(serializers.ModelSerializer[Dispatch]):
    """A mailing: a decision to send a version of a letter to recipients."""

    letter = serializers.IntegerField(source="letter.number", help_text="Number of the letter.")
    version = serializers.IntegerField(source="version.number", help_text="Number of its version.")
    is_addendum = serializers.SerializerMethodField(
        help_text="Whether it sends only later signatories, to those who have the letter."
    )
    state = serializers.CharField(
        help_text="prepared, authorised, paused, finished, cancelled or expired. People authorise it on its page."
    )
    pause_reason = serializers.CharField(help_text="Why a paused one, or one that is prepared again, was stopped.")
    criteria: Any = CriteriaSerializer(help_text="Whom it is for; what is not set is left out.")
    terms: Any = serializers.SerializerMethodField(help_text="When and how the letters leave.")
    counts: Any = serializers.SerializerMethodField(help_text="What it has, in numbers.")
    plan = serializers.CharField(help_text="SHA-256 of who gets what, as it is authorised.")
    prepared_by_you = serializers.SerializerMethodField(
        help_text="Whether the owner of this token prepared it, who therefore cannot authorise it."
    )
    expires_at = serializers.DateTimeField(help_text="It ends then, if not authorised or not sent.")

    class Meta:
        model = Dispatch
        fields = [
            "id", "letter", "version", "is_addendum", "state", "pause_reason", "criteria", "terms", "counts", "plan",
            "prepared_by_you", "prepared_at", "authorised_at", "expires_at", "ended_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_is_addendum(self, dispatch: Dispatch) -> bool:
        return dispatch.addendum_id is not None

    @extend_schema_field(TermsSerializer)
    def get_terms(self, dispatch: Dispatch) -> Any:
        dispatch.pdf = "link" if dispatch.pdf_linked else "attach"  # type: ignore[attr-defined]  # as the form says it
        return TermsSerializer(dispatch).data

    @extend_schema_field(DispatchCountsSerializer)
    def get_counts(self, dispatch: Dispatch) -> Any:
        counts: DispatchCounts = self.context["counts"].get(dispatch.pk, DispatchCounts())
        annotated = {name: getattr(dispatch, name) for name in ("letters", "accepted", "bounced", "answered")}
        return DispatchCountsSerializer({**vars(counts), **annotated}).data

    def get_prepared_by_you(self, dispatch: Dispatch) -> bool:
        return bool(dispatch.prepared_by_id == self.context["request"].user.pk)


@example(
    "A recipient who is left out",
    id=904,
    dispatch=12,
    member="TO",
    recipient=58,
    office_kind="mission",
    office="Permanent Mission of Tonga",
    post="Permanent Representative",
    reason="bounced",
    why="The address bounces. The last one bounced on 1 October 2017",
)
class LeftOutSerializer(serializers.ModelSerializer[Exclusion]):
    """A government, or one of its recipients, that gets no letter of a mailing."""

    dispatch = serializers.IntegerField(source="dispatch_id", help_text="Number of the mailing.")
    member = serializers.CharField(source="member.code", help_text="Which government, as in members.")
    recipient = serializers.IntegerField(
        source="recipient_id", allow_null=True, help_text="Which recipient; null: the whole government."
    )
    office_kind = serializers.CharField(source="recipient.office.kind", default="", help_text="Of the recipient.")
    office = serializers.CharField(source="recipient.office.name", default="", help_text="Of the recipient.")
    post = serializers.CharField(source="recipient.post", default="", help_text="Of the recipient.")
    reason = serializers.CharField(help_text="A code, such as no_recipient, no_address, bounced or already_sent.")
    why = serializers.SerializerMethodField(help_text="The reason in words.")

    class Meta:
        model = Exclusion
        fields = ["id", "dispatch", "member", "recipient", "office_kind", "office", "post", "reason", "why"]
        read_only_fields = fields

    def get_why(self, row: Exclusion) -> str:
        return exclusion_why(row, self.context["campaign"])
