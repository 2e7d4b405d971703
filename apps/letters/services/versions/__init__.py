"""Freezing a letter."""

from .errors import (
    MAX_NAMES,
    FactsMissing,
    NotApproved,
    NothingChanged,
    OriginalLeftOut,
    PassagesLost,
    ValuesMissing,
)
from .freezing import MAX_CHANGE, letter_version_freeze, letter_version_refusal

__all__ = [
    "MAX_CHANGE",
    "MAX_NAMES",
    "FactsMissing",
    "NotApproved",
    "NothingChanged",
    "OriginalLeftOut",
    "PassagesLost",
    "ValuesMissing",
    "letter_version_freeze",
    "letter_version_refusal",
]
