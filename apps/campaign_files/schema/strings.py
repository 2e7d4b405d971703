"""Texts, by length, pattern or choice."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.text import clean_lines

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
COUNTRY = Text(2, r"[A-Z]{2}", gettext_lazy('a country code of two capitals, such as "KE"'))
LANGUAGE = Text(10, r"[a-z]{2}(-[A-Za-z]+)?", gettext_lazy("a language code, such as en"))
URL = Text(600, r"https?://[^\s<>\"]+", gettext_lazy("a URL that starts with https:// or http://"))


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
