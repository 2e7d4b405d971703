"""A changed field in words: both values without what they have in common."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.core.text import first_names

from ..file_types.base import EMPTY

#: limits: characters of a value, words around a change, names of a list
MOST = 160
AROUND = 4
MOST_NAMES = 8
#: prefixes of fields that the database keeps within one; otherwise field.name
INSIDE = {"extra": "", "titles": "short_title_", "shorts": "short_"}


@dataclass(frozen=True)
class FieldChange:
    """`name` is that of the file."""

    name: str
    old: Any
    new: Any

    def lines(self) -> Iterator[str]:
        """ "claim: “… drowns their calls.” → “… drowns their songs.”"; one line, or one for each field inside it."""
        if isinstance(self.old, dict) and isinstance(self.new, dict):
            for name in sorted(self.old.keys() | self.new.keys()):
                if self.old.get(name) != self.new.get(name):
                    inner = INSIDE.get(self.name, f"{self.name}.") + name
                    yield from FieldChange(inner, self.old.get(name), self.new.get(name)).lines()
        elif _is_set(self.old) and _is_set(self.new):
            yield f"{self.name}: {_set_difference([*map(str, self.old)], [*map(str, self.new)])}"
        else:
            old, new = _differing_words(_text(self.old), _text(self.new))
            yield f"{self.name}: {old} → {new}"


def _is_set(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str | int) for item in value)


def _set_difference(old: list[str], new: list[str]) -> str:
    """Names added and removed, otherwise the new order."""
    added, removed = [name for name in new if name not in old], [name for name in old if name not in new]
    parts = [f"{sign} {_listed(names)}" for sign, names in (("+", added), ("−", removed)) if names]
    return "; ".join(parts) or _("order is now %(names)s") % {"names": _listed(new)}


def _listed(names: list[str]) -> str:
    return first_names((_cut(name) for name in names), MOST_NAMES)


def _text(value: object) -> str:
    if value in EMPTY:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(_text(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(inner)}" for name, inner in sorted(value.items()) if inner not in EMPTY)
    return str(value)


def _differing_words(old: str, new: str) -> tuple[str, str]:
    """Both texts without their common beginning and end, except a few words."""
    before, after = old.split(), new.split()
    if before == after:
        return f"“{_cut(repr(old))}”", f"“{_cut(repr(new))}”"
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    first, cut = max(start - AROUND, 0), max(end - AROUND, 0)

    def shown(words: list[str]) -> str:
        if not words:
            return pgettext("value", "nothing")
        text = _cut(" ".join(words[first : len(words) - cut]))
        return f"“{'… ' if first else ''}{text}{' …' if cut else ''}”"

    return shown(before), shown(after)


def _common(old: list[str], new: list[str]) -> int:
    """How many words are the same at the beginning."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))))


def _cut(text: str) -> str:
    return text if len(text) <= MOST else f"{text[: MOST // 2]} […] {text[-MOST // 2 :]}"
