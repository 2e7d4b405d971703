"""The roll call: one stroke for each government, by stance."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.governments.models import Position

#: for governments whose position is not known
NO_STANCE = "none"
#: stances in the order of the roll, with the words of the legend
STANCES: dict[str, Any] = {
    Position.Stance.OPPOSES.value: _("opposes new rules"),
    Position.Stance.UNDECIDED.value: _("undecided"),
    Position.Stance.SUPPORTS.value: _("supports negotiations"),
    Position.Stance.JOINED.value: _("joined a statement for negotiations"),
    NO_STANCE: _("no position known"),
}
#: stance → tone and glyph of its state
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
    """`strokes` are (class, x); `legend` is (stance, number, words); `width` is that of the drawing."""

    strokes: list[tuple[str, str]]
    legend: list[tuple[str, int, Any]]
    width: int

    @property
    def in_words(self) -> str:
        return ", ".join(f"{number} {words}" for _stance, number, words in self.legend)


def stance_chart(stances: Iterable[str]) -> StanceChart:
    """The drawing for these stances, one of STANCES for each government."""
    found = list(stances)
    strokes, legend, x = [], [], 0
    for stance, words in STANCES.items():
        number = found.count(stance)
        legend.append((stance, number, words))
        for _stroke in range(number):
            strokes.append((f"fill-{stance}", str(x)))
            x += STEP
        x += GAP if number else 0
    return StanceChart(strokes, legend, max(x - GAP, 1))
