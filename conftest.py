"""The fixed cast, for every test: one person for each role and an outsider who is refused everywhere."""

from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.signals import request_finished
from django.dispatch import receiver
from django.test import Client, TransactionTestCase
from django.utils import translation

from apps.accounts.services import demo_mark
from apps.campaign_files.services import campaign_load, demo_load
from apps.campaigns.models import Campaign
from apps.core import page_cache
from tests.factories import make_campaign
from tests.factories.campaign_files import MC11
from tests.factories.campaigns import give_second_factor, make_cast
from tests.factories.shared_database import own_turn
from tests.factories.table_copies import copy_tables, empty_tables, restore_tables


@pytest.fixture
def campaign(db: None) -> Campaign:
    return make_campaign()


@pytest.fixture
def cast(campaign: Campaign) -> SimpleNamespace:
    """cast.coordinator … cast.observer are users with that one role in `campaign`; cast.outsider has none."""
    return make_cast(campaign)


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
    from apps.campaigns.services.tokens import api_token_create

    membership = TeamMember.objects.get(user=cast.observer, campaign=campaign)
    _token, text = api_token_create(membership=membership, actor=cast.observer, name="Tests", days=1)

    def ask(path: str, *, headers: dict[str, str] | None = None, method: str = "get", **params: Any) -> Any:
        client = Client(headers={"Authorization": f"Bearer {text}", **(headers or {})})
        return getattr(client, method)(f"/api/v1/{campaign.slug}/{path}", params)

    return ask


@pytest.fixture
def program(campaign: Campaign) -> Any:
    """program(cast.drafter)("post", "points", {…}) → the answer to a token of that person with every scope, or with
    those given. Headers go by their names: if_match="…"."""
    from apps.campaigns.models import ApiToken, TeamMember
    from apps.campaigns.scopes import Scope
    from apps.campaigns.services.tokens import api_token_create

    def of(user: Any, *scopes: str) -> Any:
        membership = TeamMember.objects.get(user=user, campaign=campaign)
        token, text = api_token_create(membership=membership, actor=user, name=uuid4().hex, days=1)
        ApiToken.objects.filter(pk=token.pk).update(scopes=list(scopes) or Scope.values)

        def ask(method: str, path: str, body: Any = None, **headers: str) -> Any:
            client = Client(headers={"Authorization": f"Bearer {text}", **headers})
            content = {} if body is None else {"data": body, "content_type": "application/json"}
            return getattr(client, method)(f"/api/v1/{campaign.slug}/{path}", **content)

        return ask

    return of


@pytest.fixture(autouse=True)
def links_lead_to_the_live_server(request: Any, settings: Any) -> None:
    """Where a test drives a browser, mailed links lead to the server that it drives."""
    if "live_server" in request.fixturenames:
        settings.SITE_URL = request.getfixturevalue("live_server").url


@pytest.fixture(autouse=True)
def own_cache(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test meets what another left in the cache: rows get the same ids again, limits count on. Processes that the
    test starts share its part."""
    page_cache._near.clear()
    page_cache._away_until = 0.0
    prefix = uuid4().hex
    monkeypatch.setenv("TEST_RUN", prefix)
    settings.CACHES = {name: {**cache, "KEY_PREFIX": prefix} for name, cache in settings.CACHES.items()}


@pytest.fixture(autouse=True)
def real_mailers(settings: Any) -> None:
    """Mail goes to the postbox in tests as well: the in-memory outbox would hide what the postbox refuses."""
    settings.MAILERS = settings.REAL_MAILERS


@receiver(request_finished)
def forget_language(**_more: Any) -> None:
    """The language of a request ends with it: what a test asks next, and the addresses it makes, are in English."""
    translation.deactivate()


TransactionTestCase._fixture_teardown = lambda case: empty_tables()


@pytest.fixture(scope="session")
def first_of_several(request: Any, tmp_path_factory: Any, database_turn: Any) -> bool | None:
    """Whether this worker makes the database that the others copy; None where it is alone."""
    if not hasattr(request.config, "workerinput"):
        return None
    return database_turn.enter_context(own_turn(tmp_path_factory.getbasetemp().parent / "database"))


@pytest.fixture(scope="session")
def database_turn() -> Iterator[ExitStack]:
    with ExitStack() as turn:
        yield turn


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, first_of_several: bool | None) -> None:
    """The turn begins before the database is set up."""


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: Any, first_of_several: bool | None, database_turn: ExitStack
) -> None:
    """The turn ends when it is."""
    with django_db_blocker.unblock():
        if first_of_several:
            copy_campaigns()
        database_turn.close()


@pytest.fixture(scope="session")
def campaign_copies(django_db_setup: None, django_db_blocker: Any, first_of_several: bool | None) -> None:
    """The campaign as its files have it, and with the cast of the demo, to restore."""
    if first_of_several is None:
        with django_db_blocker.unblock():
            copy_campaigns()


def copy_campaigns() -> None:
    copy_tables("mc11", lambda: campaign_load(folder=MC11))
    copy_tables("demo", load_demo)


def load_demo() -> None:
    demo_mark()
    campaign_load(folder=MC11)
    demo_load(folder=MC11 / "demo")


@pytest.fixture
def mc11_campaign(campaign_copies: None, db: None) -> Campaign:
    """The campaign that is shipped, as loaded from its files."""
    restore_tables("mc11")
    return Campaign.objects.get(slug="mc11")


@pytest.fixture
def demo_campaign(campaign_copies: None, db: None) -> Campaign:
    """The same with the cast of the demo, in a database marked as such."""
    restore_tables("demo")
    return Campaign.objects.get(slug="mc11")
