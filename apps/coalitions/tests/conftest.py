"""An open call for a frozen letter to two governments."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.letters.models import LetterVersion
from tests.factories import make_member

from .making import make_call, make_version


@pytest.fixture(autouse=True)
def own_cache(settings: Any) -> None:
    """No test meets what another left: rows get the same ids again."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid4().hex}}


@pytest.fixture
def version(campaign: Campaign, cast: SimpleNamespace) -> LetterVersion:
    make_member("KE", "Kenya", code3="KEN")
    make_member("TG", "Togo", code3="TGO")
    return make_version(campaign, cast)


@pytest.fixture
def call(version: LetterVersion, cast: SimpleNamespace) -> SignOnCall:
    """Open for nine days, for both, moderated."""
    return make_call(version, cast)
