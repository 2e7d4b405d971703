"""No page and no mail shows English words to a reader of another language, but names, content, and what says so.

For one reader every text that asks for its translation is put in brackets. What stands outside the brackets, and
outside elements in another language, has to be data.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any
from zoneinfo import available_timezones

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.utils.translation import trans_real

from apps.accounts.models import User
from apps.coalitions.models import SignOn
from apps.coalitions.services.signer_mails import signer_mail_compose
from apps.core.interface_languages import address_in_language, split_language
from apps.core.language_names import local_language_name
from apps.core.languages import LANGUAGES
from apps.core.territories import city_name, cldr_names, territory_name
from tests.access.requests import FOUND, address, browser
from tests.access.routes import ROUTES
from tests.access.world import make_world

pytestmark = pytest.mark.django_db
#: whoever reads it gets the brackets; its dates and names of countries are those of Spanish
READER = "es"
SPOKEN = {"title", "alt", "aria-label", "placeholder"}
SILENT = {"script", "style", "code", "kbd", "pre", "svg", "textarea"}
VOID = {"meta", "link", "input", "br", "img", "hr", "col", "wbr", "source"}
#: elements within a sentence
INLINE = {
    "a", "b", "bdi", "br", "cite", "code", "del", "em", "i", "ins", "q", "small", "span", "strong", "svg", "time",
    "use",
}  # fmt: skip
WORD = re.compile(r"(?<!\w)[^\W\d_]{2,}(?!\w)")
#: parts of a text between figures and punctuation
PART = re.compile(r"(?<!\w)[^\W\d_]+(?:[ ’'-][^\W\d_]+)*(?!\w)")
#: what is the same in every language
SAME = {
    "ecomcampaign", "UTC", "PDF", "JSON", "CSV", "SHA", "XLSX", "HTTPS", "API", "testserver", "WhatsApp", "Telegram",
    "Mastodon", "Ada Okoro", "Lena Fischer", "MIME-Version",
    "Español", "العربية", "Right-to-left test", "del", "al",
}  # fmt: skip


#: all that are composed when they leave
SIGNER_MAILS = sorted(
    path.name.removesuffix("_subject.txt")
    for path in (settings.BASE_DIR / "templates/coalitions/email").glob("*_subject.txt")
    if path.name not in {"closed_subject.txt", "reminder_subject.txt"}
)


class Bracketed(trans_real.DjangoTranslation):
    """Every text as it was written, in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message.rpartition('\x04')[2]}⟧" if message else ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


class Texts(HTMLParser):
    """`found`: texts of a page in the language of the page, without what is in brackets."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_silent = tag in SILENT or tag == "bdi" or given.get("lang", READER) != READER
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


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """A campaign with one of everything, a coordinator who operates too, and all words of the data."""
    with django_db_blocker.unblock(), override_settings(MAILERS=settings.REAL_MAILERS), transaction.atomic():
        made = make_world("ours", drafts=1)
        everything = made.people["everything"]
        User.objects.filter(pk=everything.pk).update(language=READER, is_superuser=True)
        everything.refresh_from_db()
        yield SimpleNamespace(
            campaign=made.campaign, values=made.values, client=browser(everything), data=text_of_data()
        )
        transaction.set_rollback(True)


def text_of_data() -> str:
    """All rows, and the names of countries, cities, dates and languages as the reader gets them."""
    names = [name for names in cldr_names().values() for name in names.get(READER, [])]
    names += [territory_name(code, READER) for code in cldr_names()]
    names += [city_name(zone.rpartition("/")[2].replace("_", " "), READER) for zone in available_timezones()]
    names += [*available_timezones(), *(local_language_name(code) for code in LANGUAGES), *SAME]
    names += [f"de {month} de" for month in LANGUAGES[READER].dates.months]
    rows = [repr(row) for model in apps.get_models() for row in model._default_manager.values_list()]
    return " ".join([*names, *rows]).replace("_", " ").lower()


@pytest.fixture
def brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.translation.trans_real._translations", {READER: Bracketed(READER)})


def english(html: str, data: str) -> list[str]:
    """Texts with a part that the data does not contain."""
    parser = Texts()
    parser.feed(html)
    return [text for text in dict.fromkeys(parser.found) if not all(part in data for part in parts(text))]


def parts(text: str) -> list[str]:
    return [part.lower() for part in PART.findall(text) if WORD.search(part)]


@pytest.mark.parametrize("name", [name for name in ROUTES if name in FOUND and not name.startswith(("api:", "files:"))])
def test_a_page_shows_no_english_words(world: SimpleNamespace, brackets: None, name: str) -> None:
    client = Client() if ROUTES[name].who == "public" else world.client
    url = address(name, world.values, "ours")
    url = address_in_language(url, READER) if split_language(url)[0] else url
    with transaction.atomic():
        answer = client.get(url, headers={"accept-language": READER})
        transaction.set_rollback(True)
    if answer.get("Content-Type", "").startswith("text/html") and answer.content:
        assert f'<html lang="{READER}"' in answer.content.decode() or "<html" not in answer.content.decode()
        assert english(answer.content.decode(), world.data) == []


@pytest.mark.parametrize("template", SIGNER_MAILS)
def test_a_mail_to_a_signer_has_no_english_words(world: SimpleNamespace, brackets: None, template: str) -> None:
    with transaction.atomic():
        state = SignOn.State.PENDING if template.startswith("confirm_") else SignOn.State.CONFIRMED
        signature = next(row for row in SignOn.objects.filter(state=state) if row.email)
        SignOn.objects.filter(pk=signature.pk).update(language=READER)
        found = signer_mail_compose(str(signature.pk), {"template": template, "token": "x", "message": "Kenia"})
        transaction.set_rollback(True)
    assert found is not None
    said, depth = [], 0
    for line in re.sub(r"https?://\S+", "", "\n".join(found)).splitlines():
        text, depth = Texts.outside(line, depth)
        said += parts(text)
    assert [part for part in said if part not in world.data] == []
