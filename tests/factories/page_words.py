"""The words that a page or a mail shows to a reader, outside what was translated for them (in brackets) and outside
elements in another language."""

import re
from html.parser import HTMLParser
from zoneinfo import available_timezones

from django.apps import apps
from django.utils.translation import trans_real

from apps.core.language_names import local_language_name
from apps.core.languages import LANGUAGES
from apps.core.territories import city_name, cldr_names, international_names, territory_name

SPOKEN = {"title", "alt", "aria-label", "placeholder"}
SILENT = {"script", "style", "code", "kbd", "pre", "svg", "textarea"}
VOID = {"meta", "link", "input", "br", "img", "hr", "col", "wbr", "source"}
#: elements within a sentence
INLINE = {
    "a", "b", "bdi", "br", "cite", "code", "del", "em", "i", "ins", "kbd", "q", "small", "span", "strong", "svg",
    "time", "use",
}  # fmt: skip
WORD = re.compile(r"(?<!\w)[^\W\d_]{2,}(?!\w)")
#: parts of a text between figures and punctuation
PART = re.compile(r"(?<!\w)[^\W\d_]+(?:[ ’'-][^\W\d_]+)*(?!\w)")
#: what is the same in every language
SAME = {
    "ecomcampaign", "UTC", "PDF", "JSON", "CSV", "SHA", "XLSX", "HTTPS", "API", "testserver", "WhatsApp", "Telegram",
    "Mastodon", "Ada Okoro", "Lena Fischer", "MIME-Version",
    "Español", "العربية", "Right-to-left test", "del", "al", "من", "إلى",
}  # fmt: skip


class Translated(trans_real.DjangoTranslation):
    """What the catalogue of the language has, in brackets; what it lacks as it was written, and in `missing`."""

    def __init__(self, language: str, brackets: tuple[str, str] = ("⟦", "⟧")) -> None:
        super().__init__(language)
        self.brackets = brackets
        self.missing: set[str] = set()

    def gettext(self, message: str) -> str:
        said = self._catalog.get(message) or self._catalog.get((message, self.plural(1)))
        if said and message:
            return said.join(self.brackets)
        self.missing.add(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        try:
            return self._catalog.plural(msgid1, n).join(self.brackets)
        except KeyError:
            self.missing.add(msgid1)
            return msgid1 if n == 1 else msgid2


class Texts(HTMLParser):
    """`found`: texts of a page in the language of the page, without what is in brackets."""

    def __init__(self, reader: str) -> None:
        super().__init__()
        self.reader = reader
        self.found: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_silent = tag in SILENT or tag == "bdi" or given.get("lang", self.reader) != self.reader
        if tag not in INLINE:
            self.depth = 0
        if not is_silent and not self.is_silent:
            self.found += [self.outside(text, 0)[0] for name, text in attrs if name in SPOKEN and text]
        if tag not in VOID:
            self.open.append((tag, is_silent))

    def handle_endtag(self, tag: str) -> None:
        if tag in [name for name, _silent in self.open]:
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        text, self.depth = self.outside(data, self.depth)
        if not self.is_silent:
            self.found.append(text)

    @property
    def is_silent(self) -> bool:
        return any(silent for _tag, silent in self.open)

    @staticmethod
    def outside(text: str, depth: int) -> tuple[str, int]:
        """What stands outside brackets, and how many are open after it."""
        found = ""
        for char in text:
            depth += (char == "⟦") - (char == "⟧" and depth > 0)
            found += char if depth == 0 else ""
        return " ".join(found.replace("⟧", " ").split()), depth


def text_of_data(reader: str) -> str:
    """All rows, and the names of countries, cities, dates and languages as the reader gets them."""
    names = [name for names in cldr_names().values() for name in names.get(reader, [])]
    names += [territory_name(code, reader) for code in cldr_names()] + international_names(reader)
    names += [city_name(zone.rpartition("/")[2].replace("_", " "), reader) for zone in available_timezones()]
    names += [*available_timezones(), *(local_language_name(code) for code in LANGUAGES), *SAME]
    names += [repr(LANGUAGES[reader])]  # what letters say in it
    names += [f"de {month} de" for month in LANGUAGES[reader].dates.months]
    rows = [repr(row) for model in apps.get_models() for row in model._default_manager.values_list()]
    return " ".join([*names, *rows]).replace("_", " ").lower()


def unknown_texts(html: str, reader: str, data: str) -> list[str]:
    """Texts of a page with a part that the data does not contain."""
    parser = Texts(reader)
    parser.feed(html)
    return [text for text in dict.fromkeys(parser.found) if not all(part in data for part in parts(text))]


def unknown_parts(mail: str, data: str) -> list[str]:
    """Parts of a mail that the data does not contain; links are none."""
    said, depth = [], 0
    for line in re.sub(r"https?://\S+", "", mail).splitlines():
        text, depth = Texts.outside(line, depth)
        said += parts(text)
    return [part for part in said if part not in data]


def parts(text: str) -> list[str]:
    return [part.lower() for part in PART.findall(text) if WORD.search(part)]
