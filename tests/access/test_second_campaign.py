"""A campaign that nobody wrote code for: every page of an invented one opens and says nothing of the shipped one."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.campaign_files.services import campaign_load
from apps.campaigns.models import Campaign
from apps.talkingpoints.models import TalkingPoint
from tests.access.requests import FOUND, TOKENS, address, ask, browser
from tests.factories import letters, make_user
from tests.factories.campaign_files import write_folder

from .routes import EXPECTED_STATUSES, ROUTES
from .world import make_world

pytestmark = pytest.mark.django_db

#: what only the shipped campaign may say
STRANGE = re.compile(
    r"mc11|buenos aires|african.group|e-?commerce\b|electronic commerce|ministerial|fair digital|huffington|"
    r"world trade organi|\bwto\b|tp\d\d-f\d\d|geneva|minister of trade|trade minister",
    re.IGNORECASE,
)
#: its city also names a time zone, which everybody may choose
ZONE = re.compile(r'<option value="America/(?:Argentina/)?Buenos_Aires".*?</option>', re.DOTALL)


def text_of(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return ZONE.sub("", content.decode(errors="replace"))


def test_every_page_of_an_invented_campaign_opens_and_says_nothing_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "SUBJECT", "A quiet sea")
    campaign_load(folder=write_folder(tmp_path / "sea"))
    world = make_world("sea2031", drafts=TalkingPoint.objects.count(), campaign=Campaign.objects.get(slug="sea2031"))
    everything = browser(world.people["everything"])
    operator = browser(make_user("operator", is_superuser=True))
    program = Client(headers={"Authorization": f"Bearer {world.tokens['everything']}"})
    who = {"public": Client(), "operators": operator}
    opened, said = 0, []
    for name, rule in ROUTES.items():
        url = address(name, world.values, "sea2031")
        answer = ask(program if name in TOKENS else who.get(rule.who, everything), "get", url)
        if answer.status_code == 405 or name in EXPECTED_STATUSES:
            continue
        assert answer.status_code in (200, 302), f"{name}: {answer.status_code}"
        said += [f"{name} says “{words}”" for words in STRANGE.findall(text_of(answer))]
        opened += answer.status_code == 200
    assert said == []
    assert opened > 60
    assert set(ROUTES) == set(FOUND)
