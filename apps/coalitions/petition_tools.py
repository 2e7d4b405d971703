"""Files of signatories as petition tools write them: how they are recognised, and what is peculiar to their cells."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cache

from apps.core.digits import western_digits
from apps.core.languages import language_for
from apps.core.text import fold

#: key of SignOnImport.Tool → headings that only this tool writes, of which two must be there
MARKS = {
    "action_network": [
        "can2_subscription_status", "can2_user_tags", "can2_user_city", "can2_user_address", "can2_user_state",
        "can2_state_abbreviated", "can2_sms_status", "can2_phone", "can2_county", "can2_subscription_date", "uuid",
        "zip_code",
    ],
    "civicrm": [
        "contact id", "internal contact id", "contact type", "contact subtype", "do not email", "do not mail",
        "do not phone", "do not sms", "do not trade", "no bulk emails (user opt out)", "email on hold", "on hold",
        "sort name", "external identifier",
        # as its own catalogues have it (github.com/civicrm/l10n, common-base.po), and people's guides to it
        "id du contact", "identifiant du contact", "identifiant de contact", "identifiant interne du contact",
        "identifiant externe", "type de contact", "sous-type de contact", "nom trié", "nom affiché",
        "ne pas envoyer de courriel", "ne pas envoyer d'email", "ne pas envoyer de courrier", "ne pas envoyer de sms",
        "ne pas appeler", "ne pas transmettre les infos personnelles à d'autres organisations", "pas de mailing",
        "pas de mailing - opposition (opt out)", "pas de courriels en masse (désinscription)",
        "id de contacto", "id del contacto", "identificador del contacto", "identificador de contacto interno",
        "identificador externo", "tipo de contacto", "subtipo de contacto", "ordenar nombre", "mostrar nombre",
        "no enviar correo electrónico", "no enviar un correo electrónico", "no enviar email",
        "no enviar un correo postal", "no enviar un sms", "no telefonear", "no intercambiar",
        "no enviar correos masivos (exclusión del usuario)", "no enviar correos masivos (el usuario no lo desea)",
        "no enviar correos electrónicos masivos (el usuario no lo desea)", "correo electrónico bloqueado",
    ],
}  # fmt: skip
FOLDED_MARKS = {tool: frozenset(map(fold, headings)) for tool, headings in MARKS.items()}
#: they look like others that are read, and mean something else: mail on paper, a county, the day of joining a group
UNREAD = frozenset(
    map(fold, ["do not mail", "do not phone", "do not sms", "do not trade", "contact id", "zip code", "uuid", "city",
               "state", "employee status", "email greeting", "signature text", "signature html", "county", "comté",
               "condado", "can2 county", "can2 subscription date", "can2 sms status", "ne pas envoyer de courrier",
               "ne pas envoyer de courrier postal", "ne pas envoyer de sms", "no enviar un correo postal",
               "no enviar un sms"])
)  # fmt: skip
#: what a cell says of somebody who may be asked by mail; with the words for no, and nothing
MAY_BE_ASKED = frozenset(map(fold, ["", "no", "n", "0", "false", "non", "faux", "falso", "subscribed", "لا"]))
#: words for the kinds of contacts
ORGANISATION_TYPES = frozenset(map(fold, ["organization", "organisation", "organización", "organizacion", "منظمة"]))
PERSON_TYPES = frozenset(map(fold, ["individual", "individu", "individuo", "particulier", "persona", "person", "فرد"]))
#: days as tools and spreadsheets write them, without a time of day; then those whose order of day and month is a guess
DAYS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d.%m.%y", "%d-%b-%Y", "%d %B %Y", "%d %b %Y", "%B %d, %Y",
    "%b %d, %Y", "%B %d %Y", "%b %d %Y",
)  # fmt: skip
DAY_FIRST, MONTH_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y"), ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y")
#: "3 de noviembre de 2017", "1er novembre 2017"
IN_WORDS = re.compile(r"([0-9]{1,2})(?:er|st|nd|rd|th|º)?\s+(?:de\s+)?([^\W\d_]{3,})\.?\s+(?:de\s+)?([0-9]{4})")
#: a day as the number that a spreadsheet stores for it, from 1982 to 2036
SERIAL, SERIALS_START = re.compile(r"[34][0-9]{4}"), date(1899, 12, 30)


def recognised_tool(headings: Sequence[str]) -> str:
    """ "action_network", "civicrm", or "" for an ordinary table."""
    found = {fold(heading[:200]) for heading in headings}
    scores = {tool: len(found & marks) for tool, marks in FOLDED_MARKS.items()}
    best = max(scores, key=lambda tool: scores[tool])
    return best if scores[best] >= 2 else ""


def wants_no_mail(cell: str) -> bool:
    """Of a column that says who may not be written to. What is not understood counts as a no: "bouncing", "1"."""
    parts = [part.strip() for part in cell.split("\n")]
    return any(part and (not fold(part) or fold(part) not in MAY_BE_ASKED) for part in parts)


def is_month_first(cells: Sequence[str]) -> bool:
    """Whether the days of a column are written as in the United States: one has a second number that can be no month,
    and none a first one."""
    pairs = [cell.replace("-", "/").split("/") for cell in cells]
    numbers = [(int(pair[0]), int(pair[1])) for pair in pairs if len(pair) == 3 and all(map(_is_short, pair[:2]))]
    return any(second > 12 for _first, second in numbers) and not any(first > 12 for first, _second in numbers)


@cache
def _months() -> dict[str, int]:
    """{folded name: number} in the languages in which tables come."""
    return {
        fold(name): number
        for language in ("en", "fr", "es", "ar")
        for number, name in enumerate(language_for(language).dates.months, start=1)
    }


def _is_short(part: str) -> bool:
    return part.isascii() and part.isdigit() and len(part) < 3


def day_in(cell: str, *, month_first: bool = False) -> date | None:
    """The day of a cell, without its time: "2017-11-03 14:22:11 UTC", "Nov 3, 2017", "3/11/2017", "3 novembre 2017"."""
    cell = western_digits(cell.strip())
    if SERIAL.fullmatch(cell):
        return SERIALS_START + timedelta(days=int(cell))
    if (told := IN_WORDS.match(cell)) and (month := _months().get(fold(told[2]))):
        with suppress(ValueError):
            return date(int(told[3]), month, int(told[1]))
    words = cell.replace("T", " ", 1).split() if cell[:4].isdigit() else cell.split()
    texts = [words[0], " ".join(words[:3])] if words else []
    for text in texts:
        for pattern in (*DAYS, *(MONTH_FIRST if month_first else DAY_FIRST)):
            try:
                return datetime.strptime(text, pattern).date()  # noqa: DTZ007 – a day has no zone
            except ValueError:
                continue
    return None
