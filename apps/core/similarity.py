"""The similarity of two texts: rapidfuzz's ratio, for every comparison in the product."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process


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
