"""Writes: facts and their history, translations of points."""

from .facts import (
    CautionWithoutWords,
    FactChanged,
    FactRetired,
    FigureWithoutUnit,
    fact_correct,
    fact_remember,
    fact_restore,
    fact_retire,
)
from .translations import (
    NotReady,
    OwnTranslation,
    TranslationChanged,
    translation_load,
    translation_review,
    translation_save,
)

__all__ = [
    "CautionWithoutWords",
    "FactChanged",
    "FactRetired",
    "FigureWithoutUnit",
    "NotReady",
    "OwnTranslation",
    "TranslationChanged",
    "fact_correct",
    "fact_remember",
    "fact_restore",
    "fact_retire",
    "translation_load",
    "translation_review",
    "translation_save",
]
