"""Whoever opens links in mails, scanners and previews: nothing changes."""

import re
from types import SimpleNamespace

import pytest
from django.test import Client

from apps.coalitions.models import SignOnCall
from tests.factories.signer_mails import mailed_links, make_every_mail
from tests.factories.signing import mails
from tests.factories.table_copies import tables_as_text

pytestmark = pytest.mark.django_db


def test_opening_every_link_in_every_mail_changes_nothing(call: SignOnCall, cast: SimpleNamespace) -> None:
    """Nor does every link on the pages behind them, one step further than scanners go."""
    make_every_mail(call, cast)
    links, scanner = mailed_links(), Client(headers={"user-agent": "mail scanner"})
    subjects = {mail.subject for mail in mails()}
    assert len({mail.subject.split(":")[0] for mail in mails()}) >= 8, subjects
    for name in ("confirm", "mine", "answer", "email"):
        assert any(f"/sign/{name}/" in link for link in links), name
    before = tables_as_text()

    further = set()
    for link in links:
        page = scanner.get(link)
        scanner.head(link)
        further |= set(re.findall(r'(?:href|src|action)="(/[^"#?]*)', page.content.decode(errors="replace")))
    for address in sorted(further):
        scanner.get(address)

    assert tables_as_text() == before
    assert len(further) > 20
