"""asks.yaml: what a letter can ask for."""

from apps.talkingpoints.models import Ask

from ..schema import KEY, SLUG, Integer, ListOf, Text, choice, fit
from .base import Field, FileType, Reference

ASKS = FileType(
    file="asks.yaml",
    name="asks",
    model=Ask,
    fields=(
        Field("id", KEY, "key", required=True),
        Field("text", required=True),
        Field("short", required=True),
        Field("short_fr", fit(Ask, "short"), "fr", within="shorts"),
        Field("short_es", fit(Ask, "short"), "es", within="shorts"),
        Field("supports", ListOf(Integer(1)), required=True, refers=Reference.POINT),
        Field("fits_groups", ListOf(SLUG), refers=Reference.GROUP_OR_ALL),
        Field("not_for_groups", ListOf(SLUG), refers=Reference.GROUP),
        Field("strength", choice("core", "strong", "optional"), required=True),
        Field("from_document", choice("explicit", "derived", "general"), "basis", required=True),
        Field("note", Text()),
    ),
)
