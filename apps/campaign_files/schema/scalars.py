"""Single values: texts by length, pattern or choice; numbers; dates; true or false."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.partial_dates import is_partial_date
from apps.core.text import clean_lines, number_value

from ..formats.text_reader import is_control
from .base import InvalidValue, Scalar

#: what YAML 1.1 makes of a text without quotes
READ_AS = {
    "bool": gettext_lazy("true"),
    "int": gettext_lazy("a number"),
    "float": gettext_lazy("a number"),
    "timestamp": gettext_lazy("a date"),
}


@dataclass(frozen=True)
class Text(Scalar):
    """`longest` in characters; with it, one line, unless `lines` allows several. The whole text must match `pattern`;
    `meant` says what was expected."""

    longest: int | None = None
    pattern: str = ""
    meant: str | Promise = ""
    lines: bool = False

    def fits(self, text: str) -> bool:
        return re.fullmatch(self.pattern, text) is not None

    def parse(self, raw: str, tag: str) -> str:
        text = clean_lines(raw)
        if tag in READ_AS:
            kind = "false" if text.lower() in {"no", "off", "n"} else READ_AS[tag]
            raise InvalidValue(
                _('%(raw)s without quotes is read as %(kind)s. Write it as "%(raw)s".') % {"raw": text, "kind": kind}
            )
        if not text:
            raise InvalidValue(_("is empty."))
        if any(is_control(char) for char in raw):
            raise InvalidValue(_("contains a control character. Remove it."))
        if self.longest and len(text) > self.longest:
            values = {"count": len(text), "most": self.longest}
            raise InvalidValue(_("has %(count)d characters; at most %(most)d fit. Shorten it.") % values)
        if self.longest and not self.lines and "\n" in text:
            raise InvalidValue(_("must be one line."))
        if self.pattern and not self.fits(text):
            raise InvalidValue(_("“%(text)s” is not %(meant)s.") % {"text": text[:60], "meant": self.meant})
        return text


def prose(longest: int) -> Text:
    return Text(longest, lines=True)


def fit(model: type[models.Model], name: str) -> Text:
    """As long as the model's field allows."""
    return Text(longest=getattr(model._meta.get_field(name), "max_length", None))


KEY = Text(80, r"[a-z0-9][a-z0-9._-]*", gettext_lazy("an id of small letters, digits and hyphens"))
SLUG = Text(50, r"[a-z0-9][a-z0-9-]*", gettext_lazy("a short name of small letters, digits and hyphens"))
COUNTRY = Text(2, r"[A-Z]{2}", gettext_lazy('a country code of two capital letters, such as "KE"'))
LANGUAGE = Text(10, r"[a-z]{2}(-[A-Za-z]+)?", gettext_lazy("a language code, such as en"))


@dataclass(frozen=True)
class Choice(Text):
    words: tuple[str, ...] = ()

    def parse(self, raw: str, tag: str) -> str:
        text = super().parse(raw, tag)
        if text not in self.words:
            values = {"text": text[:60], "words": ", ".join(self.words)}
            raise InvalidValue(_("“%(text)s” is not one of: %(words)s.") % values)
        return text


def choice(*words: str) -> Choice:
    return Choice(words=words)


class Email(Text):
    def parse(self, raw: str, tag: str) -> str:
        text = super().parse(raw, tag)
        try:
            validate_email(text)
        except ValidationError:
            raise InvalidValue(_("“%(text)s” is not an email address.") % {"text": text[:60]}) from None
        return text


WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
LONGEST_AMOUNT = 40


@dataclass(frozen=True)
class Integer(Scalar):
    least: int = 0
    most: int = 32767

    def parse(self, raw: str, tag: str) -> int:
        if tag != "int" or not WHOLE.fullmatch(raw):
            raise InvalidValue(_("“%(raw)s” is not a whole number.") % {"raw": raw[:60]})
        if len(raw) > 20 or not self.least <= int(raw) <= self.most:
            values = {"raw": raw[:60], "least": self.least, "most": self.most}
            raise InvalidValue(_("%(raw)s is not between %(least)d and %(most)d.") % values)
        return int(raw)


class Amount(Scalar):
    """A figure: a number as `number_value` stores it, or a month or date as text."""

    def parse(self, raw: str, tag: str) -> int | str:
        number = {"int": WHOLE, "float": DECIMAL}.get(tag)
        if number and number.fullmatch(raw) and len(raw) <= LONGEST_AMOUNT:
            return number_value(raw)
        if tag == "str" and is_partial_date(raw):
            return raw
        raise InvalidValue(_('“%(raw)s” is not a number or a month such as "2016-10".') % {"raw": raw[:60]})


class Flag(Scalar):
    def parse(self, raw: str, tag: str) -> bool:
        if raw not in {"true", "false"}:
            raise InvalidValue(_("“%(raw)s” is neither true nor false.") % {"raw": raw[:60]})
        return raw == "true"


class Date(Scalar):
    def parse(self, raw: str, tag: str) -> date:
        with suppress(ValueError):
            if len(raw) == 10:
                return date.fromisoformat(raw)
        raise InvalidValue(_("“%(raw)s” is not a date. Write it as 2017-12-10.") % {"raw": raw[:60]})


class LooseDate(Scalar):
    """A year, month or day, as text: "2017", "2017-12", "2017-12-10"."""

    def parse(self, raw: str, tag: str) -> str:
        if not is_partial_date(raw):
            raise InvalidValue(
                _("“%(raw)s” is not a year, month or day (2017, 2017-12, 2017-12-10).") % {"raw": raw[:60]}
            )
        return raw
