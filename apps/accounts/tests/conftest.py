"""What tests of accounts share."""

import re
import uuid
from typing import Any

import pytest

from apps.accounts.models import User
from apps.postbox.models import Message
from tests.factories import make_user


@pytest.fixture(autouse=True)
def fresh_limits(settings: Any) -> None:
    """Limits of tries are counted in the cache; every test starts without a past."""
    default = {**settings.CACHES["default"], "KEY_PREFIX": f"accounts-{uuid.uuid4()}"}
    settings.CACHES = {**settings.CACHES, "default": default}


@pytest.fixture
def person(db: None) -> User:
    return make_user("Naledi Motsepe", email="naledi@coalition.example")


def mailed_code() -> str:
    """The code in the newest mail."""
    found = re.search(r"^ {4}(\S+)$", newest_mail().text_body, re.MULTILINE)
    assert found, newest_mail().text_body
    return found[1]


def newest_mail() -> Message:
    return Message.objects.order_by("-created_at")[0]
