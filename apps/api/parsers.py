"""JSON bodies, read strictly: what another program could read otherwise is refused, and so is what cannot be stored."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser


class BodyTooLarge(APIException):
    status_code = 413


class StrictJSONParser(BaseParser):
    """UTF-8 (RFC 8259 §8.1), no name twice in an object, no infinite numbers, no NUL or half of a surrogate pair.

    Raises ParseError and BodyTooLarge.
    """

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        content = stream.read(most + 1)
        if len(content) > most:
            raise BodyTooLarge(_("The body is larger than %(most)d MB.") % {"most": most // 2**20})
        try:
            text = content.decode()
            found = json.loads(
                text, parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_each_name_once
            )
        except (ValueError, RecursionError):
            raise ParseError(_("The body is not JSON in UTF-8 that can be read.")) from None
        if "\\u" in text or "\x00" in text:
            _check_characters(found)
        return found


def _refuse_constant(name: str) -> float:
    raise ParseError(_("The body has “%(name)s”, which is not JSON.") % {"name": name})


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ParseError(_("The body has a number that is too large."))
    return number


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ParseError(_("The body has “%(name)s” twice in one object.") % {"name": twice[:60]})
    return found


def _check_characters(found: Any) -> None:
    """PostgreSQL stores neither NUL nor a lone surrogate. The parser has bounded the depth."""
    waiting = [found]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and any(char == "\x00" or "\ud800" <= char <= "\udfff" for char in value):
            raise ParseError(_("The body has characters that cannot be stored: NUL, or half of a surrogate pair."))
