"""Every route × every role: allowed or denied as tests/access/routes.py says, and never with another campaign's ids."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse

from apps.campaigns.models import ApiToken
from apps.campaigns.roles import SECOND_FACTOR, Permission, permissions_of
from apps.campaigns.scopes import Scope
from tests.access.requests import FOUND, PERMISSIONS, TOKENS, address, ask, browser, tells
from tests.factories import make_user

from .routes import EXPECTED_STATUSES, PERSONAL, ROUTES, SHARED_PARTS, TOKEN_ACTIONS, WRITES, Rule
from .routes import rule as rule_of
from .world import COUNTED_ONLY, ROLES, make_world

pytestmark = pytest.mark.django_db
DOOR = "/accounts/sign-in/"
OTHERS = ("anonymous", "outsider", "operator")


STAFF = [name for name, rule in ROUTES.items() if rule.who in PERMISSIONS and name in FOUND]


# ---- the table and the routes say the same


def test_the_routes_are_found() -> None:
    assert len(FOUND) > 50, "a walk that finds nothing would pass every test below"


@pytest.mark.parametrize("name", FOUND)
def test_every_route_is_in_the_table_and_its_view_says_the_same(name: str) -> None:
    view, parts = FOUND[name]
    said = getattr(view, "access", None)
    assert said is not None, f"{name}: the view says nothing about access; use a decorator of apps.campaigns.access"
    assert name in ROUTES, f"{name} is missing in tests/access/routes.py: add one line"
    assert str(said) == ROUTES[name].who, f"{name}: the table says {ROUTES[name].who}, the view {said}"
    needed = parts - {"campaign_slug"}
    assert set(ROUTES[name].parts) == needed, f"{name} needs an example for {sorted(needed)}"


def test_the_table_names_no_route_that_is_gone() -> None:
    assert set(ROUTES) <= set(FOUND), sorted(set(ROUTES) - set(FOUND))


# ---- every route × every role


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """Two campaigns with one of everything, and a browser for everybody; all of it is rolled back at the end."""
    with django_db_blocker.unblock(), override_settings(MAILERS=settings.REAL_MAILERS), transaction.atomic():
        ours, theirs = make_world("ours", drafts=1), make_world("theirs", drafts=4)
        people = {
            **ours.people,
            "outsider": make_user("outsider"),
            "operator": make_user("operator", is_superuser=True),
        }
        clients = {name: browser(user) for name, user in people.items()} | {"anonymous": Client()}
        yield SimpleNamespace(ours=ours, theirs=theirs, people=people, clients=clients)
        transaction.set_rollback(True)


def verdict(answer: Any) -> str:
    """What an answer means for whoever asked."""
    if answer.status_code == 302 and answer.url.startswith(f"{DOOR}?next="):
        return "sign in"
    if answer.status_code == 401:
        return "no token"
    return {403: "forbidden", 404: "not found"}.get(answer.status_code, "allowed")


def expected(rule: Rule, role: str) -> str:
    """allowed, forbidden, not found, sign in or no token, by the table of roles alone."""
    if rule.who == "public":
        return "allowed"
    if rule.who == "token":
        return "no token"  # a browser has none, whoever is signed in with it
    if role == "anonymous":
        return "sign in"
    if rule.who == "signed_in":
        return "allowed"
    if rule.who == "operators":
        return "allowed" if role == "operator" else "forbidden"
    if rule.who == "team":
        return "forbidden" if role == "outsider" else "allowed"
    if role not in ROLES:
        return "not found"
    return "allowed" if {*map(Permission, rule.who.split("+"))} <= permissions_of(ROLES[role]) else "forbidden"


#: pages on which those who may see contact data see every name; the team looks after signatures there
NAME_EVERYBODY = {"sign_on:index", "sign_on:organisations", "sign_on:invite_known"}


@pytest.mark.parametrize("name", [name for name in ROUTES if name in FOUND])
def test_every_role(name: str, world: SimpleNamespace) -> None:
    rule, url = ROUTES[name], address(name, world.ours.values, "ours")
    posted: set[str] = set()
    for role in (*ROLES, *OTHERS):
        wanted, client = expected(rule, role), world.clients[role]
        if wanted == "allowed" and PERSONAL.get(name, role) != role:
            wanted = "not found"
        answer = ask(client, "get", url)
        named = name in NAME_EVERYBODY and Permission.SEE_CONTACTS in permissions_of(ROLES.get(role, ()))
        assert named or not tells(answer, COUNTED_ONLY), f"{url} tells {role} the name of whoever is only counted"
        if wanted == "allowed" and answer.status_code == EXPECTED_STATUSES.get(name):
            continue
        # a page that only takes posts is posted to by everybody; any other once for each way to be refused
        post_only = answer.status_code == 405
        assert post_only or verdict(answer) == wanted, f"{role} opens {url}: {verdict(answer)}, should be {wanted}"
        if post_only or (wanted != "allowed" and wanted not in posted):
            posted.add(wanted)
            answer = ask(client, "post", url)
            refused = answer.status_code == 405 and not post_only
            assert refused or verdict(answer) == wanted, f"{role} posts to {url}: {verdict(answer)}, not {wanted}"


#: of the letters' editor: JSON for its own script
EDITOR = {"letters:text", "letters:evidence", "letters:preview", "letters:comments"}


@pytest.mark.parametrize("name", [name for name in ROUTES if name in FOUND and name not in {*TOKENS, *EDITOR}])
def test_head_is_answered_as_get(name: str, world: SimpleNamespace) -> None:
    """As link checkers and chat programs ask before they show a link."""
    url = address(name, world.ours.values, "ours")
    for role in ("everything", "operator", "anonymous"):
        got, head = (ask(world.clients[role], method, url).status_code for method in ("get", "head"))
        assert head == got, f"{role} asks for the head of {url}"


@pytest.mark.parametrize(("name", "method"), WRITES)
def test_methods_that_need_more(name: str, method: str, world: SimpleNamespace) -> None:
    rule, url = rule_of(WRITES[name, method]), address(name, world.ours.values, "ours")
    for role in (*ROLES, *OTHERS):
        assert verdict(ask(world.clients[role], method, url)) == expected(rule, role), f"{role} {method} {url}"


# ---- two campaigns


@pytest.mark.parametrize("name", STAFF)
def test_another_campaign_does_not_exist_for_anybody(name: str, world: SimpleNamespace) -> None:
    url = address(name, world.theirs.values, "theirs")
    for role in ROLES:
        assert ask(world.clients[role], "get", url).status_code == 404, f"{role} opens {url}"
    assert ask(world.clients["everything"], "post", url).status_code == 404


@pytest.mark.parametrize("name", [name for name in STAFF if ROUTES[name].parts and name not in SHARED_PARTS])
def test_ids_of_another_campaign_are_not_found_in_ones_own(name: str, world: SimpleNamespace) -> None:
    """Asked by somebody with every role, so that nothing but the scope can refuse."""
    url = address(name, world.theirs.values, "ours")
    answers = [ask(world.clients["everything"], method, url).status_code for method in ("get", "post")]
    assert set(answers) <= {404, 405}, f"{url}: {answers}"
    assert 404 in answers


@pytest.mark.parametrize(
    "name", [n for n, rule in ROUTES.items() if n in FOUND and "campaign_slug" in FOUND[n][1] and rule.who == "public"]
)
def test_public_pages_show_no_other_campaign(name: str, world: SimpleNamespace) -> None:
    if ROUTES[name].parts and name not in SHARED_PARTS:
        assert ask(world.clients["anonymous"], "get", address(name, world.theirs.values, "ours")).status_code == 404


# ---- texts that PostgreSQL refuses


def open_parts() -> list[tuple[str, str]]:
    """(route, part of its address) of every part that takes any text; numbers and slugs take no such sign."""
    found = []
    for name, (_view, parts) in FOUND.items():
        for part in sorted(parts):
            try:
                reverse(name, kwargs={other: "a\x00b" if other == part else 1 for other in parts})
            except NoReverseMatch:
                continue
            found.append((name, part))
    return found


def test_some_routes_take_any_text() -> None:
    assert len(open_parts()) > 10, "a sweep over nothing would pass the test below"


@pytest.mark.parametrize(("name", "part"), open_parts())
def test_a_text_with_a_nul_is_not_found(name: str, part: str, world: SimpleNamespace) -> None:
    values = {**world.ours.values, ROUTES[name].parts[part]: "a\x00b"}
    url = address(name, values, "ours")
    assert "a%00b" in url
    for method in ("get", "post"):
        answers = [ask(world.clients[role], method, url) for role in ("everything", "operator", "anonymous")]
        answers.append(ask_with(world.ours.tokens["everything"], method, url))
        assert {answer.status_code for answer in answers} <= {302, 307, 401, 403, 404, 405}, f"{method} {url}"
    if ROUTES[name].who in PERMISSIONS:
        assert ask(world.clients["everything"], "get", url).status_code in {404, 405}


# ---- tokens of the API: token × scope × role × route

METHODS = ("get", "post", "put", "patch", "delete")


def methods_of(name: str) -> list[str]:
    """That the route has, in lower case."""
    return [method for method in METHODS if method in FOUND[name][0].actions]


#: (route, method, scope, permission) of everything that a token may do
ACTIONS = [
    (name, method, *TOKEN_ACTIONS.get((name, method), "read read").split())
    for name in TOKENS
    for method in methods_of(name)
]


def test_every_action_that_writes_is_in_the_table() -> None:
    writes = {(name, method) for name in TOKENS for method in methods_of(name) if method != "get"}
    assert writes <= set(TOKEN_ACTIONS), "add a line to TOKEN_ACTIONS in tests/access/routes.py"
    assert set(TOKEN_ACTIONS) <= {(name, method) for name, method, *_needs in ACTIONS}, "it names what is gone"


def ask_with(token: str, method: str, url: str) -> Any:
    return ask(Client(headers={"Authorization": f"Bearer {token}"}), method, url)


@pytest.mark.parametrize(("name", "method", "scope", "permission"), ACTIONS)
def test_tokens_of_every_role(name: str, method: str, scope: str, permission: str, world: SimpleNamespace) -> None:
    """Allowed by the table of roles; another campaign's token finds nothing here, nor does one's own find theirs."""
    ours, theirs = address(name, world.ours.values, "ours"), address(name, world.theirs.values, "theirs")
    for role, roles in ROLES.items():
        wanted = "allowed" if Permission(permission) in permissions_of(roles) else "forbidden"
        answer = ask_with(world.ours.tokens[role], method, ours)
        assert verdict(answer) == wanted, f"{role}: {method} {ours}"
        assert not tells(answer, COUNTED_ONLY), f"{ours} tells {role} the name of whoever is only counted"
        assert ask_with(world.ours.tokens[role], method, theirs).status_code == 404, f"{role}: {method} {theirs}"
        assert ask_with(world.theirs.tokens[role], method, ours).status_code == 404


@pytest.mark.parametrize(("name", "method", "scope", "permission"), ACTIONS)
def test_a_token_does_what_its_scopes_say(
    name: str, method: str, scope: str, permission: str, world: SimpleNamespace
) -> None:
    """Whatever the roles of its owner: asked with each scope alone."""
    url, token = address(name, world.ours.values, "ours"), world.ours.tokens["everything"]
    with transaction.atomic():
        for only in Scope.values:
            ApiToken.objects.update(scopes=[only])
            answer = ask_with(token, method, url)
            assert verdict(answer) == ("allowed" if only == scope else "forbidden"), f"{only}: {method} {url}"
            if only != scope:
                assert answer.json()["scope"] == scope
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", TOKENS)
def test_other_methods_are_refused_to_whoever_may_everything(name: str, world: SimpleNamespace) -> None:
    url, token = address(name, world.ours.values, "ours"), world.ours.tokens["everything"]
    for method in {*METHODS, "trace"} - set(methods_of(name)):
        assert ask_with(token, method, url).status_code == 405, f"{method} {url}"
    allowed = {"HEAD", "OPTIONS", *(method.upper() for method in methods_of(name))} - (
        set() if "get" in methods_of(name) else {"HEAD"}
    )
    options = ask_with(token, "options", url)
    assert (options.status_code, set(options["Allow"].split(", "))) == (204, allowed)


@pytest.mark.parametrize("name", [name for name in TOKENS if ROUTES[name].parts and name not in SHARED_PARTS])
def test_tokens_find_no_ids_of_another_campaign(name: str, world: SimpleNamespace) -> None:
    url = address(name, world.theirs.values, "ours")
    for method in methods_of(name):
        assert ask_with(world.ours.tokens["everything"], method, url).status_code == 404, f"{method} {url}"


# ---- the second factor


@pytest.mark.parametrize(("name", "method", "scope", "permission"), ACTIONS)
def test_tokens_need_a_second_factor_where_people_do(
    name: str, method: str, scope: str, permission: str, world: SimpleNamespace
) -> None:
    url = address(name, world.ours.values, "ours")
    with transaction.atomic():
        Authenticator.objects.all().delete()
        wanted = "forbidden" if Permission(permission) in SECOND_FACTOR else "allowed"
        assert verdict(ask_with(world.ours.tokens["everything"], method, url)) == wanted
        transaction.set_rollback(True)


def test_operating_needs_a_second_factor(world: SimpleNamespace) -> None:
    """A superuser without one is led to set it up; nobody else learns anything."""
    names = [name for name, rule in ROUTES.items() if rule.who == "operators" and name in FOUND]
    assert names
    with transaction.atomic():
        Authenticator.objects.all().delete()
        for name in names:
            url = address(name, world.ours.values, "ours")
            for method in ("get", "post"):
                answer = ask(world.clients["operator"], method, url)
                assert answer.status_code == 302, f"{method} {url}: {answer.status_code}"
                assert answer.url.startswith("/accounts/second-factor/")
            assert ask(world.clients["outsider"], "get", url).status_code == 403
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", STAFF)
def test_sending_and_exporting_need_a_second_factor(name: str, world: SimpleNamespace) -> None:
    """Without one, whoever may is led to set it up, and back; nobody else learns anything."""
    url = address(name, world.ours.values, "ours")
    needs = Permission(ROUTES[name].who) in SECOND_FACTOR
    with transaction.atomic():
        Authenticator.objects.all().delete()
        for method in ("get", "post") if needs else ("get",):
            answer = ask(world.clients["everything"], method, url)
            led = answer.status_code == 302 and answer.url.startswith("/accounts/second-factor/")
            assert led == needs, f"{method} {url}: {answer.status_code}"
        transaction.set_rollback(True)
