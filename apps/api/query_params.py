"""Query parameters as serializers, read strictly: an unknown name or a wrong value is refused, never ignored."""

from typing import Any

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from apps.campaigns.models import Campaign
from apps.core.types import JsonObject

from .exceptions import InvalidQueryParams

type Fields = dict[str, serializers.Field[Any, Any, Any, Any]]

PAGE_SIZE, MOST_ROWS = 50, 200
#: values listed, and characters repeated, in a refusal
MOST_LISTED, MOST_ECHOED = 60, 60

DAY: dict[str, Any] = {
    "required": False,
    "input_formats": ["%Y-%m-%d"],
    "error_messages": {"invalid": gettext_lazy("Give a date as year-month-day, for example 2017-12-13.")},
}


class KnownValueField(serializers.CharField):
    """A value that the model's field has in some row (of the campaign, where rows have one); a refusal lists them."""

    def __init__(self, model: type[models.Model], name: str, **options: Any) -> None:
        self.model, self.name = model, name
        super().__init__(required=False, max_length=100, **options)

    def run_validation(self, data: object = serializers.empty) -> str:
        value: str = super().run_validation(data)
        if value not in (known := self.known_values()):
            raise serializers.ValidationError(one_of(value, known))
        return value

    def known_values(self) -> list[str]:
        rows = self.model._default_manager.order_by().distinct()
        if hasattr(self.model, "campaign"):
            rows = rows.filter(campaign=self.context["campaign"])
        found = rows.values_list(self.name, flat=True)
        return sorted({str(item) for value in found for item in (value if isinstance(value, list) else [value])})


def one_of(value: str, known: list[str]) -> str:
    """The refusal of a value that is not known."""
    shown = ", ".join(known[:MOST_LISTED]) + (", …" if len(known) > MOST_LISTED else "")
    if not known:
        return _("“%(value)s” is not known. There are no values yet.") % {"value": value[:MOST_ECHOED]}
    return _("“%(value)s” is not known. Allowed: %(known)s.") % {"value": value[:MOST_ECHOED], "known": shown}


def naming_choices(fields: Fields) -> Fields:
    """The fields, whose refusal of a choice says which there are, where it says nothing of its own."""
    default = serializers.ChoiceField.default_error_messages["invalid_choice"]
    for field in fields.values():
        choice = getattr(field, "child", field)
        if isinstance(choice, serializers.ChoiceField) and choice.error_messages["invalid_choice"] == default:
            choice.error_messages["invalid_choice"] = one_of("{input}", [str(one) for one in choice.choices])
    return fields


class QuerySerializer(serializers.Serializer[Any]):
    """No parameters; subclasses add theirs."""

    def get_fields(self) -> Fields:
        return naming_choices(super().get_fields())

    @classmethod
    def read(cls, params: QueryDict, campaign: Campaign) -> JsonObject:
        """The checked values. Raises InvalidQueryParams for what is unknown, given twice, empty or not allowed."""
        query = cls(data=params.dict(), context={"campaign": campaign})
        errors: dict[str, str] = {}
        for name, values in params.lists():
            if name not in query.fields:
                errors[name[:MOST_ECHOED]] = _unknown(list(query.fields))
            elif len(values) > 1:
                errors[name] = _("Given more than once. Give it once.")
        if not query.is_valid():
            for name, words in query.errors.items():
                errors.setdefault(name, " ".join(str(word) for word in words))
        if errors:
            raise InvalidQueryParams(errors)
        return dict(query.validated_data)


def _unknown(names: list[str]) -> str:
    if not names:
        return _("This parameter is not known. No parameters are allowed here.")
    return _("This parameter is not known. Allowed: %(names)s.") % {"names": ", ".join(names)}


class ListQuerySerializer(QuerySerializer):
    cursor = serializers.CharField(
        required=False, max_length=2000, help_text="Where the page begins: follow `next` and `previous`."
    )
    page_size = serializers.IntegerField(
        min_value=1, max_value=MOST_ROWS, default=PAGE_SIZE, help_text=f"Rows on a page, at most {MOST_ROWS}."
    )
