"""One module for each file of a campaign's folder."""

from .asks_and_audiences import ASKS, AUDIENCES
from .base import Fields, FileType, Reference, Values
from .glossary_and_timeline import GLOSSARY, TIMELINE
from .groups import GROUPS
from .members import MEMBERS
from .points import POINTS
from .sources import SOURCES

#: in loading order
FILE_TYPES: tuple[FileType, ...] = (MEMBERS, GROUPS, SOURCES, POINTS, ASKS, AUDIENCES, GLOSSARY, TIMELINE)

__all__ = [
    "ASKS", "AUDIENCES", "FILE_TYPES", "GLOSSARY", "GROUPS", "MEMBERS", "POINTS", "SOURCES", "TIMELINE", "Fields",
    "FileType", "Reference", "Values",
]  # fmt: skip
