"""The covering note with which an addendum goes to those who got the letter."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.coalitions.models import Annex
from apps.core.interface_languages import interface_language
from apps.core.types import JsonObject
from apps.letters.selectors.editions import public_title


def note_language(language: str) -> str:
    """The recipient's, if the interface has it: the note is one of its texts."""
    return interface_language(language)


def addendum_note(addendum: Annex, language: str) -> JsonObject:
    """The note as the body of a letter."""
    note, version = note_language(language), addendum.version
    with override(note):
        values = {"number": addendum.letter.number, "title": public_title(version, note)}
        lines = [
            _("You received letter %(number)s from us: “%(title)s”.") % values,
            _("More have signed since. The attached addendum lists them. The letter itself is unchanged."),
        ]
        greeting = {"type": "mergeField", "attrs": {"key": "recipient.salutation"}}
        texts = [[greeting, {"type": "text", "text": ","}], *([{"type": "text", "text": line}] for line in lines)]
        return {
            "language": note,
            "subject": _("Addendum to letter %(number)s: further signatures") % values,
            "blocks": [{"type": "paragraph", "content": content} for content in texts],
            "notes": [],
        }
