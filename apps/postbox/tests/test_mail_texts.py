"""Texts of mails: a URL or an address stays usable where mail programs make a link of it."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from apps.postbox.models import Message

TEMPLATES = Path(__file__).parents[3] / "templates"
MAILS = [path for path in TEMPLATES.rglob("*.txt") if "email" in path.parts]
#: a variable that is a URL or an address, directly before a full stop or comma
GLUED = re.compile(r"\{\{ *[\w.]*(?:url|link|site|contact|address)[\w.]* *(?:\|[^}]*)?\}\}[.,;:!?)]")


@pytest.mark.parametrize("path", MAILS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_punctuation_follows_a_link(path: Path) -> None:
    assert GLUED.findall(path.read_text()) == []


def test_the_mail_with_the_code_ends_its_links_cleanly(client: Any, cast: Any) -> None:
    client.post(reverse("account_login"), {"email": cast.sender.email})
    text = Message.objects.get(kind="sign_in").text_body
    assert [url for url in re.findall(r"https?://\S+", text) if not url[-1].isalnum()] == []
    assert "http" in text
