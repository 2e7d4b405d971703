"""Words of the evidence that are like a mistyped one: letters too many, too few, wrong or swapped.

Short words and numbers must be right. Distinct words are compared, not rows.
"""

from rapidfuzz.distance import OSA, Prefix

#: words this short have no similar ones
MIN_LENGTH = 4
#: from this length on, two letters may be wrong, but not the first
LONG = 6
MAX_ALIKE = 20


def similar_words(word: str, known: set[str]) -> tuple[tuple[str, float], ...]:
    """The most similar words. For a word that is known, or begins one, only spellings with other hyphens."""
    size = len(word)
    if size < MIN_LENGTH - 1 or _has_digit(word):
        return ()
    joined = word.replace("-", "")
    if same := [other for other in known if other != word and other.replace("-", "") == joined]:
        return tuple((other, 1.0) for other in same)
    if any(other.startswith(word) for other in known):
        return ()
    distances = _distances(word, known)
    nearest = min(distances.values(), default=0)
    found = [(other, 1 - nearest / size) for other in sorted(distances) if distances[other] == nearest]
    if nearest != 1:
        kin = sorted(other for other in known if other.startswith(word[:LONG]) and other not in distances)
        found += [(other, similarity) for other in kin if (similarity := _similarity(word, other))]
    return tuple(found[:MAX_ALIKE])


def _distances(word: str, known: set[str]) -> dict[str, int]:
    """{known word: wrong letters}, as far as they may be wrong."""
    limit = 2 if len(word) >= LONG else 1
    found = {}
    for other in known:
        if len(other) < MIN_LENGTH or abs(len(other) - len(word)) > limit:
            continue
        distance = OSA.distance(word, other, score_cutoff=limit)
        if distance <= limit and (distance == 1 or other[0] == word[0]) and not _has_digit(other):
            found[other] = distance
    return found


def _has_digit(word: str) -> bool:
    return any(char.isdigit() for char in word)


def _similarity(word: str, other: str) -> float:
    """The similarity of two long words with the same beginning and short, different ends: "privacite", "privacy"."""
    common = Prefix.similarity(word, other)
    related = common >= LONG and 3 * common >= 2 * len(word) and len(other) - common <= 3
    return common / len(word) if related else 0.0
