"""The languages that letters are written in, one module each: adding a language is adding its module.

Pages are translated by gettext; these words are not, because a letter's language is its own, and what is frozen must
not change with a catalogue.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from django.conf.locale import LANG_INFO
from django.utils import translation
from django.utils.dates import MONTHS
from django.utils.functional import lazy
from django.utils.text import capfirst

from ..types import Label
from .base import RANKS, Language

__all__ = [
    "LANGUAGES",
    "RANKS",
    "Language",
    "citation_language",
    "direction",
    "language_choices",
    "language_for",
    "primary_language",
]

FALLBACK = "en"
#: inside a sentence, French and Spanish write the name of a language small
_capitalised = lazy(lambda name: capfirst(str(name)), str)


def find_languages(path: Iterable[str], package: str = __name__) -> dict[str, Language]:
    """{code: language} of the modules at this path that define LANGUAGE, by position."""
    modules = (import_module(f"{package}.{module.name}") for module in iter_modules(path))
    found = [module.LANGUAGE for module in modules if hasattr(module, "LANGUAGE")]
    return {language.code: language for language in sorted(found, key=lambda one: (one.position, one.code))}


LANGUAGES = find_languages(__path__)


def primary_language(code: str) -> str:
    """ "pt" of "pt-BR" (the primary subtag, BCP 47), which may have three letters."""
    return code.split("-")[0]


def language_for(code: str) -> Language:
    """The language of a code such as "fr" or "fr-CA". One without a module has English words and Django's months."""
    short = primary_language(code)
    return LANGUAGES.get(short) or _without_module(short)


def citation_language(code: str) -> str:
    """The language of the words of `language_for(code)`, for `lang` attributes."""
    short = primary_language(code)
    return short if short in LANGUAGES else FALLBACK


def direction(code: str) -> str:
    """ "rtl" or "ltr"."""
    return language_for(code).direction


def language_choices() -> list[tuple[str, Label]]:
    """(code, name for staff pages) of every language with a module."""
    return [(code, _capitalised(language.name)) for code, language in LANGUAGES.items()]


@cache
def _without_module(code: str) -> Language:
    english, info = LANGUAGES[FALLBACK], LANG_INFO.get(code, {})
    with translation.override(code if info else FALLBACK):
        months = tuple(str(MONTHS[number]) for number in range(1, 13))
    rtl = info.get("bidi", False) or code in {"dv", "ps"}
    return replace(english, code=code, right_to_left=rtl, dates=replace(english.dates, months=months))
