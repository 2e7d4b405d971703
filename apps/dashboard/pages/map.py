"""The world map of governments by position, recipients or letters."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from apps.core.text import joined
from apps.core.types import Label
from apps.governments.pages.stance_labels import STANCES
from apps.governments.pages.world_map import shapes

from .government_directory import ON_MAP, sorted_lines
from .government_rows import DELIVERY, REACH, GovernmentLine


class MapView(NamedTuple):
    """A view of the map. `filter` and a class make the query of the directory ("letters=map-" and "lost")."""

    words: Label
    classes: Mapping[str, Label]
    of: Callable[[GovernmentLine], str]
    filter: str


MAP_VIEWS: dict[str, MapView] = {
    "stance": MapView(gettext_lazy("By position"), STANCES, lambda line: line.stance, "stance="),
    "recipients": MapView(gettext_lazy("By recipients"), REACH, lambda line: line.reach, "recipients="),
    "delivery": MapView(gettext_lazy("By delivery"), DELIVERY, lambda line: line.delivery, f"letters={ON_MAP}"),
}


@dataclass(frozen=True)
class Area:
    """A government: a path, or a dot at `x` and `y`."""

    code: str
    name: str
    css: str
    words: Label
    path: str = ""
    x: str = ""
    y: str = ""


@dataclass(frozen=True)
class WorldMap:
    """`land` is the path of territories of no member. `legend` is (class, number, label)."""

    way: str
    filter: str
    areas: list[Area]
    dots: list[Area]
    land: str
    legend: list[tuple[str, int, Label]]
    rows: list[tuple[GovernmentLine, str, str]]

    @property
    def in_words(self) -> str:
        return joined(f"{number} {words}" for _css, number, words in self.legend)


def world_map(lines: Iterable[GovernmentLine], way: str = "stance") -> WorldMap:
    """The map of these governments, by default by position."""
    way = way if way in MAP_VIEWS else "stance"
    shown = MAP_VIEWS[way]
    rows = [(line, shown.of(line), capfirst(str(shown.classes[shown.of(line)]))) for line in sorted_lines(lines)]
    areas: list[Area] = []
    dots: list[Area] = []
    drawn = set()
    for line, css, _words in rows:
        shape = shapes().get(line.member.code, {})
        drawn.add(line.member.code)
        drawing = [shape.get(name, "") for name in ("d", "cx", "cy")]
        area = Area(line.member.code, line.name, css, shown.classes[css], *drawing)
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
