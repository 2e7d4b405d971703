"""What requests bring, as serializers read strictly: an unknown name is refused, never ignored."""

from typing import Any

from django.forms import BaseForm
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from apps.campaigns.models import Campaign
from apps.core.text import clean_line, clean_lines
from apps.core.types import JsonObject

from .exceptions import InvalidBody
from .query_params import Fields, naming_choices

MOST_ECHOED = 60


class LineField(serializers.CharField):
    """One line, cleaned as in forms. Numbers are no text."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return self.clean(super().to_internal_value(data))

    @staticmethod
    def clean(text: str) -> str:
        return clean_line(text)


class TextField(LineField):
    """Several lines."""

    @staticmethod
    def clean(text: str) -> str:
        return clean_lines(text)


class BodySerializer(serializers.Serializer[Any]):
    """An object; also one inside another. Subclasses add fields; where a change may leave some out, `read` says so."""

    def get_fields(self) -> Fields:
        return naming_choices(super().get_fields())

    def to_internal_value(self, data: Any) -> JsonObject:
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            names = ", ".join(self.fields) or "—"
            words = _("This name is not known. Allowed: %(names)s.") % {"names": names}
            raise serializers.ValidationError({name[:MOST_ECHOED]: [words] for name in sorted(unknown)})
        found: JsonObject = super().to_internal_value(data)
        return found

    @classmethod
    def read(cls, data: Any, campaign: Campaign, *, partial: bool = False) -> JsonObject:
        """The checked values. Raises InvalidBody."""
        body = cls(data=data, partial=partial, context={"campaign": campaign})
        if not body.is_valid():
            raise InvalidBody(pointed(body.errors))
        return dict(body.validated_data)


def pointed(errors: Any, pointer: str = "#") -> list[dict[str, str]]:
    """A serializer's errors as [{"pointer": "#/figures/0/unit", "detail": …}] (RFC 9457 §3, RFC 6901)."""
    if isinstance(errors, dict):
        found: list[dict[str, str]] = []
        for name, inner in errors.items():
            step = "" if name == "non_field_errors" else "/" + str(name).replace("~", "~0").replace("/", "~1")
            found += pointed(inner, pointer + step)
        return found
    if isinstance(errors, list):
        words = " ".join(str(error) for error in errors if isinstance(error, ErrorDetail | str))
        found = [{"pointer": pointer, "detail": words}] if words else []
        for index, inner in enumerate(errors):
            found += pointed(inner, f"{pointer}/{index}") if isinstance(inner, dict | list) else []
        return found
    return [{"pointer": pointer, "detail": str(errors)}]


def check_form(form: BaseForm, names: dict[str, str] | None = None, pointer: str = "#") -> None:
    """The same rules as on the page: raises InvalidBody with what the form says. `names` are those of the body, where
    they differ from the form's."""
    if form.is_valid():
        return
    errors = {
        (names or {}).get(name, name) if name != "__all__" else "non_field_errors": list(words)
        for name, words in form.errors.items()
    }
    raise InvalidBody(pointed(errors, pointer))
