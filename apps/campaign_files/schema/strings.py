"""Words: texts of a length, keys, codes, addresses, one of a few."""

import re
from dataclasses import dataclass
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from apps.core.text import clean_lines

from ..formats.text_files import is_control
from ..problems import Report
from .base import INVALID, TAG, Shape, line_of

#: what YAML 1.1 makes of a word or figure without quotes
READ_AS = {"bool": later("true"), "int": later("a number"), "float": later("a number"), "timestamp": later("a date")}


@dataclass(frozen=True)
class Text(Shape):
    """Words. `longest` in characters; with it, one line, unless `lines` allows several. `pattern` must fit whole;
    `meant` says what was expected."""

    longest: int | None = None
    pattern: str = ""
    meant: str | Promise = ""
    lines: bool = False

    def read(self, node: yaml.Node, report: Report) -> Any:
        raw = self.raw(node, report)
        if raw is INVALID:
            return INVALID
        text = clean_lines(raw)
        if fault := self.fault(node, text):
            report(line_of(node), fault)
            return INVALID
        return text

    def fits(self, text: str) -> bool:
        """Whether the pattern is the text's."""
        return re.fullmatch(self.pattern, text) is not None

    def fault(self, node: yaml.Node, text: str) -> str:
        kind = node.tag.removeprefix(TAG)
        if kind in READ_AS:
            return _('%(raw)s without quotes is read as %(kind)s. Write it as "%(raw)s".') % {
                "raw": text,
                "kind": "false" if text.lower() in {"no", "off", "n"} else READ_AS[kind],
            }
        if not text:
            return _("is empty.")
        if any(is_control(char) for char in str(node.value)):
            return _("contains a control character. Remove it.")
        if self.longest and len(text) > self.longest:
            return _("has %(count)d characters; at most %(most)d fit. Shorten it.") % {
                "count": len(text),
                "most": self.longest,
            }
        if self.longest and not self.lines and "\n" in text:
            return _("must be one line.")
        if self.pattern and not self.fits(text):
            return _("“%(text)s” is not %(meant)s.") % {"text": text[:60], "meant": self.meant}
        return ""


def prose(longest: int) -> Text:
    """Words of one line or several."""
    return Text(longest, lines=True)


def fit(model: type[models.Model], name: str) -> Text:
    """A text as long as the model's field takes."""
    return Text(longest=getattr(model._meta.get_field(name), "max_length", None))


KEY = Text(80, r"[a-z0-9][a-z0-9._-]*", later("an id of small letters, digits and hyphens"))
SLUG = Text(50, r"[a-z0-9][a-z0-9-]*", later("a short name of small letters, digits and hyphens"))
COUNTRY = Text(2, r"[A-Z]{2}", later('a country code of two capitals, such as "KE"'))
LANGUAGE = Text(10, r"[a-z]{2}(-[A-Za-z]+)?", later("a language code, such as en"))
URL = Text(600, r"https?://[^\s<>\"]+", later("an address that starts with https:// or http://"))


@dataclass(frozen=True)
class Choice(Text):
    """One of a few words."""

    words: tuple[str, ...] = ()

    def fault(self, node: yaml.Node, text: str) -> str:
        wrong = super().fault(node, text)
        if not wrong and text not in self.words:
            wrong = _("“%(text)s” is not one of: %(words)s.") % {"text": text[:60], "words": ", ".join(self.words)}
        return wrong


def choice(*words: str) -> Choice:
    return Choice(words=words)


class Mail(Text):
    """A mail address."""

    def fault(self, node: yaml.Node, text: str) -> str:
        try:
            validate_email(text)
        except ValidationError:
            return super().fault(node, text) or _("“%(text)s” is not an email address.") % {"text": text[:60]}
        return super().fault(node, text)
