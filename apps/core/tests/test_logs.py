"""Log lines carry the request and no personal data."""

import json
import logging
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from apps.core.logs import drop_addresses
from apps.sources.models import Source
from tests.access.routes import ROUTES


def formatted(record: logging.LogRecord) -> dict[str, Any]:

    formatter = settings.LOGGING["formatters"]["json"]
    made = formatter["()"](foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"])
    return json.loads(made.format(record))


@pytest.mark.parametrize(
    "text", ["refused <minister@trade-ke.example>", "to=minister@trade-ke.example;", "mailto:minister@trade-ke.example"]
)
def test_addresses_never_reach_a_log_line(text: str) -> None:
    line = drop_addresses(None, "", {"event": text, "detail": text, "count": 3})
    assert "trade-ke" not in json.dumps(line)
    assert line["count"] == 3


TOKEN = "fgQ3-x_Zr7pLw0sN9tYb"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"Not Found: /sign/confirm/{TOKEN}/", "Not Found: /sign/confirm/[token]/"),
        (f"/sign/confirm/{TOKEN}/not-me/", "/sign/confirm/[token]/not-me/"),
        (f"/sign/mine/{TOKEN}/erase/?a=1", "/sign/mine/[token]/erase/?a=1"),
        (f"GET https://a.example/invitations/{TOKEN} HTTP/1.1", "GET https://a.example/invitations/[token] HTTP/1.1"),
        (f"/accounts/sign-in/?next=%2Finvitations%2F{TOKEN}%2F", "/accounts/sign-in/?next=%2Finvitations%2F[token]%2F"),
        (f"Not Found: /ar/guest/{TOKEN}/?language=en", "Not Found: /ar/guest/[token]/?language=en"),
        ("/work/mc11/letters/1/guests/7/end/", "/work/mc11/letters/1/guests/7/end/"),
        ("/sign/confirm/ and /work/mc11/", "/sign/confirm/ and /work/mc11/"),
    ],
)
def test_tokens_of_pages_never_reach_a_log_line(text: str, left: str) -> None:
    line = drop_addresses(None, "", {"event": text, "deep": [{"path": text}]})
    assert line == {"event": left, "deep": [{"path": left}]}


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/en/sign/confirm/{}/", "/en/sign/mine/{}/", "/invitations/{}/"])
def test_a_dead_link_is_logged_without_its_token(page: str, caplog: Any) -> None:
    assert Client().get(page.format(TOKEN)).status_code == 404
    assert TOKEN in caplog.text, "Django writes the whole path"
    lines = [formatted(record) for record in caplog.records]
    assert TOKEN not in json.dumps(lines)
    assert page.format("[token]") in json.dumps(lines)


@pytest.mark.parametrize("name", [name for name, rule in ROUTES.items() if {"token", "sealed"} & rule.parts.keys()])
def test_no_page_behind_a_link_leaves_its_secret_in_a_log_line(name: str) -> None:
    """Wrong typing (400) and a closed letter (410) are logged with the path too, and the link still works."""
    parts = ["mc11", 1, TOKEN] if "number" in ROUTES[name].parts else [TOKEN]
    line = drop_addresses(None, "", {"event": f"Bad Request: {reverse(name, args=parts)}"})
    assert "/[token]/" in line["event"]
    assert TOKEN not in line["event"]


@pytest.mark.django_db
def test_a_refused_row_is_logged_without_its_values(campaign: Any, caplog: Any) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Source.objects.create(campaign=campaign, key="one", title="", note="Amina\nWanjiru of Nairobi")
    assert "Amina" in str(refused.value), "PostgreSQL quotes the row"
    logging.getLogger("apps").error("refused: %s", refused.value, exc_info=refused.value)
    line = json.dumps(formatted(caplog.records[-1]))
    assert "sources_source_title" in line
    assert "Amina" not in line
    assert "Nairobi" not in line


def test_a_traceback_names_no_token() -> None:
    try:
        raise ValueError(f"no page at /sign/mine/{TOKEN}/")
    except ValueError:
        line = formatted(logging.LogRecord("x", logging.ERROR, "x.py", 1, "failed", None, sys.exc_info()))
    assert TOKEN not in json.dumps(line)
    assert line["exception"][0]["exc_value"] == "no page at /sign/mine/[token]/"


def test_a_line_of_any_library_is_json_without_addresses() -> None:
    record = logging.LogRecord("some.library", logging.WARNING, "x.py", 1, "bounced %s", ("a@b.example",), None)
    line = formatted(record)
    assert line["event"] == "bounced [address]"
    assert line["level"] == "warning"


def test_answers_carry_a_request_id_and_keep_a_well_formed_one() -> None:
    client = Client()
    assert len(client.get("/livez")["X-Request-Id"]) == 16
    assert client.get("/livez", headers={"X-Request-Id": "abcdef-0123456789"})["X-Request-Id"] == "abcdef-0123456789"
    hostile = client.get("/livez", headers={"X-Request-Id": "x\t{{ }} a@b.example"})["X-Request-Id"]
    assert len(hostile) == 16


def test_a_traceback_says_where_but_not_with_which_values() -> None:
    try:
        signer = "Amina Wanjiru"
        raise ValueError(f"amina@farmers.example is taken by {len(signer)}")
    except ValueError:
        line = formatted(logging.LogRecord("x", logging.ERROR, "x.py", 1, "failed", None, sys.exc_info()))
    assert line["exception"][0]["frames"][-1]["name"] == "test_a_traceback_says_where_but_not_with_which_values"
    assert line["exception"][0]["exc_value"] == "[address] is taken by 13"
    assert "Wanjiru" not in json.dumps(line)


def test_the_health_answers_are_not_logged_and_others_are(caplog: Any) -> None:
    logger = logging.getLogger("django.request")
    logger.error("Service Unavailable", extra={"request": RequestFactory().get("/healthz"), "status_code": 503})
    logger.error("Server Error", extra={"request": RequestFactory().get("/work/"), "status_code": 500})
    assert [record.message for record in caplog.records] == ["Server Error"]
