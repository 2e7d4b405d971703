"""The names of languages, for pages."""

from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info

from .languages import primary_language

#: languages that write the names of languages with a capital; others do so only at the start of a line
WITH_CAPITAL = frozenset({"de", "en"})


def language_name(code: str) -> str:
    """ "fr" → "French", "français" inside a sentence of the reader's language; the code if Django does not know it."""
    name = _info(code, "name_translated")
    keeps = name == code or primary_language(get_language() or "en") in WITH_CAPITAL
    return name if keeps else name[:1].lower() + name[1:]


def language_label(code: str) -> str:
    """ "French", "Français": the name by itself, in a list or a table."""
    return capfirst(language_name(code))


def local_language_name(code: str) -> str:
    """ "fr" → "français"."""
    return _info(code, "name_local")


def _info(code: str, key: str) -> str:
    try:
        return str(get_language_info(code)[key])
    except KeyError:
        return code
