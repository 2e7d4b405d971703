"""Insecure or missing settings are errors with an id and a hint."""

from typing import Any

import pytest
from django.core.checks import CheckMessage, Tags, run_checks

from apps.core import checks


def found(check: Any) -> dict[str, CheckMessage]:
    return {str(message.id): message for message in check(None)}


@pytest.mark.parametrize("secret", ["", "x" * 49])
def test_a_short_secret_key(settings: Any, secret: str) -> None:
    settings.SECRET_KEY = secret
    error = found(checks.keys_are_given)["ecom.E001"]
    assert "SECRET_KEY_FILE" in str(error.hint)


@pytest.mark.parametrize(
    ("name", "value", "id"),
    [
        ("FIELD_KEYS", [], "ecom.E002"),
        ("FIELD_KEYS", ["1:c2hvcnQ="], "ecom.E002"),
        ("FIELD_KEYS", ["nonsense"], "ecom.E002"),
        ("FIELD_KEYS", ["one:" + "A" * 43 + "="], "ecom.E002"),
        ("LOOKUP_KEYS", [], "ecom.E003"),
    ],
)
def test_data_keys_that_are_missing_or_malformed(settings: Any, name: str, value: list[str], id: str) -> None:
    setattr(settings, name, value)
    assert list(found(checks.keys_are_given)) == [id]


def test_the_tests_own_settings_are_complete() -> None:
    assert not found(checks.keys_are_given)


@pytest.mark.parametrize(
    ("host", "mode", "ids"),
    [
        ("127.0.0.1", "sink", []),
        ("::1", "sink", []),
        ("0.0.0.0", "sink", ["ecom.E010"]),
        ("192.168.1.4", "sink", ["ecom.E010"]),
        ("127.0.0.1", "live", ["ecom.E011"]),
        ("", "live", ["ecom.E010", "ecom.E011"]),
    ],
)
def test_demo_mode_stays_at_home(settings: Any, host: str, mode: str, ids: list[str]) -> None:
    settings.DEMO, settings.BIND_HOST = True, host
    settings.POSTBOX = {**settings.POSTBOX, "MODE": mode}
    assert list(found(checks.demo_stays_home)) == ids


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({}, []),
        ({"MODE": "livee"}, ["ecom.E020"]),
        ({"MODE": "live"}, ["ecom.E021"]),
        ({"MODE": "live", "LIVE_ALLOWED": True}, ["ecom.E021"]),
        ({"MODE": "live", "EPOCH": "1"}, ["ecom.E021"]),
        ({"MODE": "live", "LIVE_ALLOWED": True, "EPOCH": "1"}, []),
        ({"MODE": "live", "LIVE_ALLOWED": True, "EPOCH": "1", "HOST": "mail.example"}, ["ecom.E022"]),
        ({"MODE": "live", "LIVE_ALLOWED": True, "EPOCH": "1", "HOST": "mail.example", "SECURITY": "tls"}, []),
    ],
)
def test_live_sending_is_decided_in_three_places(settings: Any, changes: dict[str, Any], ids: list[str]) -> None:
    settings.POSTBOX = {**settings.POSTBOX, **changes}
    assert list(found(checks.postbox_is_clear)) == ids


@pytest.mark.parametrize(("hosts", "ids"), [(["a.example"], []), ([], ["ecom.E030"]), (["*"], ["ecom.E030"])])
def test_hosts(settings: Any, hosts: list[str], ids: list[str]) -> None:
    settings.ALLOWED_HOSTS = hosts
    assert list(found(checks.hosts_are_given)) == ids


@pytest.mark.parametrize(
    ("behind", "proxies", "ids"), [(False, 0, []), (True, 1, []), (True, 2, []), (True, 0, ["ecom.E031"])]
)
def test_behind_a_proxy_visitors_have_addresses(settings: Any, behind: bool, proxies: int, ids: list[str]) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind else None
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert list(found(checks.visitors_are_told_apart)) == ids
    everything = {message.id for message in run_checks(tags=[Tags.security], include_deployment_checks=True)}
    assert ("ecom.E031" in everything) == bool(ids), "it is registered"


def test_every_error_has_a_hint(settings: Any) -> None:
    settings.SECRET_KEY, settings.FIELD_KEYS, settings.LOOKUP_KEYS, settings.ALLOWED_HOSTS = "", [], [], []
    settings.DEMO, settings.BIND_HOST, settings.POSTBOX = True, "0.0.0.0", {**settings.POSTBOX, "MODE": "live"}
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    all_checks = (
        checks.keys_are_given,
        checks.demo_stays_home,
        checks.postbox_is_clear,
        checks.hosts_are_given,
        checks.visitors_are_told_apart,
    )
    messages = [message for check in all_checks for message in found(check).values()]
    assert len(messages) == 8
    assert all(message.hint and str(message.id).startswith("ecom.E") for message in messages)
