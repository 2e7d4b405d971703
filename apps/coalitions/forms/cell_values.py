"""What a cell of a table of signatures means, in English, French, Spanish and Arabic."""

import html
import re
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.utils import translation

from apps.core.territories import INTERNATIONAL, country_codes, international_names, territory_name
from apps.core.text import fold
from apps.core.types import Label
from apps.governments.country_names import territory_code
from apps.governments.country_names.aliases import shared

from ..models import SignOn
from ..pages.sign_on_labels import ORGANISATION_KINDS, VISIBILITIES

YES = frozenset(
    map(fold, ["yes", "y", "true", "1", "x", "oui", "o", "vrai", "sí", "si", "s", "verdadero", "نعم", "صحيح", "✓", "✔"])
)
BOXES = ("authorised", "wants_answers", "wants_letters")
#: "en_US" and "English (United States)" begin with a language
LANGUAGE_PART = re.compile(r"[\s_(-]")
#: as some programs leave them in text: "Femmes &amp; Droits"
ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#[0-9]{2,6}|#x[0-9A-Fa-f]{2,5});")
#: what a spreadsheet shows in place of a value: "#REF!", "#N/A", "#¿NOMBRE?"
FAILED_FORMULA = re.compile(r"#[¡¿]?[A-ZÉÀ]{2,8}(?:/0)?[!?]|#N/?A|#NV")
BETWEEN_ANGLES = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
#: further words for who may see a name
SEEN = {
    SignOn.Visibility.PUBLIC: "public|yes|everybody|oui|tout le monde|sí|público|todos|نعم|عام|الجميع",
    SignOn.Visibility.GOVERNMENT: "government|governments|gouvernement|gouvernements|gobierno|gobiernos|الحكومات",
    SignOn.Visibility.COUNTED: "counted|nobody|no|non|personne|nadie|لا|لا أحد",
}


def cell_value(key: str, cell: str) -> str:
    """What a form takes for the cell; a cell that means nothing known stays as it is, for the form to say so."""
    cell = ENTITY.sub(lambda found: html.unescape(found[0]), cell).strip()
    if FAILED_FORMULA.fullmatch(cell):
        return ""
    reader = READERS.get(key)
    return reader(cell) if reader and cell else cell


@cache
def _countries() -> dict[str, str]:
    """{folded code, or name as we write it: code}. "Congo" may be two, also where a file of ours says it."""
    found = {fold(code): code for code in country_codes()}
    for language, _name in settings.LANGUAGES:
        found |= {fold(name): INTERNATIONAL for name in international_names(language)}
        for code in country_codes():
            found.setdefault(fold(territory_name(code, language)), code)
    return {name: code for name, code in found.items() if name not in shared()} | {fold(INTERNATIONAL): INTERNATIONAL}


def _country(cell: str) -> str:
    return _countries().get(fold(cell)) or territory_code(cell) or cell


def _address(cell: str) -> str:
    """ "Afi Mensah <afi@post.example>", "mailto:afi@post.example", "afi@post.example." """
    inner = BETWEEN_ANGLES.search(cell)
    return (inner[1] if inner else cell).strip().removeprefix("mailto:").rstrip(".,;")


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
    "country": _country,
    "email": _address,
    "org_kind": _kind,
    "visibility": _visibility,
    "language": _language,
    "org_members": lambda cell: cell.removesuffix(".0").replace(",", "").replace(" ", ""),
    **{name: lambda cell: "on" if fold(cell) in YES else "" for name in BOXES},
}
