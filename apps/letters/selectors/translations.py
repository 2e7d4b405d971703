"""A translation beside its original, block by block: what is missing, what is not translated, what changed since."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices

from apps.accounts.models import User
from apps.core.types import JsonObject

from ..document.blocks import BlockPair, TextBlock, block_pairs, text_blocks
from ..document.differences import SHAPE_SIGN, words_of
from ..models import Approval, Letter, LetterText, TranslatedBlock
from .drafts import original_text


class BlockState(TextChoices):
    """MISSING: no translation. UNTRANSLATED: still the original's words. CHANGED: the original changed since.
    UNCHECKED: nobody has said that it translates this. EXTRA: the original has no such block. RIGHT: none of these."""

    MISSING = "missing"
    UNTRANSLATED = "untranslated"
    CHANGED = "changed"
    UNCHECKED = "unchecked"
    EXTRA = "extra"
    RIGHT = "right"


@dataclass(frozen=True)
class TranslationRow:
    """`before`: the words of the original for which the block was right, where somebody said so or it began like this.
    The other lists name what the original has and the block lacks, or the other way about."""

    original: TextBlock | None
    own: TextBlock | None
    state: BlockState
    before: str = ""
    said_by: User | None = None
    said_at: datetime | None = None

    @property
    def missing_fields(self) -> list[str]:
        return _lacking(self.original, self.own, "fields")

    @property
    def missing_facts(self) -> list[str]:
        return _lacking(self.original, self.own, "facts")

    @property
    def added_fields(self) -> list[str]:
        return _lacking(self.own, self.original, "fields")

    @property
    def added_facts(self) -> list[str]:
        return _lacking(self.own, self.original, "facts")


@dataclass(frozen=True)
class StaleBlock:
    """`block`: its id in the text, or in the original where it is MISSING."""

    block: str
    state: BlockState


def _lacking(wanted: TextBlock | None, has: TextBlock | None, name: str) -> list[str]:
    if wanted is None or has is None:
        return []
    return [key for key in getattr(wanted, name) if key not in getattr(has, name)]


def translation_rows(
    text: LetterText, original: LetterText, *, subject: str | None = None, body: JsonObject | None = None
) -> list[TranslationRow]:
    """In the order of the original. `subject` and `body` of the translation may be unsaved."""
    own = text_blocks(text.subject if subject is None else subject, text.body if body is None else body)
    known = {one.original_block: one for one in text.translated_blocks.select_related("said_by")}
    pairs = block_pairs(
        text_blocks(original.subject, original.body), own, {key: one.own_block for key, one in known.items()}
    )
    compared = _compared_by_approval(text, original)
    return [_row(pair, known.get(pair.original.id) if pair.original else None, compared) for pair in pairs]


def _compared_by_approval(text: LetterText, original: LetterText) -> bool:
    """Whether somebody approved the present text after the original was last saved."""
    return Approval.objects.filter(text=text, sha256=text.sha256, at__gte=original.saved_at).exists()


def _row(pair: BlockPair, known: TranslatedBlock | None, compared: bool) -> TranslationRow:
    if known is None:
        return TranslationRow(pair.original, pair.own, _state(pair, None, compared))
    state = _state(pair, known, compared)
    return TranslationRow(pair.original, pair.own, state, words_of(known.words), known.said_by, known.said_at)


def _state(pair: BlockPair, known: TranslatedBlock | None, compared: bool) -> BlockState:
    original, own = pair.original, pair.own
    if original is None:
        return BlockState.EXTRA
    if own is None:
        return BlockState.MISSING
    said = known is not None and known.said_by_id is not None
    if own.words == original.words and not said:
        return BlockState.UNTRANSLATED if original.has_words and not compared else BlockState.RIGHT
    if compared or (known and _is_for(known.words, original)):
        return BlockState.RIGHT
    return BlockState.CHANGED if known else BlockState.UNCHECKED


def _is_for(said: str, original: TextBlock) -> bool:
    """What was said before formatting was kept has the words alone."""
    return said == (original.form if SHAPE_SIGN in said else original.words)


def stale_blocks(letter: Letter) -> dict[str, list[StaleBlock]]:
    """{language: blocks that need a look}, of every translation of the letter; without EXTRA blocks."""
    original = original_text(letter)
    texts = letter.texts.exclude(pk=original.pk).order_by("pk")
    return {text.language: _stale(translation_rows(text, original)) for text in texts}


def _stale(rows: list[TranslationRow]) -> list[StaleBlock]:
    fine = {BlockState.RIGHT, BlockState.EXTRA}
    return [
        StaleBlock(block.id, row.state) for row in rows if row.state not in fine and (block := row.own or row.original)
    ]
