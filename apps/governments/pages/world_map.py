"""The drawing of the world that ships with the look: an area or a dot for each member, by its code."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from django.conf import settings

SHAPE = re.compile(r'<(?:path|circle) id="m-([A-Z]{2})" ([^>]*)/>')
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
RING = re.compile(r"M([^MZ]+)Z")


@cache
def shapes() -> dict[str, dict[str, str]]:
    """{code: attributes of its path (d) or of its dot (cx, cy)}; paths go by steps, which are half as long to write."""
    drawing = (settings.BASE_DIR / "static" / "img" / "world.svg").read_text()
    found = {code: dict(ATTRIBUTE.findall(rest)) for code, rest in SHAPE.findall(drawing)}
    return {
        code: {**shape, "d": "".join(_by_steps(shape["d"]))} if "d" in shape else shape
        for code, shape in found.items()
    }  # fmt: skip


def _by_steps(path: str) -> Iterator[str]:
    """Each ring of "M608,153L614,153L619,146Z" as "M608 153l6 0 5-7z"."""
    for ring in RING.findall(path):
        points = [tuple(map(int, point.split(","))) for point in ring.split("L")]
        steps = [(x - left, y - up) for (left, up), (x, y) in pairwise(points)]
        words = " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-")
        yield f"M{points[0][0]} {points[0][1]}l{words}z"
