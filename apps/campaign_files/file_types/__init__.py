"""One module per kind of file."""

from . import asks, audiences, glossary, groups, members, points, sources, timeline
from .base import FileType

#: kinds that stand row by row in one file, in the order in which they are loaded
FILE_TYPES: tuple[FileType, ...] = (
    members.FILE_TYPE,
    groups.FILE_TYPE,
    sources.FILE_TYPE,
    points.FILE_TYPE,
    asks.FILE_TYPE,
    audiences.FILE_TYPE,
    glossary.FILE_TYPE,
    timeline.FILE_TYPE,
)

__all__ = ["FILE_TYPES", "FileType"]
