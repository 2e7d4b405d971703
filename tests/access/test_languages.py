"""No page and no mail shows English words to a reader of another language, but names, content, and what says so.

For one reader every text that asks for its translation is put in brackets. What stands outside the brackets, and
outside elements in another language, has to be data.
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.utils.translation import trans_real

from apps.accounts.models import User
from apps.coalitions.models import SignOn
from apps.coalitions.services.signer_mails import signer_mail_compose
from apps.core.interface_languages import address_in_language, split_language
from tests.access.requests import FOUND, address, browser
from tests.access.routes import ROUTES
from tests.access.world import make_world
from tests.factories.page_words import text_of_data, unknown_parts, unknown_texts

pytestmark = pytest.mark.django_db
#: whoever reads it gets the brackets; its dates and names of countries are those of Spanish
READER = "es"
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


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """A campaign with one of everything, a coordinator who operates too, and all words of the data."""
    with django_db_blocker.unblock(), override_settings(MAILERS=settings.REAL_MAILERS), transaction.atomic():
        made = make_world("ours", drafts=1)
        everything = made.people["everything"]
        User.objects.filter(pk=everything.pk).update(language=READER, is_superuser=True)
        everything.refresh_from_db()
        yield SimpleNamespace(
            campaign=made.campaign, values=made.values, client=browser(everything), data=text_of_data(READER)
        )
        transaction.set_rollback(True)


@pytest.fixture
def brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.translation.trans_real._translations", {READER: Bracketed(READER)})


#: letters as they are sent, in their own language
LETTERS = ("outreach:delivery_html",)


@pytest.mark.parametrize(
    "name", [name for name in ROUTES if name in FOUND and not name.startswith(("api:", "files:", *LETTERS))]
)
def test_a_page_shows_no_english_words(world: SimpleNamespace, brackets: None, name: str) -> None:
    client = Client() if ROUTES[name].who == "public" else world.client
    url = address(name, world.values, "ours")
    url = address_in_language(url, READER) if split_language(url)[0] else url
    with transaction.atomic():
        answer = client.get(url, headers={"accept-language": READER})
        transaction.set_rollback(True)
    if answer.get("Content-Type", "").startswith("text/html") and answer.content:
        assert f'<html lang="{READER}"' in answer.content.decode() or "<html" not in answer.content.decode()
        assert unknown_texts(answer.content.decode(), READER, world.data) == []


@pytest.mark.parametrize("template", SIGNER_MAILS)
def test_a_mail_to_a_signer_has_no_english_words(world: SimpleNamespace, brackets: None, template: str) -> None:
    with transaction.atomic():
        state = SignOn.State.PENDING if template.startswith("confirm_") else SignOn.State.CONFIRMED
        signature = next(row for row in SignOn.objects.filter(state=state) if row.email)
        SignOn.objects.filter(pk=signature.pk).update(language=READER)
        found = signer_mail_compose(str(signature.pk), {"template": template, "token": "x", "message": "Kenia"})
        transaction.set_rollback(True)
    assert found is not None
    assert unknown_parts("\n".join(found), world.data) == []
