"""The fixed cast, for every test: six roles and an outsider who is refused everywhere."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase

from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from tests.factories import give_place, make_campaign, make_user

CAST = {
    "coordinator": ("Ada Okoro", Role.COORDINATOR),
    "drafter": ("Naledi Motsepe", Role.DRAFTER),
    "reviewer": ("Ivo Hrubý", Role.REVIEWER),
    "sender": ("Lena Fischer", Role.SENDER),
    "data_officer": ("Tomás Rivas", Role.DATA_OFFICER),
    "observer": ("Mei Lin Tan", Role.OBSERVER),
}


@pytest.fixture
def campaign(db: None) -> Campaign:
    return make_campaign()


@pytest.fixture
def cast(campaign: Campaign) -> SimpleNamespace:
    """cast.coordinator … cast.observer are users with that one role in `campaign`; cast.outsider has none."""
    people: dict[str, Any] = {}
    for key, (name, role) in CAST.items():
        people[key] = make_user(name)
        give_place(people[key], campaign, role)
    people["outsider"] = make_user("Jon Dahl")
    return SimpleNamespace(**people)


@pytest.fixture
def signed_in(client: Client) -> Any:
    """signed_in(user) → a test client of that person; with a second factor set up unless second_factor=False."""

    def sign_in(user: Any, *, second_factor: bool = True) -> Client:
        fresh = Client()
        fresh.force_login(user)
        if second_factor:
            give_second_factor(user)
        return fresh

    return sign_in


@pytest.fixture
def read(campaign: Campaign, cast: SimpleNamespace) -> Any:
    """read("facts", point=7) → the answer of the read API to the observer's token. `headers` go on top."""
    from apps.campaigns.models import TeamMember
    from apps.campaigns.services import api_token_create

    place = TeamMember.objects.get(user=cast.observer, campaign=campaign)
    _token, text = api_token_create(place=place, actor=cast.observer, name="Tests", days=1)

    def ask(path: str, *, headers: dict[str, str] | None = None, method: str = "get", **params: Any) -> Any:
        client = Client(headers={"Authorization": f"Bearer {text}", **(headers or {})})
        return getattr(client, method)(f"/api/v1/{campaign.slug}/{path}", params)

    return ask


def give_second_factor(user: Any) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, generate_totp_secret())


@pytest.fixture(autouse=True)
def links_lead_to_the_live_server(request: Any, settings: Any) -> None:
    """Where a test drives a browser, mailed links lead to the server that it drives."""
    if "live_server" in request.fixturenames:
        settings.SITE_URL = request.getfixturevalue("live_server").url


@pytest.fixture(autouse=True)
def real_mailers(settings: Any) -> None:
    """Mail goes to the postbox in tests as well: the in-memory outbox would hide what the postbox refuses."""
    settings.MAILERS = settings.REAL_MAILERS


def _flush(case: TransactionTestCase, empty: Any = TransactionTestCase._fixture_teardown) -> None:
    """Tests on real transactions empty the tables afterwards, which the guards of the frozen ones refuse: for
    this one act the triggers rest."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            empty(case)
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


TransactionTestCase._fixture_teardown = _flush
