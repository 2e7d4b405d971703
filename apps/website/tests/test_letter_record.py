"""Anybody computes a version's fingerprint again, by the command that its page and docs/check-a-letter.md print."""

import html
import re
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.letters.models import LetterVersion
from apps.website.pages.letters import CHECK
from tests.factories import documents as d
from tests.factories import make_group, make_member
from tests.factories.letters import make_version
from tests.factories.signing import make_call

ARABIC = "نطلب منكم رفض التفويض\N{LINE SEPARATOR}الجديد"


@pytest.fixture
def opened(campaign: Campaign, cast: SimpleNamespace) -> SignOnCall:
    """A letter to two governments, with a passage for one group and words that are no single line in every language."""
    make_member("KE", "Kenya")
    make_group("ldc", make_member("TG", "Togo"))
    body = d.doc(d.par("All of you: ", ARABIC), d.audience(d.par("Least developed"), only=["group:ldc"]))
    return make_call(make_version(campaign, cast, body=body), cast, moderated=False)


def shell(command: str) -> str:
    return subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=True, timeout=60
    ).stdout.strip()


@pytest.mark.django_db(transaction=True)
def test_the_command_on_the_page_prints_the_fingerprint(opened: SignOnCall, live_server: LiveServer) -> None:
    page = Client().get(reverse("website:letter", args=["mc11", 1])).text
    [command] = [html.unescape(each) for each in re.findall(r"<code[^>]*>(curl[^<]*python3[^<]*)</code>", page)]
    command = re.sub(r"https?://[^/]+", live_server.url, command)
    assert shell(command) == opened.version.sha256
    documented = (Path(settings.BASE_DIR) / "docs" / "check-a-letter.md").read_text(encoding="utf-8")
    assert f"python3 -c '{CHECK}'" in documented
    for change in ("s/Least/Most/", "2d", "$d", "1s/ldc/acp/"):
        tampered = command.replace(" | python3", f" | sed '{change}' | python3")
        assert shell(tampered) != opened.version.sha256, change


@pytest.mark.django_db
def test_the_record_is_whole_and_kept_by_caches(opened: SignOnCall, client: Client) -> None:
    address = reverse("files:letter_record", args=["mc11", 1, 1])
    answer = client.get(address)
    assert answer.streaming
    lines = b"".join(answer).splitlines()
    assert len(lines) == 1 + 1 + LetterVersion.objects.get().editions.count()
    assert "max-age" in answer["Cache-Control"]
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(reverse("files:letter_record", args=["mc11", 1, 2])).status_code == 404
