"""Compares words of mails without regard to case, accents and spaces."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property


def fold(text: str) -> str:
    """Lower case without accents, on one line."""
    plain = unicodedata.normalize(
        "NFKD", text.replace("’", "'").replace("ı", "i").replace("ł", "l").replace("đ", "d").replace("ə", "e")
    ).casefold()
    return " ".join("".join(sign for sign in plain if unicodedata.category(sign) != "Mn").split())


class Phrases:
    """Many phrases as one pattern, compiled when it is first asked: only who reads mail needs them. Phrases are sorted
    by their first letter, so that most places of a text are passed over at once."""

    def __init__(self, phrases: tuple[str, ...]) -> None:
        self.phrases = phrases

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        by_letter: dict[str, list[str]] = {}
        for phrase in self.phrases:
            # folding would make \s of \S
            folded = fold(phrase.replace("\\S", "[^ ]").replace("\\W", "[^\\w]"))
            folded = folded.replace(".*", ".{0,40}?").replace("~", ".{0,100}?")
            for whole in _expanded(folded):
                literal = whole[:1].isalnum() and whole[1:2] not in ("?", "*", "+", "{")
                by_letter.setdefault(whole[0] if literal else "", []).append(whole[1:] if literal else whole)
        groups = [f"{letter}(?:{'|'.join(dict.fromkeys(rests))})" for letter, rests in by_letter.items()]
        return re.compile(rf"(?<![a-zа-яα-ω])(?:{'|'.join(groups)})")

    def search(self, text: str) -> re.Match[str] | None:
        return self.pattern.search(text)

    def match(self, text: str) -> re.Match[str] | None:
        return self.pattern.match(text)


def _expanded(phrase: str) -> Iterator[str]:
    """The phrase without alternatives at its beginning: one phrase for each of them."""
    alternatives = _split(phrase)
    if len(alternatives) > 1:
        for alternative in alternatives:
            yield from _expanded(alternative)
        return
    end = _closing(phrase) if phrase.startswith("(") and not phrase.startswith("(?") else 0
    rest = phrase[end + 1 :]
    if not end or rest.startswith(("*", "+", "{")):
        yield phrase
        return
    optional = rest.startswith("?")
    rest = rest[1:] if optional else rest
    for beginning in [*_split(phrase[1:end]), *([""] if optional else [])]:
        if beginning + rest:
            yield from _expanded(beginning + rest)


def _split(phrase: str) -> list[str]:
    """At the "|" that are in no brackets."""
    parts, depth, escaped = [""], 0, False
    for sign in phrase:
        depth += 0 if escaped else (sign in "([") - (sign in ")]")
        if sign == "|" and depth == 0 and not escaped:
            parts.append("")
        else:
            parts[-1] += sign
        escaped = sign == "\\" and not escaped
    return parts


def _closing(phrase: str) -> int:
    """Where the bracket closes that the phrase begins with."""
    depth, escaped = 0, False
    for place, sign in enumerate(phrase):
        depth += 0 if escaped else (sign in "([") - (sign in ")]")
        if depth == 0:
            return place
        escaped = sign == "\\" and not escaped
    return 0


def any_of(*phrases: str) -> Phrases:
    """Matches any phrase from the start of a word, in folded text; ".*" spans up to 40 characters, "~" up to 100."""
    return Phrases(phrases)


def in_any_language(phrases: dict[str, tuple[str, ...]], *more: str) -> Phrases:
    """Like any_of, for phrases by language: mails of one office mix languages, so all are looked for."""
    return any_of(*more, *(phrase for of_one in phrases.values() for phrase in of_one))
