"""Insecure or missing settings are errors with an id and a hint."""

import base64
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import CheckMessage, Tags, run_checks

from apps.core.checks import databases, keys, mail, web
from ecomcampaign.settings import local
from ecomcampaign.settings.base import database


def found(check: Any) -> dict[str, CheckMessage]:
    return {str(message.id): message for message in check(None)}


@pytest.mark.parametrize("secret", ["", "x" * 49, "x" * 64, "password" * 8, "django-insecure-" + "aB3$kq9Lm0pZ" * 5])
def test_a_short_or_guessable_secret_key(settings: Any, secret: str) -> None:
    settings.SECRET_KEY = secret
    error = found(keys.keys_are_given)["ecom.E001"]
    assert "SECRET_KEY_FILE" in str(error.hint)


@pytest.mark.parametrize(
    ("name", "value", "id"),
    [
        ("FIELD_KEYS", [], "ecom.E002"),
        ("FIELD_KEYS", ["1:c2hvcnQ="], "ecom.E002"),
        ("FIELD_KEYS", ["nonsense"], "ecom.E002"),
        ("FIELD_KEYS", ["one:" + "A" * 43 + "="], "ecom.E002"),
        ("FIELD_KEYS", ["300:" + "A" * 43 + "="], "ecom.E002"),
        ("FIELD_KEYS", ["-1:" + "A" * 43 + "="], "ecom.E002"),
        ("FIELD_KEYS", ["0:" + "A" * 43 + "="], "ecom.E002"),
        ("FIELD_KEYS", ["1:" + "A" * 43 + "=", "1:" + "B" * 43 + "="], "ecom.E002"),
        ("LOOKUP_KEYS", [], "ecom.E003"),
        ("LOOKUP_KEYS", ["256:" + "A" * 43 + "="], "ecom.E003"),
    ],
)
def test_data_keys_that_are_missing_or_malformed(settings: Any, name: str, value: list[str], id: str) -> None:
    setattr(settings, name, value)
    assert list(found(keys.keys_are_given)) == [id]


SECRET = base64.urlsafe_b64encode(bytes(range(1, 33))).decode()


@pytest.mark.parametrize(
    "wrong", [SECRET, f"{SECRET}:1", f"1{SECRET}", f"1:{SECRET[:-9]}", f"1:{SECRET}+/", f"١:{SECRET}"]
)
def test_no_piece_of_a_malformed_key_is_shown(settings: Any, wrong: str) -> None:
    settings.FIELD_KEYS = settings.LOOKUP_KEYS = [wrong]
    messages = found(keys.keys_are_given)
    assert list(messages) == ["ecom.E002", "ecom.E003"]
    shown = " ".join(str(message) for message in messages.values())
    assert not [SECRET[at : at + 4] for at in range(len(SECRET) - 4) if SECRET[at : at + 4] in shown]


def test_the_keys_of_make_run_are_for_it_alone(settings: Any) -> None:
    settings.SECRET_KEY, settings.FIELD_KEYS, settings.LOOKUP_KEYS = (
        local.SECRET_KEY,
        local.FIELD_KEYS,
        local.LOOKUP_KEYS,
    )
    assert list(found(keys.keys_are_given)) == ["ecom.E001", "ecom.E002", "ecom.E003"]
    settings.FOR_THIS_MACHINE_ONLY = True
    assert not found(keys.keys_are_given)


def test_the_keys_of_data_and_of_lookup_are_two(settings: Any) -> None:
    settings.LOOKUP_KEYS = ["9:" + settings.FIELD_KEYS[1].partition(":")[2]]
    assert list(found(keys.keys_are_given)) == ["ecom.E004"]


def test_the_tests_own_settings_are_complete() -> None:
    assert not found(keys.keys_are_given)


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
    settings.FOR_THIS_MACHINE_ONLY = True
    settings.DEMO, settings.BIND_HOST = True, host
    settings.POSTBOX = {**settings.POSTBOX, "MODE": mode}
    assert list(found(web.demo_stays_home)) == ids
    assert not found(web.local_settings_stay_home), "one complaint about the address will do"


@pytest.mark.parametrize(
    ("host", "ids"), [("127.0.0.1", []), ("::1", []), ("0.0.0.0", ["ecom.E013"]), ("192.168.1.4", ["ecom.E013"])]
)
def test_published_keys_stay_at_home_without_demo_mode_too(settings: Any, host: str, ids: list[str]) -> None:
    settings.DEMO, settings.BIND_HOST, settings.FOR_THIS_MACHINE_ONLY = False, host, True
    assert list(found(web.local_settings_stay_home)) == ids


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
        ({"SECURITY": "ssl"}, ["ecom.E023"]),
        ({"SECURITY": ""}, ["ecom.E023"]),
        ({"MODE": "live", "LIVE_ALLOWED": True, "EPOCH": "1", "HOST": "m.example", "SECURITY": "tsl"}, ["ecom.E023"]),
    ],
)
def test_live_sending_is_decided_in_three_places(settings: Any, changes: dict[str, Any], ids: list[str]) -> None:
    settings.POSTBOX = {**settings.POSTBOX, **changes}
    assert list(found(mail.postbox_is_clear)) == ids


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({"IMAP_HOST": ""}, []),
        ({}, []),
        ({"IMAP_SECURITY": "none"}, ["ecom.E027"]),
        ({"IMAP_SECURITY": "ssl", "IMAP_HOST": "127.0.0.1"}, ["ecom.E027"]),
        ({"IMAP_SECURITY": "none", "IMAP_HOST": "127.0.0.1"}, []),
        ({"IMAP_PASSWORD": ""}, ["ecom.E028"]),
        ({"IMAP_FOLDERS": []}, ["ecom.E029"]),
        ({"IMAP_DONE_FOLDER": "INBOX"}, ["ecom.E029"]),
    ],
)
def test_a_mailbox_is_read_over_an_encrypted_line(settings: Any, changes: dict[str, Any], ids: list[str]) -> None:
    account = {"IMAP_HOST": "mail.example", "IMAP_USERNAME": "a", "IMAP_PASSWORD": "b"}
    settings.POSTBOX = {**settings.POSTBOX, **account, **changes}
    assert list(found(mail.mailbox_is_clear)) == ids


@pytest.mark.parametrize(("hosts", "ids"), [(["a.example"], []), ([], ["ecom.E030"]), (["*"], ["ecom.E030"])])
def test_hosts(settings: Any, hosts: list[str], ids: list[str]) -> None:
    settings.ALLOWED_HOSTS = hosts
    assert list(found(web.hosts_are_given)) == ids


@pytest.mark.parametrize(
    ("url", "secure", "ids"),
    [
        ("https://a.example", True, []),
        ("http://a.example:8000/", False, []),
        ("", False, ["ecom.E036"]),
        ("a.example", False, ["ecom.E036"]),
        ("http://a.example", True, ["ecom.E036"]),
        ("https://b.example", True, ["ecom.E036"]),
        ("https://a.example/letters/", True, ["ecom.E036"]),
    ],
)
def test_mailed_links_lead_to_a_name_of_ours(settings: Any, url: str, secure: bool, ids: list[str]) -> None:
    settings.ALLOWED_HOSTS, settings.SITE_URL, settings.SESSION_COOKIE_SECURE = ["a.example"], url, secure
    assert list(found(web.site_url_is_given)) == ids
    everything = {message.id for message in run_checks(tags=[Tags.security])}
    assert ("ecom.E036" in everything) == bool(ids), "it is registered"


@pytest.mark.parametrize(
    ("behind", "proxies", "ids"), [(False, 0, []), (True, 1, []), (True, 2, []), (True, 0, ["ecom.E031"])]
)
def test_behind_a_proxy_visitors_have_addresses(settings: Any, behind: bool, proxies: int, ids: list[str]) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind else None
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert list(found(web.visitors_are_told_apart)) == ids
    everything = {message.id for message in run_checks(tags=[Tags.security], include_deployment_checks=True)}
    assert ("ecom.E031" in everything) == bool(ids), "it is registered"


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({}, []),
        ({"SECURE_SSL_REDIRECT": False}, ["ecom.E032"]),
        ({"SECURE_HSTS_SECONDS": 0}, ["ecom.E033"]),
        (
            {"SECURE_SSL_REDIRECT": False, "SECURE_HSTS_SECONDS": 0, "PROXY_FORCES_HTTPS": True},
            ["E034", "E032", "E033"],
        ),
        (
            {
                "SECURE_SSL_REDIRECT": False,
                "SECURE_HSTS_SECONDS": 0,
                "PROXY_FORCES_HTTPS": True,
                "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
            },
            [],
        ),
    ],
)
def test_https_is_forced_here_or_by_the_proxy(settings: Any, changes: dict[str, Any], ids: list[str]) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 3600
    for name, value in changes.items():
        setattr(settings, name, value)
    assert [id[-4:] for id in found(web.https_is_forced)] == [id[-4:] for id in ids]


@pytest.mark.parametrize(
    ("sender", "reply", "ids"),
    [
        ("campaign@letters.test", "reply.letters.test", []),
        ("Fair Digital Trade <campaign@letters.test>", "reply.letters.test", []),
        ("", "", ["ecom.E024", "ecom.E025"]),
        ("campaign", "reply", ["ecom.E024", "ecom.E025"]),
        ("campaign@ecomcampaign.example", "reply.ecomcampaign.example", ["ecom.E024", "ecom.E025"]),
        ("campaign@letters.test", "answers@letters.test", ["ecom.E025"]),
    ],
)
def test_mail_goes_out_under_names_of_ours(settings: Any, sender: str, reply: str, ids: list[str]) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.POSTBOX = sender, {**settings.POSTBOX, "REPLY_DOMAIN": reply}
    assert not found(mail.mail_names_are_ours), "on one machine, in sink mode, an example will do"
    settings.POSTBOX = {**settings.POSTBOX, "MODE": "live"}
    assert list(found(mail.mail_names_are_ours)) == ids
    settings.POSTBOX, settings.NOT_GIVEN = {**settings.POSTBOX, "MODE": "sink"}, []
    assert list(found(mail.mail_names_are_ours)) == ids


@pytest.mark.parametrize(
    ("url", "sound"),
    [
        ("redis://valkey:6379/0", True),
        ("rediss://:secret@valkey/1", True),
        ("unix:///run/valkey.sock?db=0", True),
        ("", False),
        ("foo", False),
        ("valkey:6379", False),
        ("mysql://x", False),
        ("redis://", False),
        ("redis://valkey:sixthousand", False),
        ("unix://", False),
    ],
)
def test_a_broker_that_is_none(settings: Any, url: str, sound: bool) -> None:
    settings.REDIS_URL = url
    assert list(found(databases.stores_are_named)) == ([] if sound else ["ecom.E051"])


@pytest.mark.parametrize(
    "url", ["", "foo", "mysql://root:hunter2@x/y", "postgresql:///", "postgresql://u:hunter2@[x/y"]
)
def test_a_database_that_is_none(settings: Any, monkeypatch: Any, url: str) -> None:
    monkeypatch.setitem(settings.DATABASES, "default", database(url))
    error = found(databases.stores_are_named)["ecom.E050"]
    assert "hunter2" not in str(error)


def test_what_production_must_be_told(settings: Any) -> None:
    settings.NOT_GIVEN = ["DATABASE_URL", "REDIS_URL"]
    assert list(found(databases.stores_are_named)) == ["ecom.E050", "ecom.E051"]


def test_static_files_that_nobody_collected(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    settings.STATIC_ROOT = str(tmp_path)
    error = found(web.static_files_are_collected)["ecom.E035"]
    assert "collectstatic" in str(error.hint)
    (tmp_path / "staticfiles.json").write_text("{}")
    assert not found(web.static_files_are_collected)


def test_every_error_has_a_hint(settings: Any) -> None:
    settings.SECRET_KEY, settings.FIELD_KEYS, settings.LOOKUP_KEYS, settings.ALLOWED_HOSTS = "", [], [], []
    settings.DEMO, settings.BIND_HOST, settings.POSTBOX = True, "0.0.0.0", {**settings.POSTBOX, "MODE": "live"}
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS, settings.PROXY_FORCES_HTTPS = False, 0, False
    settings.NOT_GIVEN, settings.DEFAULT_FROM_EMAIL = ["DATABASE_URL", "REDIS_URL"], ""
    all_checks = (
        keys.keys_are_given,
        web.demo_stays_home,
        mail.postbox_is_clear,
        web.hosts_are_given,
        web.site_url_is_given,
        web.visitors_are_told_apart,
        web.https_is_forced,
        databases.stores_are_named,
        mail.mail_names_are_ours,
    )
    messages = [message for check in all_checks for message in found(check).values()]
    assert len(messages) == 15
    assert all(message.hint and str(message.id).startswith("ecom.E") for message in messages)
