"""Query parameters, read strictly: an unknown name or a wrong value is refused, never ignored.

They are serializers, so that what is checked and what the schema says are the same lines.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from apps.campaigns.models import Campaign

from .exceptions import InvalidQueryParams

PAGE_SIZE, MOST_ROWS = 50, 200
#: of what is echoed and listed, so that an answer stays an answer
MOST_LISTED, MOST_ECHOED = 60, 60

DAY: dict[str, Any] = {
    "required": False,
    "input_formats": ["%Y-%m-%d"],
    "error_messages": {
        "invalid": gettext_lazy("Give a day of the calendar as year-month-day, for example 2017-12-13.")
    },
}


class KnownValueField(serializers.CharField):
    """A word that must be one of those in use. `known(campaign)` gives them; a refusal lists them."""

    def __init__(self, known: Callable[[Campaign], Iterable[str]], **options: Any) -> None:
        self.known = known
        super().__init__(required=False, max_length=100, **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        value = super().run_validation(data)
        known = sorted(set(self.known(self.context["campaign"])))
        if value not in known:
            raise serializers.ValidationError(one_of(value, known))
        return value


def one_of(value: str, known: list[str]) -> str:
    """The refusal of a value that is none of these."""
    shown = ", ".join(known[:MOST_LISTED]) + (", …" if len(known) > MOST_LISTED else "")
    words = (
        _("“%(value)s” is not known. Allowed: %(known)s.") if known else _("“%(value)s” is not known: there is none.")
    )
    return words % {"value": value[:MOST_ECHOED], "known": shown}


class QuerySerializer(serializers.Serializer[Any]):
    """No parameters at all. Those that have some inherit from it."""

    def build_choice_errors(self) -> None:
        for field in self.fields.values():
            if isinstance(field, serializers.ChoiceField):
                allowed = ", ".join(str(choice) for choice in field.choices)
                field.error_messages["invalid_choice"] = _("Allowed: %(allowed)s.") % {"allowed": allowed}

    @classmethod
    def read(cls, params: QueryDict, campaign: Campaign) -> dict[str, Any]:
        """The checked values. Raises InvalidQueryParams for what is unknown, given twice, empty or not allowed."""
        query = cls(data=params.dict(), context={"campaign": campaign})
        query.build_choice_errors()
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
        return _("This parameter is not known. None is allowed here.")
    return _("This parameter is not known. Allowed: %(names)s.") % {"names": ", ".join(names)}


class ListQuerySerializer(QuerySerializer):
    """A page of a list."""

    page = serializers.IntegerField(min_value=1, default=1, help_text="Which page, from 1.")
    page_size = serializers.IntegerField(
        min_value=1, max_value=MOST_ROWS, default=PAGE_SIZE, help_text=f"Rows on a page, at most {MOST_ROWS}."
    )
