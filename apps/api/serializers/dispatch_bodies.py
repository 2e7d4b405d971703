"""What prepares a mailing. Its rules are those of the form of the page."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.campaigns.models import Campaign
from apps.core.form_fields import EARLIEST_YEAR, LATEST_YEAR
from apps.core.types import JsonObject
from apps.governments.models import Office
from apps.letters.models import LetterVersion
from apps.outreach.dispatch_forms import MOST_PER_HOUR, PrepareForm
from apps.outreach.selectors.dispatch_criteria import NO_STANCE, Criteria
from apps.outreach.selectors.dispatches import versions_to_send
from apps.outreach.sending_terms import Terms

from ..bodies import BodySerializer, LineField, pointed
from ..exceptions import InvalidBody
from ..schema import example
from .outreach import CRITERIA, TERMS
from .position_bodies import BodyDayField

MOST = 300


@extend_schema_field(OpenApiTypes.DATETIME)
class MomentField(serializers.Field[Any, Any, Any, Any]):
    """A moment with its offset from UTC: without one it would be guessed."""

    def to_internal_value(self, data: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(data)
        except (TypeError, ValueError):
            moment = None
        if moment is None or moment.tzinfo is None or not EARLIEST_YEAR < moment.year < LATEST_YEAR:
            raise serializers.ValidationError(
                _("Give a time with its offset from UTC, for example 2017-12-01T09:00:00+01:00.")
            )
        return moment

    def to_representation(self, value: Any) -> Any:
        return value


class CodesField(serializers.ListField):
    def __init__(self, help_text: str, child: Any = None) -> None:
        super().__init__(child=child or LineField(max_length=60), required=False, max_length=MOST, help_text=help_text)


class KindsField(CodesField):
    def __init__(self, help_text: str) -> None:
        super().__init__(help_text, serializers.ChoiceField(Office.Kind.values))


class CriteriaBody(BodySerializer):
    """All that is given must be met; of a list, one value is enough."""

    groups = CodesField("Slugs of groups.")
    stances = CodesField(f"Last known stances; {NO_STANCE} where none is known.")
    stance_day = BodyDayField(required=False, allow_null=True, help_text="The day on which they had it; else today.")
    members = CodesField("Codes of members, in capital letters.")
    languages = CodesField("Languages in which recipients are written to.")
    not_written = serializers.ChoiceField(
        ["", "letter", "ever"],
        required=False,
        help_text="Leaves out governments that have any letter of this number, or any letter of the campaign.",
    )
    unanswered = LineField(
        max_length=20,
        required=False,
        allow_blank=True,
        help_text="The number of a mailing, or ever: only governments that were reached and have not answered since.",
    )
    offices = KindsField("Kinds of offices that get the letter; else all.")
    copies = KindsField("Kinds of offices that get a copy.")
    first_only = serializers.BooleanField(
        required=False, help_text="Of each kind of office, only the first recipient who can get it."
    )
    own_language_only = serializers.BooleanField(
        required=False, help_text="Leaves out recipients in whose language the letter has no text."
    )


class TermsBody(BodySerializer):
    send_at = MomentField(required=False, allow_null=True, help_text="Not before. Without it: once authorised.")
    ends_at = MomentField(required=False, allow_null=True, help_text="Letters that still wait then are not sent.")
    quiet_from = serializers.TimeField(required=False, allow_null=True, input_formats=["%H:%M"])
    quiet_until = serializers.TimeField(required=False, allow_null=True, input_formats=["%H:%M"])
    per_hour = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MOST_PER_HOUR)
    per_domain = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MOST_PER_HOUR)
    pdf = serializers.ChoiceField(["attach", "link"], required=False)


@example("A letter to missions whose governments are undecided", letter=3, version=2, criteria=CRITERIA, terms=TERMS)
class DispatchBody(BodySerializer):
    letter = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="Number of the letter.")
    version = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text="Number of its frozen version: that text is sent."
    )
    criteria = CriteriaBody(required=False, help_text="Whom it is for. Without it: all whom the letter addresses.")
    terms = TermsBody(required=False, help_text="When and how the letters leave.")

    def validate(self, attrs: JsonObject) -> JsonObject:
        versions = versions_to_send(self.context["campaign"])
        found = versions.filter(letter__number=attrs["letter"], number=attrs["version"]).first()
        if found is None:
            raise serializers.ValidationError({"version": _("This letter has no frozen version with that number.")})
        return {**attrs, "version": found}


#: field of the form → where it is in the body
POINTERS = {
    "version": ("version",),
    "who": ("criteria", "first_only"),
    "no_text": ("criteria", "own_language_only"),
    "pdf": ("terms", "pdf"),
    **{name: ("terms", name) for name in ("quiet_from", "quiet_until", "per_hour", "per_domain")},
}
#: field of the service's errors → where it is in the body
MOMENTS = {"send_day": "terms/send_at", "ends_day": "terms/ends_at"}


def dispatch_choice(campaign: Campaign, body: JsonObject) -> tuple[LetterVersion, Criteria, Terms]:
    """What the page's form makes of the same choice. Raises InvalidBody."""
    criteria, terms = body.get("criteria", {}), body.get("terms", {})
    moments = {name: terms.get(name) for name in ("send_at", "ends_at")}
    data = {name: value for name, value in {**criteria, **terms}.items() if value is not None and name not in moments}
    data |= {
        "version": body["version"].pk,
        "who": "first" if criteria.get("first_only") else "all",
        "no_text": "leave_out" if criteria.get("own_language_only") else "other",
    }
    form = PrepareForm(data, campaign=campaign, asked=QueryDict())
    if not form.is_valid():
        raise InvalidBody(
            [
                error
                for name, words in form.errors.items()
                for error in pointed(list(words), "/".join(["#", *POINTERS.get(name, ("criteria", name))]))
            ]
        )
    return body["version"], form.criteria(), replace(form.terms(), **moments)
