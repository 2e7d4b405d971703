"""A campaign with two governments, one of them written to."""

from types import SimpleNamespace
from typing import Any

import pytest

from apps.campaigns.models import Campaign
from apps.governments.models import Member
from tests.factories import make_group, make_member


@pytest.fixture
def kenya(db: None) -> Member:
    return make_member("KE", "Kenya", code3="KEN", name_fr="Kenya", name_es="Kenia", sort_es="kenia", capital="Nairobi")


@pytest.fixture
def ivory_coast(db: None) -> Member:
    return make_member("CI", "Côte d'Ivoire", code3="CIV", sort_en="cote d'ivoire", working_language="fr")


@pytest.fixture
def members(kenya: Member, ivory_coast: Member, campaign: Campaign) -> SimpleNamespace:
    make_group("african-group", kenya, ivory_coast, label="African Group")
    make_group("ldc", ivory_coast, label="Least developed countries")
    return SimpleNamespace(kenya=kenya, ivory_coast=ivory_coast)


@pytest.fixture
def page(campaign: Campaign, cast: Any, signed_in: Any) -> Any:
    """page(path, role="observer") → the answer to who opens /work/<campaign>/path."""
    clients: dict[str, Any] = {}

    def open_as(path: str = "", role: str = "observer") -> Any:
        if role not in clients:
            clients[role] = signed_in(getattr(cast, role))
        return clients[role].get(f"/work/{campaign.slug}/{path}")

    return open_as
