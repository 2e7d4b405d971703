"""What a cell of a table of signatures means, in English, French, Spanish and Arabic."""

import re
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.utils import translation

from apps.core.territories import INTERNATIONAL, cldr_names, country_codes, international_names, territory_name
from apps.core.text import fold
from apps.core.types import Label

from ..models import SignOn
from ..pages.sign_on_labels import ORGANISATION_KINDS, VISIBILITIES

YES = frozenset(
    map(fold, ["yes", "y", "true", "1", "x", "oui", "o", "vrai", "sí", "si", "s", "verdadero", "نعم", "صحيح", "✓", "✔"])
)
BOXES = ("authorised", "wants_answers", "wants_letters")
#: "en_US" and "English (United States)" begin with a language
LANGUAGE_PART = re.compile(r"[\s_(-]")
#: further words for who may see a name
SEEN = {
    SignOn.Visibility.PUBLIC: "public|yes|everybody|oui|tout le monde|sí|público|todos|نعم|عام|الجميع",
    SignOn.Visibility.GOVERNMENT: "government|governments|gouvernement|gouvernements|gobierno|gobiernos|الحكومات",
    SignOn.Visibility.COUNTED: "counted|nobody|no|non|personne|nadie|لا|لا أحد",
}


def cell_value(key: str, cell: str) -> str:
    """What a form takes for the cell; a cell that means nothing known stays as it is, for the form to say so."""
    cell = cell.strip()
    reader = READERS.get(key)
    return reader(cell) if reader and cell else cell


@cache
def _countries() -> dict[str, str]:
    """{folded name or code: code}, names in every language that we have."""
    found = {fold(code): code for code in country_codes()}
    for code in country_codes():
        for names in cldr_names()[code].values():
            found |= {fold(name): code for name in names if fold(name) not in found}
        for language, _name in settings.LANGUAGES:
            found.setdefault(fold(territory_name(code, language)), code)
    for language, _name in settings.LANGUAGES:
        found |= {fold(name): INTERNATIONAL for name in international_names(language)}
    return found | {fold(INTERNATIONAL): INTERNATIONAL}


@cache
def _words(table: tuple[tuple[str, Label], ...]) -> dict[str, str]:
    """{folded value or label in a language of the interface: value}."""
    found = {fold(value.replace("_", " ")): value for value, _label in table}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {fold(str(label)): value for value, label in table}
    return found


def _kind(cell: str) -> str:
    return _words(tuple(ORGANISATION_KINDS)).get(fold(cell), cell)


def _visibility(cell: str) -> str:
    table = tuple((value.value, label) for value, label, _hint in VISIBILITIES)
    further = {fold(word): value.value for value, words in SEEN.items() for word in words.split("|")}
    return (further | _words(table)).get(fold(cell), cell)


def _language(cell: str) -> str:
    names: dict[str, str] = dict(settings.LANGUAGES)
    known = {fold(name): code for code, name in names.items()} | {code: code for code in names}
    own = {"francais": "fr", "french": "fr", "espanol": "es", "spanish": "es", "english": "en", "arabic": "ar"}
    words = {fold(word): code for word, code in own.items()} | known | {fold("العربية"): "ar"}
    folded = fold(cell)
    return words.get(folded) or words.get(LANGUAGE_PART.split(folded)[0]) or cell


READERS: dict[str, Callable[[str], str]] = {
    "country": lambda cell: _countries().get(fold(cell), cell),
    "org_kind": _kind,
    "visibility": _visibility,
    "language": _language,
    "org_members": lambda cell: cell.removesuffix(".0").replace(",", "").replace(" ", ""),
    **{name: lambda cell: "on" if fold(cell) in YES else "" for name in BOXES},
}
