"""Settings of mail through providers that contradict each other are errors of `manage.py check`."""

from typing import Any

import pytest

from apps.postbox.checks import PROVIDER_TRANSPORT, provider_is_clear, scanner_is_named, webhooks_are_guarded

KEY = {"MAILGUN_API_KEY": "x"}


@pytest.mark.parametrize(
    ("box", "anymail", "ids"),
    [
        ({}, {}, []),
        ({"PROVIDER": "mailgun"}, KEY, ["ecom.E060"]),
        ({"TRANSPORT": PROVIDER_TRANSPORT}, KEY, ["ecom.E060"]),
        ({"TRANSPORT": PROVIDER_TRANSPORT, "PROVIDER": "mailgun"}, KEY, []),
        ({"TRANSPORT": PROVIDER_TRANSPORT, "PROVIDER": "mailgun"}, {}, ["ecom.E061"]),
        ({"TRANSPORT": PROVIDER_TRANSPORT, "PROVIDER": "pigeon"}, KEY, ["ecom.E061"]),
        ({"TRANSPORT": PROVIDER_TRANSPORT, "PROVIDER": "amazon_ses"}, KEY, ["ecom.E061"]),
        (
            {"TRANSPORT": PROVIDER_TRANSPORT, "PROVIDER": "mailgun"},
            {**KEY, "MAILGUN_API_URL": "http://api.example/"},
            ["ecom.E062"],
        ),
        (
            {"TRANSPORT": PROVIDER_TRANSPORT, "PROVIDER": "mailgun"},
            {**KEY, "MAILGUN_API_URL": "http://127.0.0.1:9/"},
            [],
        ),
    ],
)
def test_a_provider(settings: Any, box: dict[str, Any], anymail: dict[str, Any], ids: list[str]) -> None:
    settings.POSTBOX, settings.ANYMAIL = {**settings.POSTBOX, **box}, anymail
    found = list(provider_is_clear(None))
    assert [error.id for error in found] == ids
    assert all(error.hint for error in found)


@pytest.mark.parametrize(
    ("names", "anymail", "ids"),
    [
        ([], {}, []),
        (["mailgun"], {"MAILGUN_WEBHOOK_SIGNING_KEY": "x"}, []),
        (["mailgun"], {"MAILGUN_API_KEY": "x"}, ["ecom.E064"]),
        (["postmark"], {"WEBHOOK_SECRET": "hooks:0123456789012345678901"}, []),
        (["postmark"], {}, ["ecom.E064"]),
        (["postmark"], {"WEBHOOK_SECRET": "hooks:short"}, ["ecom.E065"]),
        (["postmark"], {"WEBHOOK_SECRET": "hooks:0123456789012345678901,nothing-but-a-long-word"}, ["ecom.E065"]),
        (["pigeon"], {}, ["ecom.E063"]),
    ],
)
def test_webhooks(settings: Any, names: list[str], anymail: dict[str, Any], ids: list[str]) -> None:
    settings.POSTBOX, settings.ANYMAIL = {**settings.POSTBOX, "WEBHOOKS": names}, anymail
    found = list(webhooks_are_guarded(None))
    assert [error.id for error in found] == ids
    assert all(error.hint for error in found)


@pytest.mark.parametrize(
    ("address", "ids"),
    [("", []), ("/run/clamd.ctl", []), ("127.0.0.1:3310", []), ("[::1]:3310", []), ("clamav", ["ecom.E066"])],
)
def test_a_virus_scanner(settings: Any, address: str, ids: list[str]) -> None:
    settings.POSTBOX = {**settings.POSTBOX, "CLAMD": address}
    assert [error.id for error in scanner_is_named(None)] == ids
