"""Base classes of columns: names, parsing, assignment and export."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from apps.core.text import clean_line, fold
from apps.governments.models import Office, Recipient

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: code of a message, key of the column, values for the message
type Reason = tuple[str, str, dict[str, object]]
#: key of what changes, before, after
type Change = tuple[str, str, str]


def aliases(text: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in text.split("|"))


class Column[Value]:
    """A subclass sets `key`, `label` and `aliases`; the rest has defaults.

    `aliases` are headings in five languages, separated by "|". A file needs every `required` column. With `joiner`,
    several columns of a file may have this meaning; it joins their texts.
    """

    key: ClassVar[str] = ""
    label: ClassVar[str | Promise] = ""
    #: the heading in our own exports
    heading: ClassVar[str] = ""
    aliases: ClassVar[str] = ""
    required: ClassVar[bool] = False
    joiner: ClassVar[str] = ""
    max_length: ClassVar[int] = 0
    #: reasons why a cell cannot be read: {code: message}
    messages: ClassVar[Mapping[str, str | Promise]] = {}
    #: whether it belongs to the office, which recipients share
    of_office: ClassVar[bool] = False
    #: whether it sets the field `field` (default: the key); the other columns identify the recipient
    assigns: ClassVar[bool] = True
    field: ClassVar[str] = ""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Its headings, folded."""
        return (*aliases(self.aliases), fold(self.export_heading))

    @property
    def export_heading(self) -> str:
        return self.heading or self.key

    @property
    def field_name(self) -> str:
        return self.field or self.key

    def clean(self, text: str) -> str:
        return clean_line(text)

    def parse(self, text: str, today: date) -> tuple[Value | None, list[Reason]]:
        """The value of a cell, and what is wrong. An empty cell gives None, which changes nothing."""
        if not (text := text and self.clean(text)):
            return None, []
        if self.max_length and len(text) > self.max_length:
            return None, [self.reason("too_long", most=self.max_length, length=len(text))]
        return self.read(text, today)

    def read(self, text: str, today: date) -> tuple[Value | None, list[Reason]]:
        """Parse a cleaned text that is not empty."""
        raise NotImplementedError

    def reason(self, code: str, **values: object) -> Reason:
        return (code, self.key, values)

    def assign(self, recipient: Recipient, value: Value, *, only_empty: bool) -> Iterator[Change]:
        """Set the value and yield what that changes. `only_empty`: keep what is known."""
        raise NotImplementedError

    def export(self, recipient: Recipient) -> str:
        """The cell for a recipient in our own export."""
        raise NotImplementedError


class FieldColumn[Value](Column[Value]):
    """A column that is one field of the recipient or, with `of_office`, of its office."""

    #: the value that means "not known"
    unknown: ClassVar[str] = ""

    def target(self, recipient: Recipient) -> Recipient | Office:
        return recipient.office if self.of_office else recipient

    def assign(self, recipient: Recipient, value: Value, *, only_empty: bool) -> Iterator[Change]:
        target = self.target(recipient)
        old = getattr(target, self.field_name)
        if value in (old, self.unknown) or (only_empty and old and old != self.unknown):
            return
        setattr(target, self.field_name, value)
        yield self.key, "" if old is None else str(old), str(value)

    def export(self, recipient: Recipient) -> str:
        value = getattr(self.target(recipient), self.field_name)
        return "" if value is None else str(value)


class TextColumn(FieldColumn[str]):
    """A field that takes the text as it is."""

    def read(self, text: str, today: date) -> tuple[str | None, list[Reason]]:
        return text, []


class ChoiceColumn(FieldColumn[str]):
    """A field with choices, each with its words: {value: "word|word"}."""

    choices: ClassVar[Mapping[str, str]] = {}

    @cached_property
    def by_word(self) -> dict[str, str]:
        return {word: value for value, words in self.choices.items() for word in aliases(words)}

    def read(self, text: str, today: date) -> tuple[str | None, list[Reason]]:
        value = self.by_word.get(fold(text))
        return (value, []) if value else (None, [self.reason(f"{self.key}_unknown", value=text[:60])])


#: messages that any column may give
MESSAGES = {"too_long": _("The text has %(length)s characters. Shorten it to %(most)s.")}
