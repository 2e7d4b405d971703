"""templates/*.yaml: letter templates, one file per template and language."""

from dataclasses import dataclass

import yaml
from django.utils.translation import gettext as _

from apps.core.text import clean_span
from apps.letters.document.schema import validate_document
from apps.letters.document.validators import DocumentInvalid
from apps.letters.models import LetterTemplate

from ..faults import Report
from ..formats import Literal
from ..letter_markup.parser import LetterText, parse_letter
from ..letter_markup.writer import written_letter
from ..schema import INVALID, LANGUAGE, SLUG, Entry, Flag, Integer, Shape, Text, line_of
from .base import Field, Fields, Reference, Values

FOLDER = "templates"


class LiteralBlock(Shape):
    """A text below a bar (text: |), whose line breaks count."""

    def read(self, node: yaml.Node, report: Report) -> object:
        if isinstance(node, yaml.ScalarNode) and node.style == "|":
            return "\n".join(clean_span(line) for line in node.value.split("\n"))
        report(line_of(node), _("must start with a bar, with the text indented below it (text: |)."))
        return INVALID


TEMPLATE = Fields(
    LetterTemplate,
    (
        Field("schema_version", Integer(1, 1), None),
        Field("key", SLUG, required=True),
        Field("language", LANGUAGE, required=True, refers=Reference.LANGUAGE),
        Field("title", required=True),
        Field("description", Text()),
        Field("for_group", SLUG, "group_slug", refers=Reference.GROUP),
        Field("archived", Flag()),
        Field("subject", required=True),
        Field("text", LiteralBlock(), None, required=True),
    ),
)


@dataclass(frozen=True)
class Template:
    """A template as read, and its text as a document."""

    file: str
    entry: Entry
    text: LetterText

    @property
    def name(self) -> str:
        """ "african-group.en" """
        return f"{self.entry['key']}.{self.entry['language']}"

    def values(self) -> Values:
        return {**TEMPLATE.values(self.entry), "body": self.text.doc}


def read(file: str, node: yaml.Node, report: Report) -> Template | None:
    """None after reporting."""
    entry = TEMPLATE.shape.read(node, report)
    if not isinstance(entry, Entry):
        return None
    return Template(file, entry, parse_letter(entry["text"], entry.line_of("text") + 1, report))


def check_document(template: Template, report: Report) -> None:
    try:
        validate_document(template.text.doc)
    except DocumentInvalid as error:
        report(template.entry.line_of("text"), f"text: {error.path}: {error}")


def to_file(template: LetterTemplate) -> Values:
    found = TEMPLATE.to_file(template, schema_version=1, text=Literal(written_letter(template.body)))
    return {name: value for name, value in found.items() if name != "archived" or value}
