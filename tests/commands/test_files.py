"""What describes the product to machines says the same as the settings: compose file, image, Procfile, table."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts import assets_check, health_probe, run

ROOT = Path(__file__).resolve().parent.parent.parent
READ = re.compile(r'env\.(?:text|flag|words|integer|level)\(\s*"([A-Z_]+)"')
#: read by servers and scripts, not by the settings
BESIDE = {"DJANGO_SETTINGS_MODULE", "WEB_WORKERS", "WEB_THREADS", "LIVE_WORKERS", "PORT"}


def settings_read(*names: str) -> set[str]:
    paths = (ROOT / "ecomcampaign" / "settings").glob("*.py")
    return {name for path in paths if path.stem in names for name in READ.findall(path.read_text())}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_every_variable_of_the_compose_file_is_a_setting(compose: dict[str, Any]) -> None:
    given = {name.removesuffix("_FILE") for name in compose["x-product"]["environment"]}
    assert given <= settings_read("base", "production")
    assert {"SMTP_HOST", "SMTP_USERNAME", "SMTP_PASSWORD"} <= given, "a relay that asks for a password"


def test_every_secret_is_a_file_that_is_declared_and_handed_over(compose: dict[str, Any]) -> None:
    product = compose["x-product"]
    handed = {path.rpartition("/")[2] for name, path in product["environment"].items() if name.endswith("_FILE")}
    assert handed == set(product["secrets"])
    assert {"SECRET_KEY_FILE", "FIELD_KEYS_FILE", "LOOKUP_KEYS_FILE", "DATABASE_URL_FILE"} <= set(
        product["environment"]
    )
    assert set(product["secrets"]) | set(compose["services"]["postgres"]["secrets"]) == set(compose["secrets"])


def test_the_processes_are_those_of_the_procfile_and_unprivileged(compose: dict[str, Any]) -> None:
    assert set(run.procfile()) == {"web", "live", "worker", "beat", "inbox"}
    for name in ("web", "live", "worker", "beat", "listener", "migrate"):
        service = compose["services"][name]
        assert (service["cap_drop"], service["read_only"]) == (["ALL"], True)
        assert "user" not in service, "the image's own user runs it"
    ports = compose["services"]["live"]["ports"]
    assert ports == ["127.0.0.1:${LIVE_PORTS:-8001}:8001"], "as many of it as there are ports"
    image = (ROOT / "Dockerfile").read_text()
    assert re.findall(r"^USER (\S+)$", image, re.M) == ["ecomcampaign"]
    assert not re.search(r"^(ENV|ARG).*(SECRET|KEY|PASSWORD)", image, re.M)


def test_the_server_of_the_compose_file_logs_no_statement(compose: dict[str, Any]) -> None:
    """As our own does (tests/commands/test_services.py)."""
    command = compose["services"]["postgres"]["command"]
    assert command == ["postgres", "-c", "log_min_error_statement=panic", "-c", "log_error_verbosity=terse"]


def test_the_table_of_settings_is_complete() -> None:
    table = (ROOT / "docs" / "operating.md").read_text().partition("## Settings")[2].partition("\n## ")[0]
    described = {
        name for row in re.findall(r"^\| (`[^|]+) \|", table, re.M) for name in re.findall(r"`([A-Z_]+)`", row)
    }
    assert described == settings_read("base", "production", "local") | BESIDE


def test_the_probe_asks_by_the_sites_own_name(live_server: Any, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setenv("PORT", live_server.url.rpartition(":")[2])
    monkeypatch.setenv("ALLOWED_HOSTS", "localhost, letters.example.org")
    assert health_probe.main("/livez") == 0
    assert capsys.readouterr().out.strip() == "alive"
    assert health_probe.main("/no-such-page") == 1
    monkeypatch.setenv("PORT", "1")
    assert health_probe.main("/livez") == 1


def test_the_probe_reads_the_hosts_as_the_site_does(
    live_server: Any, monkeypatch: Any, capsys: Any, tmp_path: Path
) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text("localhost\n")
    monkeypatch.setenv("PORT", live_server.url.rpartition(":")[2])
    monkeypatch.setenv("ALLOWED_HOSTS", "letters.example.org")
    monkeypatch.setenv("ALLOWED_HOSTS_FILE", str(hosts))
    assert health_probe.main("/livez") == 0
    monkeypatch.delenv("ALLOWED_HOSTS_FILE")
    monkeypatch.setenv("ALLOWED_HOSTS", "")
    assert health_probe.main("/livez") == 0, capsys.readouterr().out


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source, what was built from it, and their manifest."""
    recorded: dict[str, dict[str, str]] = {"sources": {}, "outputs": {}}
    for kind, name in (("sources", "frontend/src/a.ts"), ("outputs", "static/js/editor/editor.js")):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(name)
        recorded[kind][name] = hashlib.sha256(name.encode()).hexdigest()
    (tmp_path / "static" / "build-manifest.json").write_text(json.dumps(recorded))
    return tmp_path


def test_assets_in_step(tree: Path) -> None:
    assert assets_check.problems(tree) == []


@pytest.mark.parametrize("name", ["frontend/src/a.ts", "static/js/editor/editor.js"])
def test_assets_out_of_step(tree: Path, name: str) -> None:
    (tree / name).write_text("changed")
    assert assets_check.problems(tree) == [f"{name} has changed since the assets were built."]
    (tree / name).unlink()
    assert assets_check.problems(tree) == [f"{name} is missing."]


def test_assets_that_nobody_recorded(tree: Path) -> None:
    (tree / "frontend" / "src" / "b.ts").write_text("new")
    assert assets_check.problems(tree) == ["frontend/src/b.ts is not in the manifest."]
    (tree / "static" / "build-manifest.json").unlink()
    assert assets_check.problems(tree) == ["static/build-manifest.json is missing."]


@pytest.mark.parametrize(
    ("python", "words"),
    [
        ("/nowhere/python", "PYTHON=/nowhere/python is not a Python 3.12 or newer"),
        ("", "No Python 3.12 or newer was found"),
        ("exit 1", "is not a Python 3.12 or newer"),
        ("exit 3", "is new enough, but cannot make environments. On Debian and Ubuntu: apt-get install python3-venv"),
    ],
)
def test_without_a_python_the_start_says_what_to_install(tmp_path: Path, python: str, words: str) -> None:
    """On a machine with a few commands and no Python, or with one that is too old (exit 1) or has no venv (exit 3)."""
    commands = tmp_path / "bin"
    commands.mkdir()
    for name in ("bash", "cat", "dirname", "flock", "mkdir", "sort"):
        if found := shutil.which(name):
            (commands / name).symlink_to(found)
    if python.startswith("exit"):
        (commands / "fake").write_text(f"#!/bin/sh\n{python}\n")
        (commands / "fake").chmod(0o755)
        python = str(commands / "fake")
    (tmp_path / "scripts").mkdir()
    script = (ROOT / "scripts" / "bootstrap").read_text()
    script = script.replace("candidates+=(/usr/bin/python3 /usr/local/bin/python3 /opt/homebrew/bin/python3)", "")
    (tmp_path / "scripts" / "bootstrap").write_text(script)
    done = subprocess.run(
        [str(commands / "bash"), str(tmp_path / "scripts" / "bootstrap")],
        env={"PATH": str(commands), "HOME": str(tmp_path), "PYTHON": python},
        text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert words in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_commands_can_be_executed() -> None:
    for name in (".ci/run", "scripts/bootstrap", "scripts/lock", "scripts/system_packages", "manage.py"):
        assert os.access(ROOT / name, os.X_OK), name
