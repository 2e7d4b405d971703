"""The footnotes of a letter: which note cites which fact, and what it says."""

from collections.abc import Iterable

from apps.core.types import JsonObject
from apps.sources.citation import Footnotes, citation_text, citation_url
from apps.sources.models import Source
from apps.talkingpoints.models import Fact

type Note = JsonObject


def footnotes(keys: Iterable[str], facts: dict[str, Fact], language: str, document: Source | None) -> list[Note]:
    """[{n, fact, text, url}] as a letter prints them, numbered in the given order of keys. A source is cited in full
    once; later notes refer back to that one. Unknown facts leave a gap. `document` is the campaign's own, or None."""
    notes = Footnotes(language, document)
    found = []
    for number, key in enumerate(keys, start=1):
        if key in facts:
            note = notes.add(number, facts[key].source, facts[key].locator)
            found.append(_note(number, key, note.citation.text, note.url))
    return found


def full_footnotes(keys: Iterable[str], facts: dict[str, Fact], language: str, document: Source | None) -> list[Note]:
    """The same with every source in full: for the editor, where the order changes while writing, and for the evidence
    snapshot, where each fact stands alone."""
    return [
        _note(
            number,
            key,
            citation_text(facts[key].source, facts[key].locator, language, document),
            citation_url(facts[key].source),
        )
        for number, key in enumerate(keys, start=1)
        if key in facts
    ]


def _note(number: int, key: str, text: str, url: str) -> Note:
    return {"n": number, "fact": key, "text": text if text.endswith((".", "?", "!", "…")) else f"{text}.", "url": url}
