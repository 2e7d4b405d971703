"""The original beside its translation: a card for every block, with what to look at."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from apps.core.canonical_json import canonical_json, sha256_hex
from apps.core.languages import direction
from apps.core.types import JsonObject
from apps.talkingpoints.selectors import facts_by_key

from ..document.blocks import TextBlock
from ..document.differences import Piece, word_changes, words_of
from ..document.traversal import walk_nodes
from ..merge_fields import field_labels
from ..models import LetterText
from ..selectors.drafts import original_text
from ..selectors.translations import BlockState, TranslationRow, translation_rows

#: a citation among words
CITED = re.compile(r"(?<=\[)[A-Za-z0-9][A-Za-z0-9._-]*(?=\])")


@dataclass(frozen=True)
class OriginalCard:
    """A row as it is shown. `words` and `before` cite facts by their numbers; `fields` and `facts` name what the
    translation lacks, `added` what only it has."""

    row: TranslationRow
    words: str
    before: str
    fields: list[str]
    facts: list[str]
    added: list[str]

    @property
    def block(self) -> TextBlock:
        block = self.row.original or self.row.own
        if block is None:
            raise ValueError("a row has one block at least")
        return block

    @property
    def own(self) -> str:
        return self.row.own.id if self.row.own else ""

    @cached_property
    def changes(self) -> list[Piece]:
        """The words of the original then and now, where it changed."""
        if self.row.state != BlockState.CHANGED:
            return []
        return list(word_changes(self.before, self.words))

    @property
    def node(self) -> JsonObject | None:
        """What the editor inserts where nothing translates it: the block, for whom it is in the original."""
        return self.block.framed if self.row.state == BlockState.MISSING else None

    @property
    def lacking(self) -> list[JsonObject]:
        """The fields and notes that the translation lacks, as the original has them."""
        missing = {*self.row.missing_fields, *self.row.missing_facts}
        found: dict[str, JsonObject] = {}
        for node in walk_nodes(self.block.node):
            attrs = node.get("attrs", {})
            key = attrs.get("key") or attrs.get("fact")
            if node["type"] in {"mergeField", "citation"} and key in missing:
                found.setdefault(key, {"type": node["type"], "attrs": attrs})
        return list(found.values())


@dataclass(frozen=True)
class OriginalPane:
    """`key` changes whenever a card does. `counts`: {state: number of cards}."""

    original: LetterText
    cards: list[OriginalCard]

    @property
    def dir(self) -> str:
        return direction(self.original.language)

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(str(card.row.state) for card in self.cards)

    @property
    def waiting(self) -> int:
        return len(self.cards) - self.counts[BlockState.RIGHT]

    @cached_property
    def key(self) -> str:
        shown = [
            [card.words, card.own, card.row.state, card.before, card.fields, card.facts, card.added]
            for card in self.cards
        ]
        return sha256_hex(canonical_json(shown))[:16]


def original_pane(text: LetterText) -> OriginalPane | None:
    """None for the original itself."""
    original = original_text(text.letter)
    if original.pk == text.pk:
        return None
    rows = translation_rows(text, original)
    cited = {key for row in rows for block in (row.original, row.own) if block for key in block.facts}
    cited |= {key for row in rows for key in CITED.findall(row.before)}
    facts = facts_by_key(text.letter.campaign, cited) if cited else {}
    numbers = {key: fact.number for key, fact in facts.items()}
    return OriginalPane(original, [_card(row, numbers) for row in rows])


def _card(row: TranslationRow, numbers: dict[str, str]) -> OriginalCard:
    def numbered(words: str) -> str:
        return CITED.sub(lambda found: numbers.get(found[0], found[0]), words)

    block = row.original or row.own
    return OriginalCard(
        row=row,
        words=numbered(words_of(block.form) if block else ""),
        before=numbered(row.before),
        fields=field_labels(row.missing_fields),
        facts=[numbers.get(key, key) for key in row.missing_facts],
        added=[*field_labels(row.added_fields), *(numbers.get(key, key) for key in row.added_facts)],
    )
