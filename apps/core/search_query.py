"""What somebody looks for across the product, and how well a text answers it."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from uuid import UUID

from .encryption import LookupHash, lookup_hashes
from .similarity import is_misspelt
from .text import clean_line, fold, whole_number

MAX_LENGTH, MAX_WORDS = 200, 8
#: letters around a word that a long text is cut to
EXCERPT = 110
#: hexadecimal digits from which on a word may begin a fingerprint
MIN_DIGITS = 6
_FINGERPRINT = re.compile(r"[0-9a-f]{6,64}")
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")


class Rank(IntEnum):
    """How a text answers: the same, begins so, has the words, has them within words, has similar ones."""

    EXACT = 0
    PREFIX = 1
    WORDS = 2
    PART = 3
    SIMILAR = 4


@dataclass(frozen=True)
class SearchQuery:
    """`text` as typed, cleaned and cut to MAX_LENGTH; `words` are its distinct words, folded as `core.text.fold`."""

    text: str
    words: tuple[str, ...]

    @classmethod
    def parse(cls, typed: str) -> "SearchQuery":
        text = clean_line(typed[: 4 * MAX_LENGTH].encode(errors="ignore").decode())[:MAX_LENGTH].strip()
        return cls(text, tuple(dict.fromkeys(fold(text).split()))[:MAX_WORDS])

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def folded(self) -> str:
        return " ".join(self.words)

    @property
    def number(self) -> int | None:
        """Of "7" or "#7"."""
        return whole_number(self.text.removeprefix("#").strip())

    @property
    def fingerprint(self) -> str:
        """The beginning of a SHA-256, or ""."""
        found = _FINGERPRINT.fullmatch(self.text.replace(" ", "").lower())
        return found[0] if found else ""

    @property
    def uuid(self) -> UUID | None:
        try:
            return UUID(self.text) if len(self.text) in {32, 36} else None
        except ValueError:
            return None

    @property
    def message_id(self) -> str:
        """The text as a Message-ID with its angle brackets; "" where it cannot be one."""
        inner = self.text.removeprefix("<").removesuffix(">")
        return f"<{inner}>" if _ADDRESS.fullmatch(inner) else ""

    @cached_property
    def address_hashes(self) -> list[LookupHash]:
        """Of the email address that it is, under every key; [] where it is none."""
        return lookup_hashes(self.text) if _ADDRESS.fullmatch(self.text) else []

    @property
    def indexed_words(self) -> tuple[str, ...]:
        """Those that an index of trigrams can find."""
        return tuple(word for word in self.words if len(word) >= 3)

    def rank(self, *texts: str, context: str = "", similar: bool = False) -> Rank | None:
        """The best rank of a row with these texts; None where they lack a word. Words may also stand in the `context`,
        such as the government of an office. With `similar`, misspelt words count."""
        known = [fold(text) for text in texts if text]
        if self.folded in known:
            return Rank.EXACT
        if any(text.startswith(self.folded) for text in known):
            return Rank.PREFIX
        padded, around = " " + " ".join(known), f" {fold(context)}" if context else ""
        if around and all(f" {word}" in around for word in self.words):
            return Rank.PART
        padded += around
        if all(f" {word}" in padded for word in self.words):
            return Rank.WORDS
        if all(word in padded for word in self.words if len(word) > 1 or not word.isascii()) and len(self.folded) > 1:
            return Rank.PART
        return Rank.SIMILAR if similar and self._is_similar(padded) else None

    def _is_similar(self, padded: str) -> bool:
        known = set(padded.split())
        return all(word in padded or any(is_misspelt(word, other) for other in known) for word in self.words)

    def pieces(self, text: str) -> list[tuple[str, bool]]:
        """The text cut where it has the words: [(piece, whether it is one)]."""
        letters = [(place, letter) for place, char in enumerate(text) for letter in _folded(char)]
        folded = "".join(letter for _place, letter in letters)
        marked = [False] * len(text)
        for word in self.words:
            start = folded.find(word)
            while start >= 0:
                if len(word) > 1 or not word.isascii() or not folded[max(start - 1, 0) : start].strip():
                    for place, _letter in letters[start : start + len(word)]:
                        marked[place] = True
                start = folded.find(word, start + len(word))
        return _runs(text, marked)

    def excerpt(self, text: str) -> str:
        """The part of a long text around its first word found, "" where it has none."""
        before = 0
        for piece, found in self.pieces(text):
            if found:
                start, end = max(before - EXCERPT // 2, 0), before + EXCERPT
                start = text.find(" ", start, before) + 1 if start else 0
                last = text.rfind(" ", before, end) if end < len(text) else len(text)
                part = text[start : last if last > before else end].strip()
                return f"{'… ' if start else ''}{part}{' …' if end < len(text) else ''}"
            before += len(piece)
        return ""


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    """As it stands in a folded text, where a mark is part of its letter."""
    return fold(char) or ("" if unicodedata.combining(char) else " ")


def _runs(text: str, marked: list[bool]) -> list[tuple[str, bool]]:
    runs: list[tuple[str, bool]] = []
    for char, found in zip(text, marked, strict=True):
        if runs and runs[-1][1] == found:
            runs[-1] = (runs[-1][0] + char, found)
        else:
            runs.append((char, found))
    return runs


def best_first[Row](found: Iterable[tuple[Rank | None, Row]]) -> list[tuple[Rank, Row]]:
    """The rows that answer, best first and else in their order; similar ones only where no other answers."""
    rows = sorted(((rank, row) for rank, row in found if rank is not None), key=lambda pair: pair[0])
    certain = [pair for pair in rows if pair[0] != Rank.SIMILAR]
    return certain or rows
