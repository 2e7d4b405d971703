"""How a changed field is shown before a load: the old and new value, without the parts that are the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

#: characters shown of either side, words shown around what changed, names shown of a list
MOST = 160
AROUND = 4
MOST_NAMES = 8
#: how the files name what the database keeps in one field; elsewhere it is field.name
INSIDE = {"extra": "", "titles": "short_title_", "shorts": "short_"}


@dataclass(frozen=True)
class FieldChange:
    """A field of a row, by the name the files have for it, with both values."""

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
            yield f"{self.name}: {_names(self.old, self.new)}"
        else:
            old, new = _stretch(_said(self.old), _said(self.new))
            yield f"{self.name}: {old} → {new}"


def _is_set(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str | int) for item in value)


def _names(old: list[Any], new: list[Any]) -> str:
    """Which names came and which went; where none did, the new order."""
    parts = [_some("+", [str(name) for name in new if name not in old])]
    parts.append(_some("−", [str(name) for name in old if name not in new]))
    said = "; ".join(part for part in parts if part)
    return said or _("order is now %(names)s") % {"names": _some("", [str(name) for name in new])}


def _some(sign: str, names: list[str]) -> str:
    if not names:
        return ""
    more = _(" and %(count)d more") % {"count": len(names) - MOST_NAMES} if len(names) > MOST_NAMES else ""
    return f"{sign} {', '.join(_cut(name) for name in names[:MOST_NAMES])}{more}".strip()


def _said(value: Any) -> str:
    """A value in words; nothing as nothing."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "; ".join(_said(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_said(inner)}" for name, inner in sorted(value.items()) if inner not in (None, ""))
    return str(value)


def _stretch(old: str, new: str) -> tuple[str, str]:
    """Both texts without the words that they begin and end with alike, a few around the change excepted."""
    before, after = old.split(), new.split()
    if before == after:
        return _quoted(repr(old), "", ""), _quoted(repr(new), "", "")
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    first = max(start - AROUND, 0)
    cut = max(end - AROUND, 0)
    lead, tail = ("… " if first else ""), (" …" if cut else "")
    return tuple(  # type: ignore[return-value]  # two of them
        _quoted(" ".join(words[first : len(words) - cut]), lead, tail) if words else _("nothing")
        for words in (before, after)
    )


def _quoted(text: str, lead: str, tail: str) -> str:
    return f"“{lead}{_cut(text)}{tail}”"


def _cut(text: str) -> str:
    return text if len(text) <= MOST else f"{text[: MOST // 2]} […] {text[-MOST // 2 :]}"
