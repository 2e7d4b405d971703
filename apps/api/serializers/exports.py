"""Exports: what was asked for, by a program or a person, and its state."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.campaigns.models import Campaign
from apps.exports.datasets import DATASETS, Dataset
from apps.exports.models import Export, Format, Purpose
from apps.exports.pages.choice import LANGUAGES, is_day
from apps.exports.services.files import file_name
from apps.exports.services.requests import MAX_REASON, ExportChoice

from ..bodies import BodySerializer, LineField
from ..query_params import ListQuerySerializer, one_of
from ..schema import example

STATES = (
    "waiting (for a second person, on its page), queued, running, ready (to download), done (taken), expired (its "
    "file was deleted), cancelled or failed."
)


class ExportQuerySerializer(ListQuerySerializer):
    dataset = serializers.ChoiceField(list(DATASETS), required=False, help_text="Only exports of this list.")
    state = serializers.ChoiceField(Export.State.values, required=False, help_text="Only exports in this state.")


CHOICE = {
    "dataset": "deliveries",
    "purpose": "internal",
    "format": "jsonl",
    "columns": ["country_code", "letter", "state", "answered_at_utc"],
    "filters": {"letter": "3"},
    "language": "",
    "with_letter": False,
}


@example(
    "A file that can be downloaded",
    id=21,
    **CHOICE,
    reason="Monthly report to the coalition",
    state="ready",
    rows=160,
    size=28713,
    sha256="5f1d…",
    file_name="spring-deliveries-internal-2017-10-10.jsonl",
    is_yours=True,
    created_at="2017-10-10T08:00:00Z",
    finished_at="2017-10-10T08:00:02Z",
    expires_at="2017-10-13T08:00:02Z",
    downloaded_at=None,
)
class ExportSerializer(serializers.ModelSerializer[Export]):
    """A list that was asked for."""

    purpose = serializers.CharField(help_text="For whom: public, government or internal.")
    format = serializers.CharField(help_text=f"{', '.join(Format.values)}.")
    columns: Any = serializers.ListField(child=serializers.CharField(), help_text="In the order of the file.")
    filters: Any = serializers.DictField(child=serializers.CharField(), help_text="What it was narrowed to.")
    language = serializers.CharField(help_text="Of headings and words; empty: codes.")
    with_letter = serializers.BooleanField(help_text="Of a PDF: the letter before its list.")
    state = serializers.CharField(help_text=STATES)
    rows = serializers.IntegerField(help_text="As counted when it was asked for, then as written.")
    file_name = serializers.SerializerMethodField(help_text="Of the file.")
    is_yours = serializers.SerializerMethodField(
        help_text="Whether the owner of the token asked for it: nobody else can download it."
    )

    class Meta:
        model = Export
        fields = [
            "id", "dataset", "purpose", "format", "columns", "filters", "language", "with_letter", "reason", "state",
            "rows", "size", "sha256", "file_name", "is_yours", "created_at", "finished_at", "expires_at",
            "downloaded_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_file_name(self, export: Export) -> str:
        return file_name(export)

    def get_is_yours(self, export: Export) -> bool:
        return bool(export.asked_by_id == self.context["request"].user.pk)


@example("Letters sent, for the team", **CHOICE, reason="Monthly report to the coalition")
class ExportBody(BodySerializer):
    """A list to export. The purpose decides which rows and columns it can have."""

    dataset = serializers.ChoiceField(list(DATASETS), help_text="Which list.")
    purpose = serializers.ChoiceField(Purpose.values, help_text="For whom it is.")
    format = serializers.ChoiceField(Format.values, help_text="Of the file; pdf only for lists that can be printed.")
    reason = LineField(max_length=MAX_REASON, help_text="Why it is needed. The activity log shows it.")
    columns: Any = serializers.ListField(
        child=LineField(max_length=60), required=False, allow_empty=False, max_length=100,
        help_text="Keys of columns, in the order of the file. Without it: the usual ones.",
    )  # fmt: skip
    filters: Any = serializers.DictField(
        child=LineField(max_length=100), required=False, help_text="What to narrow the list to."
    )
    language = serializers.CharField(
        max_length=10, required=False, allow_blank=True, default="",
        help_text="Of headings and words, for example fr. Empty: codes, for programs.",
    )  # fmt: skip
    with_letter = serializers.BooleanField(default=False, help_text="Of a PDF: the letter before its list.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Sets `wanted`. Unlike the page, which passes over what its address has too much, it refuses by name."""
        dataset = DATASETS[attrs["dataset"]]
        _require("purpose", attrs["purpose"], [str(one.value) for one in dataset.purposes])
        purpose = Purpose(attrs["purpose"])
        _require("format", attrs["format"], [str(one.value) for one in dataset.formats_for(purpose)])
        attrs["columns"] = _columns(dataset, purpose, attrs.get("columns"))
        attrs["filters"] = _filters(self.context["campaign"], dataset, purpose, attrs.get("filters", {}))
        reason = attrs.pop("reason")
        if attrs["with_letter"] and Format.PDF not in dataset.formats_for(purpose):
            raise serializers.ValidationError({"with_letter": _("Only printed lists of signatories have a letter.")})
        return {"wanted": ExportChoice(**attrs), "reason": reason}

    def validate_language(self, value: str) -> str:
        known = [code for code, _name in LANGUAGES]
        if value not in known:
            raise serializers.ValidationError(one_of(value, known))
        return value


def _require(field: str, value: str, known: list[str], inner: str = "") -> None:
    """`inner` names a value inside the field."""
    if value not in known:
        message = one_of(value, known)
        raise serializers.ValidationError({field: {inner: message} if inner else message})


def _columns(dataset: Dataset, purpose: Purpose, asked: list[str] | None) -> list[str]:
    offered = dataset.columns_for(purpose)
    if asked is None:
        return [column.key for column in offered if column.usual]
    for key in asked:
        _require("columns", key, [column.key for column in offered])
    if len(set(asked)) < len(asked):
        raise serializers.ValidationError({"columns": _("A column is named more than once. Name it once.")})
    return asked


def _filters(campaign: Campaign, dataset: Dataset, purpose: Purpose, asked: dict[str, str]) -> dict[str, str]:
    """Where a filter is required and not given, its first value applies, as on the page."""
    known, chosen = dataset.filters_for(purpose), dict[str, str]()
    for key in asked:
        _require("filters", key, list(known))
    for key, one in known.items():
        value = asked.get(key, "")
        if one.options is None:
            _day_check(key, value)
        else:
            options = [option for option, _label in one.options(campaign, purpose, chosen)]
            value = value or (options[0] if one.required and options else "")
            if value:
                _require("filters", value, options, key)
        if value:
            chosen[key] = value
    return chosen


def _day_check(key: str, value: str) -> None:
    if value and not is_day(value):
        message = _("Give a date as year-month-day, for example 2017-12-13.")
        raise serializers.ValidationError({"filters": {key: message}})
