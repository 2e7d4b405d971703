"""One module per kind of file."""

from . import asks, audiences, glossary, groups, members, points, sources, timeline
from .base import Kind

#: kinds that stand row by row in one file, in the order in which they are loaded
KINDS: tuple[Kind, ...] = (
    members.KIND,
    groups.KIND,
    sources.KIND,
    points.KIND,
    asks.KIND,
    audiences.KIND,
    glossary.KIND,
    timeline.KIND,
)

__all__ = ["KINDS", "Kind"]
