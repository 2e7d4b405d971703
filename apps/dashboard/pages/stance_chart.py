"""The roll call: a stroke per government, by position."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from apps.core.text import joined
from apps.core.types import Label
from apps.governments.pages.stance_labels import NO_STANCE, STANCES

#: stance → (tone, glyph)
MARKS = {
    "opposes": ("ink", "dot"),
    "undecided": ("idle", "half"),
    "supports": ("warn", "ring"),
    "joined": ("warn", "flag"),
    NO_STANCE: ("idle", "ring"),
}
STROKE, STEP, GAP = 4.4, 6, 6


@dataclass(frozen=True)
class StanceChart:
    """`strokes` are (class, x), `legend` (stance, number, label)."""

    strokes: list[tuple[str, str]]
    legend: list[tuple[str, int, Label]]
    width: int

    @property
    def in_words(self) -> str:
        return joined(f"{words} ({number})" for _stance, number, words in self.legend)


def stance_chart(stances: Iterable[str]) -> StanceChart:
    numbers = Counter(stances)
    strokes: list[tuple[str, str]] = []
    x = 0
    for stance in STANCES:
        strokes += [(f"fill-{stance}", str(x + STEP * i)) for i in range(numbers[stance])]
        x += STEP * numbers[stance] + (GAP if numbers[stance] else 0)
    legend: list[tuple[str, int, Label]] = [(stance, numbers[stance], words) for stance, words in STANCES.items()]
    return StanceChart(strokes, legend, max(x - GAP, 1))
