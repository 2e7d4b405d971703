"""glossary.yaml: terms and actors, explained."""

from apps.talkingpoints.models import GlossaryTerm

from ..schema import KEY, Flag, Integer, ListOf
from .base import Field, FileType, Reference

GLOSSARY = FileType(
    file="glossary.yaml",
    name="glossary terms",
    model=GlossaryTerm,
    fields=(
        Field("id", KEY, "key", required=True),
        Field("kind", required=True),
        Field("term", required=True),
        Field("in_document", Flag(), within="extra"),
        Field("points", ListOf(Integer(1)), within="extra", refers=Reference.POINT),
        Field("definition", required=True),
    ),
)
