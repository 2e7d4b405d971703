"""The world map: each government an area or a dot, by stance, by recipients or by what became of letters."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from apps.governments.world_map import shapes

from .government_rows import DELIVERY, REACH, GovernmentLine
from .governments import ON_MAP, sorted_lines
from .stance_chart import STANCES


class Way(NamedTuple):
    """A way to look at the map: its words, the classes with theirs in the order of the legend, and how a line is
    classed; `filter` with the class is what asks the directory for those in it ("letters=map-" and "lost")."""

    words: Any
    classes: dict[str, Any]
    of: Callable[[GovernmentLine], str]
    filter: str


WAYS: dict[str, Way] = {
    "stance": Way(gettext_lazy("By position"), STANCES, lambda line: line.stance, "stance="),
    "recipients": Way(gettext_lazy("By recipients"), REACH, lambda line: line.reach, "recipients="),
    "delivery": Way(gettext_lazy("By delivery"), DELIVERY, lambda line: line.delivery, f"letters={ON_MAP}"),
}


@dataclass(frozen=True)
class Area:
    """A government on the map. `path` draws it; a dot has `x` and `y`, and is repeated in the row of codes."""

    code: str
    name: str
    css: str
    words: Any
    path: str = ""
    x: str = ""
    y: str = ""


@dataclass(frozen=True)
class WorldMap:
    """`land` is what belongs to no member, as one path. `legend` is (class, how many, words)."""

    way: str
    filter: str
    areas: list[Area]
    dots: list[Area]
    land: str
    legend: list[tuple[str, int, Any]]
    rows: list[tuple[GovernmentLine, str, Any]]

    @property
    def in_words(self) -> str:
        return ", ".join(f"{number} {words}" for _css, number, words in self.legend)


def world_map(lines: Iterable[GovernmentLine], way: str = "stance") -> WorldMap:
    """The map of these governments; a way that is not known is "stance"."""
    way = way if way in WAYS else "stance"
    shown = WAYS[way]
    rows = [(line, shown.of(line), capfirst(shown.classes[shown.of(line)])) for line in sorted_lines(lines)]
    areas: list[Area] = []
    dots: list[Area] = []
    drawn = set()
    for line, css, _words in rows:
        shape = shapes().get(line.member.code, {})
        drawn.add(line.member.code)
        place = [shape.get(name, "") for name in ("d", "cx", "cy")]
        area = Area(line.member.code, line.name, css, shown.classes[css], *place)
        (areas if area.path else dots).append(area)
    found = [css for _line, css, _words in rows]
    return WorldMap(
        way=way,
        filter=shown.filter,
        areas=areas,
        dots=dots,
        land="".join(shape["d"] for code, shape in shapes().items() if code not in drawn and "d" in shape),
        legend=[(css, found.count(css), words) for css, words in shown.classes.items()],
        rows=rows,
    )
