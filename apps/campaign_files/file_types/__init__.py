"""One module per kind of file."""

from . import asks, audiences, glossary, groups, members, points, sources, timeline
from .base import FileType

#: file types with one row per object, in loading order
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
