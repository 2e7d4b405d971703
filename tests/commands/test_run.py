"""`make run` in a copy of the tree: it serves, outlives the death of one process, stops without a trace, keeps data."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.run import welcome
from scripts.service_dirs import ServiceDirs
from tests.commands.checkouts import Run, bare_environment, free_port, make

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def start(checkout: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def begin(*command: str) -> Run:
        runs.append(Run(checkout, *[command] if command else []))
        return runs[-1]

    yield begin
    for run in runs:
        if run.process.poll() is None:
            run.process.terminate()
            run.process.wait(timeout=90)


def test_it_serves_loses_a_process_is_joined_stops_and_starts_again(start: Callable[..., Run], checkout: Path) -> None:
    first = start()
    first.wait_for("ecomcampaign serves at")
    assert (first.get("/healthz"), first.get("/livez"), first.get("/accounts/demo/")) == (200, 200, 200)
    assert "mc11: " in first.said.read_text(), "the campaign was loaded"
    first.remember_family()

    listener = first.find("run_inbox")
    listener.kill()
    first.wait_for(f"*** inbox (process {listener.pid}) was ended by SIGKILL. It is not started again. ***")
    assert first.get("/livez") == 200, "one that dies takes no other with it"
    assert first.find("worker").is_running()

    first.stop(signal.SIGINT)
    assert first.left() == []
    alone = manage(checkout, first.port, "load_campaign", "data/mc11", "--dry-run")
    assert alone.stdout == "mc11: 0 created, 0 changed (dry run: nothing was written)\n", alone.stderr

    second = start()
    second.wait_for("ecomcampaign serves at")
    assert "Database and campaign are as the files say." in second.said.read_text()
    second.wait_for("make manage")
    a_command_joins(second, checkout)
    services_alone_leave_it_alone(second, checkout)
    nothing_else_starts_beside_it(second, checkout)
    assert second.get("/healthz") == 200
    assert "***" not in second.said.read_text(), "none of its services ended"
    second.remember_family()
    second.process.kill()
    second.process.wait()
    assert second.left() == [], "killed with 9 it leaves nobody behind"

    third = start("make", "run")
    third.wait_for("ecomcampaign serves at")
    commands_of_make_join(third, checkout)
    third.remember_family()
    third.process.send_signal(signal.SIGTERM)  # of make, which has a code of its own for it
    third.process.wait(timeout=90)
    assert third.left() == []
    assert not (checkout / ".run" / "running.json").exists()


def test_a_command_joins_services_that_run_alone(checkout: Path) -> None:
    with subprocess.Popen(SERVICES, cwd=checkout, env=bare_environment(), stdout=subprocess.PIPE, text=True) as alone:
        try:
            shown = [alone.stdout.readline() for _ in range(2)]  # type: ignore[union-attr]
            assert shown[0].startswith("export DATABASE_URL=")
            for _ in range(2):
                joined = manage(checkout, free_port(), "check", "--database", "default")
                assert joined.returncode == 0, joined.stderr
            assert alone.poll() is None, "its services were left alone"
            assert f"(process {alone.pid}, make services)" in again(checkout, free_port()).stderr
        finally:
            alone.send_signal(signal.SIGINT)
        assert alone.wait(timeout=90) == 0
    assert not (checkout / ".run" / "running.json").exists()


@pytest.mark.parametrize(("demo", "id"), [("1", "ecom.E010"), ("0", "ecom.E013")])
def test_it_is_refused_beyond_this_machine(checkout: Path, demo: str, id: str) -> None:
    environment = {**os.environ, "PORT": str(free_port()), "BIND_HOST": "0.0.0.0", "DEMO": demo}
    for name in ("DATABASE_URL", "REDIS_URL"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-m", "scripts.run"], cwd=checkout, env=environment,
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 1
    assert id in done.stdout
    assert "serves at" not in done.stdout


def a_command_joins(serving: Run, checkout: Path) -> None:
    assert (checkout / ".run" / "running.json").stat().st_mode & 0o077 == 0, "for us alone"
    joined = manage(checkout, serving.port, "load_campaign", "data/mc11")
    assert (joined.returncode, joined.stdout) == (0, "mc11: 0 created, 0 changed\n")
    assert manage(checkout, serving.port, "no_such_command").returncode != 0


def commands_of_make_join(serving: Run, checkout: Path) -> None:
    assert serving.get("/healthz") == 200
    joined = make(checkout, "manage", ARGS="load_campaign data/mc11")
    assert (joined.returncode, joined.stdout) == (0, "mc11: 0 created, 0 changed\n"), joined.stderr
    beside = make(checkout, "services")
    assert re.findall(r"^export (\w+)=", beside.stdout, re.M) == ["DATABASE_URL", "REDIS_URL"], beside.stderr


def services_alone_leave_it_alone(serving: Run, checkout: Path) -> None:
    beside = subprocess.run(
        SERVICES, cwd=checkout, env=bare_environment(), capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert beside.returncode == 0, beside.stderr
    assert f"This checkout is running already (process {serving.process.pid}, port {serving.port})" in beside.stderr
    assert re.findall(r"^export (\w+)='\w+://.+'$", beside.stdout, re.M) == ["DATABASE_URL", "REDIS_URL"]


SERVICES = [sys.executable, "-m", "scripts.local_services"]


def manage(checkout: Path, port: int, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scripts.manage", *words], cwd=checkout, env={**bare_environment(), "PORT": str(port)},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def nothing_else_starts_beside_it(serving: Run, checkout: Path) -> None:
    for port, words in ((serving.port, f"Port {serving.port} on 127.0.0.1 cannot be used"), (0, "is not a port")):
        done = again(checkout, port)
        assert done.returncode == 1
        assert words in done.stderr
    elsewhere = again(checkout, free_port())
    assert f"This checkout is running already (process {serving.process.pid}, port {serving.port})" in elsewhere.stderr


def again(checkout: Path, port: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scripts.run"], cwd=checkout, env={**os.environ, "PORT": str(port)},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("own", "demo", "data", "sign_in"),
    [
        (
            "DATABASE_URL REDIS_URL",
            "1",
            "kept in     /place\n",
            "Sign in with one click  http://127.0.0.1:8107/accounts/demo/",
        ),
        (
            "REDIS_URL",
            "0",
            "kept in     the database of your DATABASE_URL",
            "Sign in                 http://127.0.0.1:8107/",
        ),
    ],
)
def test_the_welcome_says_where_the_data_is(monkeypatch: Any, own: str, demo: str, data: str, sign_in: str) -> None:
    monkeypatch.setenv("DEMO", demo)
    dirs = ServiceDirs(Path("/place"), Path("/sockets"), None, durable=True)
    said = welcome("127.0.0.1", 8107, dirs, {"OWN_SERVICES": own, "DATABASE_URL": "postgresql://u:hunter2@x/y"}, 3)
    assert data in said
    assert sign_in in said
    assert "hunter2" not in said


@pytest.mark.faults
@pytest.mark.parametrize("process", ["worker", "beat", "run_inbox"])
def test_a_killed_process_shows_on_healthz_within_a_minute(start: Callable[..., Run], process: str) -> None:
    run = start()
    run.wait_for("ecomcampaign serves at")
    run.find(process).kill()
    killed = time.monotonic()
    run.until(lambda: run.get("/healthz") == 503, "healthz 503", 60)
    assert time.monotonic() - killed < 60
    assert run.get("/livez") == 200
    run.stop(signal.SIGHUP)
