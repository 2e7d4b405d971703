"""templates/*.yaml: letter templates, one file per template and language."""

from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _

from apps.core.text import clean_span
from apps.letters.document import DocumentInvalid, validate_document
from apps.letters.models import LetterTemplate

from ..formats import Literal
from ..letter_markup.parser import LetterText, parse_letter
from ..letter_markup.writer import written_letter
from ..problems import Report
from ..schema import INVALID, LANGUAGE, SLUG, Entry, Integer, Mapping, Shape, Text, fit, line_of
from .base import given, in_order, renamed

FOLDER = "templates"


class Written(Shape):
    """A text in YAML's literal style (|), whose lines are the file's own, without invisible characters."""

    def read(self, node: yaml.Node, report: Report) -> Any:
        if isinstance(node, yaml.ScalarNode) and node.style == "|":
            return "\n".join(clean_span(line) for line in node.value.split("\n"))
        report(line_of(node), _("must start with a bar, with the text indented below it (text: |)."))
        return INVALID


SHAPE = Mapping(
    required={
        "key": SLUG,
        "language": LANGUAGE,
        "title": fit(LetterTemplate, "title"),
        "subject": fit(LetterTemplate, "subject"),
        "text": Written(),
    },
    optional={"schema_version": Integer(1, 1), "description": Text(), "for_group": SLUG},
)
COLUMNS = {
    "key": "key",
    "language": "language",
    "title": "title",
    "description": "description",
    "group_slug": "for_group",
    "subject": "subject",
}
ORDER = ("schema_version", "key", "language", "title", "description", "for_group", "subject", "text")


@dataclass(frozen=True)
class Template:
    """A template as read: its file, its fields, and its text as a document with what it refers to."""

    file: str
    entry: Entry
    text: LetterText

    @property
    def name(self) -> str:
        """ "african-group.en" """
        return f"{self.entry['key']}.{self.entry['language']}"


def read(file: str, node: yaml.Node, report: Report) -> Template | None:
    """The template, or None after reporting."""
    entry = SHAPE.read(node, report)
    if not isinstance(entry, Entry):
        return None
    first_line = entry.line_of("text") + 1
    text = parse_letter(entry["text"], first_line, report)
    return Template(file, entry, text)


def check_document(template: Template, report: Report) -> None:
    """The last word has the letter's own schema: what it refuses is reported at the text's first line."""
    try:
        validate_document(template.text.doc)
    except DocumentInvalid as error:
        report(template.entry.line_of("text"), f"text: {error.path}: {error}")


def values(template: Template) -> dict[str, Any]:
    """The template's fields, without campaign, key and language."""
    fields = {"description": "", "group_slug": "", **renamed(template.entry, **COLUMNS), "body": template.text.doc}
    return {name: value for name, value in fields.items() if name not in {"key", "language"}}


def to_file(template: LetterTemplate) -> dict[str, Any]:
    """The fields of the template's file."""
    text = Literal(written_letter(template.body))
    return in_order({"schema_version": 1, **given(template, COLUMNS, SHAPE), "text": text}, ORDER)
