"""What begins letters and texts, changes texts, and opens and changes calls for signature."""

from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.coalitions.forms.embedding import MOST_SITES
from apps.coalitions.models import SignOnCall
from apps.coalitions.models.sign_on_fields import OPTIONAL
from apps.core.types import JsonObject
from apps.core.web_origins import https_origin
from apps.governments.models import Group, Member
from apps.governments.selectors import members_on, reference_day
from apps.letters.document.schema import MAX_SUBJECT
from apps.letters.models import LetterTemplate, LetterVersion
from apps.letters.services.languages import Start
from apps.letters.services.versions import MAX_CHANGE

from ..bodies import BodySerializer, LineField, TextField
from ..exceptions import InvalidBody
from ..query_params import one_of
from ..schema import example
from .letters import BODY, BODY_HELP, SHA256

#: items of a list
MOST = 200
#: the years in which letters are signed; days beyond them cannot be reckoned with
YEARS = range(2000, 2101)


class MomentField(serializers.DateTimeField):
    """A moment with its offset from UTC."""

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise serializers.ValidationError(_("Give the time with its offset: 2017-11-20T23:59:00+01:00."))
        if value.year not in YEARS:
            raise serializers.ValidationError(_("This year is too far away."))
        return value.astimezone(UTC)


class BoundedDateField(serializers.DateField):
    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if day.year not in YEARS:
            raise serializers.ValidationError(_("This year is too far away."))
        return day


class TemplateField(serializers.PrimaryKeyRelatedField[Any]):
    """A template of the campaign."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=LetterTemplate.objects.all(), **options)

    def get_queryset(self) -> Any:
        return LetterTemplate.objects.filter(campaign=self.context["campaign"])

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, int) or isinstance(data, bool) or not 0 < data < 2**62:
            self.fail("incorrect_type", data_type=type(data).__name__)
        return super().to_internal_value(data)


class MemberField(serializers.SlugRelatedField[Any]):
    """A member of the day on which the campaign looks."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="code", queryset=Member.objects.all(), **options)

    def get_queryset(self) -> Any:
        return members_on(reference_day(self.context["campaign"]))

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data.upper())


class GroupField(serializers.SlugRelatedField[Any]):
    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="slug", queryset=Group.objects.all(), **options)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


@example("A letter to one member", template=3, title="Letter to Tonga", members=["TO"])
class LetterBody(BodySerializer):
    """Exactly one of `to_all`, `groups` and `members` says who gets it."""

    template = TemplateField(help_text="With which it begins: the id of one of templates.")
    title = LineField(max_length=200, help_text="The team's working title.")
    to_all = serializers.BooleanField(required=False, help_text="All members get it.")
    groups: Any = serializers.ListField(child=GroupField(), required=False, max_length=MOST, help_text="By slug.")
    members: Any = serializers.ListField(child=MemberField(), required=False, max_length=MOST, help_text="By code.")

    def validate(self, attrs: JsonObject) -> JsonObject:
        if sum(bool(attrs.get(name)) for name in ("to_all", "groups", "members")) != 1:
            raise serializers.ValidationError(_("Give one of to_all, groups and members."))
        return attrs


@example("A translation", language="fr", start="original")
class TextBody(BodySerializer):
    language = LineField(max_length=10, help_text="In which the letter has no text yet.")
    start = serializers.ChoiceField(Start.values, help_text="What the text begins with; removed: as it was.")
    template = TemplateField(required=False, help_text="With start template: the id of one in that language.")


@example("Another title and body", subject="Leave room for small shops", body=BODY)
class TextChangeBody(BodySerializer):
    subject = LineField(
        max_length=MAX_SUBJECT, allow_blank=True, help_text="The letter's title and the email's subject."
    )
    body = serializers.JSONField(help_text=f"{BODY_HELP} What it cites must be facts of the campaign.")


@example("An approval", sha256=SHA256)
class ApprovalBody(BodySerializer):
    sha256 = LineField(max_length=64, help_text="The fingerprint of the text that was read.")


@example("A version without French", without=["fr"])
class VersionBody(BodySerializer):
    without: Any = serializers.ListField(
        child=LineField(max_length=10), required=False, max_length=MOST, help_text="Languages that are left out."
    )
    change = serializers.ChoiceField(
        LetterVersion.Change.values, required=False,
        help_text="Of a later version: correction (it means the same) or material.",
    )  # fmt: skip
    reason = TextField(required=False, max_length=MAX_CHANGE, help_text="Of a later version: what changed, and why.")


class OriginField(LineField):
    def to_internal_value(self, data: Any) -> str:
        if not (origin := https_origin(super().to_internal_value(data))):
            raise serializers.ValidationError(_("Give a site as https://www.name.org."))
        return origin


@example("A later end", closes_at="2017-11-27T23:59:00+01:00")
class CallChangeBody(BodySerializer):
    """What is not sent stays. Another closes_at extends or shortens the time; of a call that is over, it reopens it."""

    closes_at = MomentField(required=False, help_text="When signing ends by itself.")
    embargo_until = MomentField(
        required=False, allow_null=True, help_text="Until then only the team sees the page; null: from opens_at."
    )
    deliver_on = BoundedDateField(required=False, allow_null=True, help_text="When the letter goes to governments.")
    who = serializers.ChoiceField(SignOnCall.Who.values, required=False, help_text="Who may sign.")
    moderation = serializers.ChoiceField(
        SignOnCall.Moderation.values, required=False, help_text="Whose names a moderator checks first."
    )
    languages: Any = serializers.ListField(
        child=LineField(max_length=10), required=False, max_length=MOST, help_text="Of the texts that the page offers."
    )
    asked_fields: Any = serializers.ListField(
        child=serializers.ChoiceField(list(OPTIONAL)), required=False, max_length=MOST,
        help_text="What else the form asks for.",
    )  # fmt: skip
    embed_origins: Any = serializers.ListField(
        child=OriginField(max_length=300), required=False, max_length=MOST_SITES,
        help_text="Sites that may show the letter.",
    )  # fmt: skip


@example(
    "A version to sign",
    letter=4,
    version=1,
    closes_at="2017-11-20T23:59:00+01:00",
    who="both",
    moderation="all",
)
class CallBody(CallChangeBody):
    letter = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="The letter's number.")
    version = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text="The number of its newest version: older ones cannot be opened."
    )
    opens_at = MomentField(required=False, allow_null=True, help_text="Null, or nothing: now.")
    closes_at = MomentField(help_text="When signing ends by itself.")
    embed_origins = None  # those of the letter's last call stay; PATCH changes them

    def validate(self, attrs: JsonObject) -> JsonObject:
        versions = LetterVersion.objects.filter(letter__campaign=self.context["campaign"])
        found = versions.filter(letter__number=attrs.pop("letter"), number=attrs["version"])
        attrs["version"] = found.select_related("letter").first()
        if attrs["version"] is None:
            raise serializers.ValidationError({"version": [_("This letter has no such version.")]})
        return attrs


def call_settings(body: JsonObject, version: LetterVersion) -> JsonObject:
    """Arguments of the services, from what was sent. Raises InvalidBody for a language that the version lacks."""
    settings = {name: body[name] for name in SETTINGS if name in body}
    if "asked_fields" in body:
        settings["unasked_fields"] = [name for name in OPTIONAL if name not in body["asked_fields"]]
    for language in settings.get("languages", []):
        if language not in version.subjects:
            raise InvalidBody([{"pointer": "#/languages", "detail": one_of(language, list(version.subjects))}])
    return settings


SETTINGS = ("embargo_until", "deliver_on", "who", "moderation", "languages", "embed_origins")
