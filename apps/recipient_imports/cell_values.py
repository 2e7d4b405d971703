"""From the text of a cell to a value, or the reason why it is none."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from apps.core.text import clean_line, clean_lines, fold

from .columns import BY_KEY, words

type Reason = tuple[str, str, dict[str, Any]]

MOST_ADDRESSES = 50
LINES = ("postal", "notes")

KINDS = {
    "capital": words(
        "capital|ministry|ministry in the capital|capital ministry|ministere|capitale|ministerio|hauptstadt|"
        "ministerium|وزارة|العاصمة"),
    "mission": words(
        "mission|permanent mission|geneva mission|mission in geneva|geneva|delegation|mission permanente|mision|"
        "mission de geneve|mission a geneve|mision de ginebra|mision en ginebra|mission genf|"
        "mision permanente|vertretung|standige vertretung|genf|geneve|ginebra|بعثة|البعثة الدائمة"),
    "head": words(
        "head|head of government|head of state|president|prime minister|presidency|presidence|"
        "premier ministre|chef de gouvernement|presidencia|jefe de gobierno|primer ministro|"
        "regierungschef|staatschef|رئاسة|رئيس الحكومة"),
    "parliament": words(
        "parliament|assembly|congress|senate|parlement|assemblee|assemblee nationale|parlamento|"
        "congreso|asamblea|parlament|bundestag|البرلمان|برلمان|مجلس النواب"),
    "other": words("other|autre|otro|otra|andere|sonstige|أخرى|آخر"),
}  # fmt: skip
FORMS = {
    "masculine": words(
        "masculine|m|male|mr|man|masculin|homme|h|monsieur|masculino|hombre|sr|senor|mannlich|"
        "maennlich|herr|mann|ذكر|مذكر|السيد"),
    "feminine": words(
        "feminine|f|female|ms|mrs|woman|feminin|femme|madame|mme|femenino|mujer|sra|senora|weiblich|"
        "w|frau|أنثى|مؤنث|السيدة"),
    "unknown": words("unknown|u|x|neutral|inconnu|neutre|desconocido|unbekannt|divers|غير معروف"),
}  # fmt: skip
LANGUAGES = {
    "en": words("en|eng|english|anglais|ingles|englisch|الإنجليزية|إنجليزي"),
    "fr": words("fr|fra|fre|french|francais|frances|franzosisch|franzoesisch|الفرنسية|فرنسي"),
    "es": words("es|spa|spanish|espagnol|espanol|castellano|spanisch|الإسبانية|إسباني"),
    "ar": words("ar|ara|arabic|arabe|arabisch|العربية|عربي"),
}
#: words in the name of an office that say of which kind it is, where no column does
_TELLING = [
    ("mission", re.compile(
        r"\b(permanent mission|mission permanente|mision permanente|standige vertretung|"
        r"delegation permanente|البعثه)")),
    ("parliament", re.compile(
        r"\b(parliament|parlement|parlamento|assembly|assemblee|asamblea|congress|congreso|senate|"
        r"senat|bundestag|البرلمان)")),
    ("head", re.compile(
        r"\b(prime minister|premier ministre|presidency|presidence|presidencia|"
        r"office of the president|state house|chancellery|primature)")),
    ("capital", re.compile(r"\b(minist\w*|department|departamento|secretar\w+|وزاره)")),
]  # fmt: skip
_DATE = re.compile(r"^(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})$")


def _by_word(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {word: key for key, known in table.items() for word in known}


_KIND, _FORM, _LANGUAGE = _by_word(KINDS), _by_word(FORMS), _by_word(LANGUAGES)


def clean(text: str, key: str = "") -> str:
    """As the forms keep it: without superfluous spaces, but as it stands where lines mean something."""
    return clean_lines(text) if key in LINES else clean_line(text)


def kind_of_office(name: str) -> str:
    """The kind that the name of an office tells, "other" where it tells none."""
    folded = fold(name)
    return next((kind for kind, telling in _TELLING if telling.search(folded)), "other")


def parse(key: str, text: str, today: date) -> tuple[Any, list[Reason]]:
    """(value, reasons): a value of None is an empty cell, which says nothing and changes nothing."""
    text = clean(text, key)
    if key == "address":
        return _addresses(text)
    if not text:
        return None, []
    most = BY_KEY[key].most
    if most and len(text) > most:
        return None, [("too_long", key, {"most": most, "length": len(text)})]
    reader = _READERS.get(key)
    return reader(text, today) if reader else (text, [])


def _choice(key: str, table: dict[str, str]) -> Callable[[str, date], tuple[Any, list[Reason]]]:
    def read(text: str, _today: date) -> tuple[Any, list[Reason]]:
        value = table.get(fold(text))
        return (value, []) if value else (None, [(f"{key}_unknown", key, {"value": text[:60]})])

    return read


def _language(text: str, _today: date) -> tuple[Any, list[Reason]]:
    """A language by its name in five languages, or the code of any that we know of."""
    value = _LANGUAGE.get(fold(text)) or (text.lower() if text.lower() in LANG_INFO else None)
    return (value, []) if value else (None, [("language_unknown", "language", {"value": text[:60]})])


def _day(text: str, today: date) -> tuple[Any, list[Reason]]:
    """ISO, or day.month.year with dots, strokes or dashes; the day first, as everywhere but in the United States."""
    found: date | None = None
    with suppress(ValueError):
        found = datetime.fromisoformat(text).date()
    if found is None and (parts := _DATE.match(text)):
        day, month, year = map(int, parts.groups())
        with suppress(ValueError):
            found = date(year, month, day)
    if found is None:
        return None, [("date_bad", "verified_on", {"value": text[:60]})]
    if found > today:
        return None, [("date_future", "verified_on", {"value": found.isoformat()})]
    return found, []


def _addresses(text: str) -> tuple[list[str], list[Reason]]:
    """Several may stand in a cell, with commas, semicolons or spaces between; names beside them are left out."""
    found: list[str] = []
    reasons: list[Reason] = []
    ours = text.split("; ")  # as we export them: some may hold a sign that divides them elsewhere
    parts = ours if all(map(_is_address, ours)) else re.findall(r"<([^<>]+)>", text) or re.split(r"[;,\s|]+", text)
    if text and "@" not in text:
        return [], [("address_bad", "address", {"value": text[:80]})]
    for part in filter(None, (part.strip().removeprefix("mailto:") for part in parts)):
        if not _is_address(part):
            reasons.append(("address_bad", "address", {"value": part[:80]}))
        elif part not in found:
            found.append(part)
    if len(found) > MOST_ADDRESSES:
        reasons.append(("address_many", "address", {"most": MOST_ADDRESSES}))
    return found, reasons


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


_READERS: dict[str, Callable[[str, date], tuple[Any, list[Reason]]]] = {
    "kind": _choice("kind", _KIND),
    "form": _choice("form", _FORM),
    "language": _language,
    "verified_on": _day,
}
