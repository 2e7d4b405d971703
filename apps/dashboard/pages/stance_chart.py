"""The roll call: a stroke per government, by position."""

from collections.abc import Iterable
from dataclasses import dataclass

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
        return ", ".join(f"{number} {words}" for _stance, number, words in self.legend)


def stance_chart(stances: Iterable[str]) -> StanceChart:
    found = list(stances)
    strokes: list[tuple[str, str]] = []
    legend: list[tuple[str, int, Label]] = []
    x = 0
    for stance, words in STANCES.items():
        number = found.count(stance)
        legend.append((stance, number, words))
        for _stroke in range(number):
            strokes.append((f"fill-{stance}", str(x)))
            x += STEP
        x += GAP if number else 0
    return StanceChart(strokes, legend, max(x - GAP, 1))
