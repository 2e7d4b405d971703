"""What a value in a file may be. A shape reads a YAML node into a plain value, or reports the line and the reason.

Values that failed are INVALID and left out. Mappings become an Entry, lists become Items: a dict and a list that
remember the lines of what they contain, for checks that need the whole campaign.
"""

from .base import INVALID, InvalidValue, Scalar, Shape
from .collections import ListOf, MapOf, Mapping
from .entries import Entry, Items, line_of
from .scalars import (
    COUNTRY,
    KEY,
    LANGUAGE,
    SLUG,
    Amount,
    Choice,
    Date,
    Email,
    Flag,
    Integer,
    LooseDate,
    Text,
    choice,
    fit,
    prose,
)

__all__ = [
    "COUNTRY", "INVALID", "KEY", "LANGUAGE", "SLUG", "Amount", "Choice", "Date", "Email", "Entry", "Flag",
    "Integer", "InvalidValue", "Items", "ListOf", "LooseDate", "MapOf", "Mapping", "Scalar", "Shape", "Text",
    "choice", "fit", "line_of", "prose",
]  # fmt: skip
