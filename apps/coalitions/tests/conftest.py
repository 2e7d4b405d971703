"""An open call for a frozen letter to two governments."""

from types import SimpleNamespace

import pytest

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.letters.models import LetterVersion
from tests.factories import make_member
from tests.factories.letters import make_version
from tests.factories.signing import make_call


@pytest.fixture
def version(campaign: Campaign, cast: SimpleNamespace) -> LetterVersion:
    make_member("KE", "Kenya", code3="KEN")
    make_member("TG", "Togo", code3="TGO")
    return make_version(campaign, cast)


@pytest.fixture
def call(version: LetterVersion, cast: SimpleNamespace) -> SignOnCall:
    """Open for nine days, for both, moderated."""
    return make_call(version, cast)
