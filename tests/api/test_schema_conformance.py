"""Random requests made from the OpenAPI document, from every role and from outside: nothing fails, and every answer is
one that the document describes (docs/decisions/0064)."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.conf import settings as django_settings
from django.db import transaction
from django.test import Client, override_settings
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from requests import PreparedRequest, Request
from schemathesis import GenerationMode
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from apps.api.openapi import openapi_document
from tests.access.requests import browser
from tests.access.routes import ROUTES
from tests.access.world import ROLES, make_world

pytestmark = pytest.mark.django_db
#: for each operation; more with `make faults`
EXAMPLES = [6, pytest.param(200, marks=pytest.mark.faults)]
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = {
    found.ok().definition.raw["operationId"]: found.ok()
    for found in schemathesis.openapi.from_dict(openapi_document()).get_all_operations()
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """Two campaigns with one of everything; the second is the outsider's."""
    with (
        django_db_blocker.unblock(),
        override_settings(MAILERS=django_settings.REAL_MAILERS),
        transaction.atomic(),
    ):
        ours, theirs = make_world("ours", drafts=1), make_world("theirs", drafts=4)
        for user in ours.people.values():
            browser(user)  # has a second factor then
        yield SimpleNamespace(values=ours.values, tokens={**ours.tokens, "outsider": theirs.tokens["everything"]})
        transaction.set_rollback(True)


def known_parts(name: str, values: dict[str, Any]) -> dict[str, Any]:
    """What stands in the URL, so that a row is found."""
    resource, _, action = name.partition("_")
    route = next(f"api:{resource}-{kind}" for kind in kinds(action) if f"api:{resource}-{kind}" in ROUTES)
    return {"campaign_slug": "ours", **{part: values[value] for part, value in ROUTES[route].parts.items()}}


def kinds(action: str) -> tuple[str, ...]:
    return (action.replace("_", "-"), "list" if action in {"list", "create"} else "detail")


def sent(case: Any, token: str) -> tuple[PreparedRequest, Any]:
    """The case as a client sends it, and the answer; what it changed is undone."""
    kept = {name: value for name, value in (case.headers or {}).items() if name in {"If-Match", "If-None-Match"}}
    case.headers = {**kept, "Authorization": f"Bearer {token}"}
    arguments = case.as_transport_kwargs(base_url="http://testserver")
    request = Request(**{name: arguments.get(name) for name in ("method", "url", "params", "json", "data", "headers")})
    prepared = request.prepare()
    body = prepared.body or b""
    with transaction.atomic():
        answer = Client(raise_request_exception=False).generic(
            str(prepared.method),
            str(prepared.path_url),
            body.encode() if isinstance(body, str) else body,
            prepared.headers.get("Content-Type", "application/json"),
            headers={name: str(value) for name, value in prepared.headers.items() if name in case.headers},
        )
        transaction.set_rollback(True)
    return prepared, answer


@pytest.mark.parametrize("examples", EXAMPLES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_described(name: str, examples: int, world: SimpleNamespace, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = settings.API_WRITES_PER_MINUTE = 10**6
    operation, parts = OPERATIONS[name], known_parts(name, world.values)
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE, path_parameters=parts),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE, path_parameters=parts),
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE, path_parameters={"campaign_slug": "ours"}),
    )

    @hypothesis.settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, role=st.sampled_from(["everything", *ROLES, "outsider"]), as_read=st.booleans())
    def conforms(case: Any, role: str, as_read: bool) -> None:
        if as_read and case.method in {"PATCH", "PUT"}:
            case.headers = {**(case.headers or {}), "If-Match": "*"}
        request, answer = sent(case, world.tokens[role])
        content = b"".join(answer) if answer.streaming else answer.content
        assert answer.status_code < 500, f"{role}: {case.as_curl_command()}\n{content[:2000]!r}"
        headers = {header: [value] for header, value in answer.items()}
        response = Response(answer.status_code, headers, content, request, 0, verify=False)
        case.validate_response(response, checks=CHECKS)

    conforms()
