"""The similarity of two texts: rapidfuzz's ratio, for every comparison in the product."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

#: words from which on one letter may be wrong, and two
ONE_WRONG, TWO_WRONG = 4, 6


def similarity(one: str, other: str, *, least: float = 0.0) -> float:
    """From 0 (nothing in common) to 1 (equal); 0 where it is below `least`, which is quicker."""
    return fuzz.ratio(one, other, score_cutoff=least * 100) / 100


def closest(text: str, choices: Iterable[str], *, least: float = 0.6, most: int = 1) -> list[str]:
    """Up to `most` choices with at least this similarity, the most similar first."""
    found = process.extract(text, list(choices), scorer=fuzz.ratio, score_cutoff=least * 100, limit=most)
    return [choice for choice, _score, _index in found]


def most_similar(text: str, choices: Iterable[str], *, least: float) -> tuple[str, float] | None:
    """The choice most like the text, with its similarity; None where none reaches `least`."""
    found = process.extractOne(text, list(choices), scorer=fuzz.ratio, score_cutoff=least * 100)
    return (found[0], found[1] / 100) if found else None


def suggestion(text: str, choices: Iterable[str]) -> str:
    """The choice that was probably meant, or ""."""
    return next(iter(closest(text, choices)), "")


def is_misspelt(word: str, other: str) -> bool:
    """Whether they differ by a letter too many, too few, wrong or swapped, or two such from TWO_WRONG letters on.
    Numbers and short words have to be right."""
    limit = 2 if len(word) >= TWO_WRONG else 1
    if len(word) < ONE_WRONG or len(other) < ONE_WRONG or abs(len(word) - len(other)) > limit:
        return False
    if any(char.isdigit() for char in word + other):
        return False
    distance = OSA.distance(word, other, score_cutoff=limit)
    return distance <= limit and (distance <= 1 or word[0] == other[0])
