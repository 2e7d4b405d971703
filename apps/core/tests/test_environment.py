"""Settings that cannot be read end the program with one line: which, and what to do."""

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from apps.core import environment as env

ROOT = Path(__file__).resolve().parent.parent.parent.parent


def test_a_file_wins_and_its_last_line_break_is_not_part_of_it(monkeypatch: Any, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("kept\n")
    monkeypatch.setenv("A_SECRET", "other")
    monkeypatch.setenv("A_SECRET_FILE", str(tmp_path / "secret"))
    assert env.text("A_SECRET") == "kept"


@pytest.mark.parametrize("kind", ["missing", "directory", "binary"])
def test_a_file_that_cannot_be_read_is_named(monkeypatch: Any, tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    if kind == "directory":
        path.mkdir()
    if kind == "binary":
        path.write_bytes(b"\xff\xfe\x00")
    monkeypatch.setenv("A_SECRET_FILE", str(path))
    with pytest.raises(env.UnusableSetting, match=r"A_SECRET_FILE=.* cannot be read: .*unset A_SECRET_FILE"):
        env.text("A_SECRET")


@pytest.mark.parametrize("value", ["abc", "1.5", "", "-1", "٣", "1_000"])
def test_a_number_that_is_none(monkeypatch: Any, value: str) -> None:
    monkeypatch.setenv("A_NUMBER", value)
    with pytest.raises(env.UnusableSetting, match=r"A_NUMBER must be a whole number.*unset it for 25"):
        env.integer("A_NUMBER", 25)


@pytest.mark.parametrize("value", ["ture", "2", "enabled"])
def test_a_switch_that_is_neither_on_nor_off(monkeypatch: Any, value: str) -> None:
    monkeypatch.setenv("A_SWITCH", value)
    with pytest.raises(env.UnusableSetting, match="A_SWITCH must be 1 or 0"):
        env.flag("A_SWITCH", default=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_PORT", "abc"),
        ("SECURE_SSL_REDIRECT", "ture"),
        ("FIELD_KEYS_FILE", "/nowhere/field_keys"),
        ("LOG_LEVEL", "loud"),
    ],
)
@pytest.mark.parametrize("command", [["manage.py", "check"], ["-m", "celery", "--app", "ecomcampaign", "beat"]])
def test_a_program_ends_with_one_line_and_no_traceback(command: list[str], name: str, value: str) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "ecomcampaign.settings.production", name: value}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *command],
        cwd=ROOT, env=environment, text=True, capture_output=True, check=False, timeout=180,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith(name)
    assert "Traceback" not in done.stderr


def test_variables_with_a_prefix_come_together_also_from_files(monkeypatch: Any, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret\n")
    monkeypatch.setenv("PROVIDER_A_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("PROVIDER_B_URL", "https://b.example")
    assert env.prefixed("PROVIDER_") == {"A_KEY": "secret", "B_URL": "https://b.example"}


def test_exports_go_to_any_storage_with_its_options() -> None:
    given = {
        "EXPORTS_STORAGE": "storages.backends.s3.S3Storage", "EXPORTS_OPTION_BUCKET_NAME": "exports",
        "EXPORTS_OPTION_ENDPOINT_URL": "https://s3.example",
    }  # fmt: skip
    found = []
    for variables in ({}, given):
        done = subprocess.run(
            [sys.executable, "-c", "from ecomcampaign.settings.base import STORAGES; print(STORAGES['exports'])"],
            cwd=ROOT, env={**os.environ, "EXPORTS_ROOT": "/srv/exports", **variables}, text=True, capture_output=True,
            check=True, timeout=60,
        )  # fmt: skip
        found.append(ast.literal_eval(done.stdout))
    folder, bucket = found
    assert folder["OPTIONS"] == {"location": "/srv/exports"}
    assert bucket == {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": "exports", "endpoint_url": "https://s3.example"},
    }
