"""Our own PostgreSQL and Valkey: what was interrupted is begun again, what was left behind is ended."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import redis

from scripts.local_services import start_postgres, start_valkey
from scripts.processes import CannotRun, Child, is_alive, stop_all
from scripts.service_dirs import ServiceDirs, private_directory, temporary_dirs


@pytest.fixture
def dirs() -> Iterator[ServiceDirs]:
    made = temporary_dirs()
    yield made
    made.delete_temporary()


@pytest.fixture
def children() -> Iterator[list[Child]]:
    started: list[Child] = []
    yield started
    stop_all(started, 10)


def test_a_killed_server_starts_again_with_its_data(dirs: ServiceDirs, children: list[Child]) -> None:
    dirs = replace(dirs, durable=True)
    url = start_postgres(dirs, children)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    stop_all(children, 0)  # kill -9: the mark of the living server stays behind
    assert (dirs.base / "postgres" / "cluster" / "postmaster.pid").exists()
    with psycopg.connect(start_postgres(dirs, children)) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_server_that_outlived_its_run_is_ended_first(dirs: ServiceDirs, children: list[Child]) -> None:
    start_postgres(dirs, children)
    start_valkey(dirs, children)
    old = [child.pid for child in children]
    start_postgres(dirs, children)
    url = start_valkey(dirs, children)
    for child in children[:2]:
        child.process.wait(timeout=30)
    assert not any(is_alive(pid) for pid in old)
    assert redis.Redis.from_url(url).ping()


def test_a_refused_statement_leaves_nothing_personal_in_the_log(dirs: ServiceDirs, children: list[Child]) -> None:
    """psycopg puts the values into the statement: the server must not write down what it refuses."""
    with psycopg.connect(start_postgres(dirs, children), autocommit=True) as connection:
        connection.execute("CREATE TABLE signed (name text, address text UNIQUE)")
        for _ in range(2):
            with suppress(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO signed VALUES (%s, %s)", ["Amina Wanjiru", "amina@farmers.example"])
        shown = [connection.execute(f"SHOW {name}").fetchone() for name in QUIET]
    assert shown == [(value,) for value in QUIET.values()]
    said = dirs.log_file("postgres").read_text()
    assert "duplicate key value violates unique constraint" in said
    assert "Amina" not in said
    assert "farmers" not in said


QUIET = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}


def test_a_half_made_cluster_is_made_anew(dirs: ServiceDirs, children: list[Child]) -> None:
    half = dirs.directory("postgres") / "unfinished"
    dirs.run(["/bin/mkdir", str(half)])
    dirs.write(half / "PG_VERSION", "18\n")
    dirs.run(["/bin/mkdir", str(half.with_name("cluster"))])
    with psycopg.connect(start_postgres(dirs, children)) as connection:
        found = connection.execute("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'ecomcampaign'")
        assert found.fetchone() == ("b", "C.UTF-8")


def test_nobody_else_reaches_the_sockets(dirs: ServiceDirs, children: list[Child]) -> None:
    start_postgres(dirs, children)
    start_valkey(dirs, children)
    found = dirs.sockets.lstat()
    assert stat.S_IMODE(found.st_mode) == 0o700
    if os.geteuid() == 0:
        assert found.st_uid != 0, "PostgreSQL does not run as root"
        stranger = subprocess.run(["/bin/ls", str(dirs.sockets)], user=12345, group=12345, extra_groups=[], check=False)
        assert stranger.returncode != 0
    hba = (dirs.base / "postgres" / "cluster" / "pg_hba.conf").read_text()
    assert hba == "local all all peer map=ecomcampaign\n"


def test_the_product_is_no_superuser_of_its_database(dirs: ServiceDirs, children: list[Child]) -> None:
    with psycopg.connect(start_postgres(dirs, children)) as connection:
        assert connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)


def test_data_of_another_version_is_left_alone(dirs: ServiceDirs, children: list[Child]) -> None:
    start_postgres(dirs, children)
    stop_all(children, 10)
    dirs.write(dirs.base / "postgres" / "cluster" / "PG_VERSION", "16\n")
    with pytest.raises(CannotRun, match=r"was made by PostgreSQL 16; this is 1[789]"):
        start_postgres(dirs, children)


def test_a_directory_that_somebody_else_prepared_is_refused(tmp_path: Path) -> None:
    open_to_all = tmp_path / "sockets"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    with pytest.raises(CannotRun, match="closed to others"):
        private_directory(open_to_all, None)
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(CannotRun, match="closed to others"):
        private_directory(tmp_path / "link", None)


def test_killed_test_runs_leave_no_data(dirs: ServiceDirs) -> None:
    with subprocess.Popen(["/bin/true"]) as gone:
        gone.wait()
    (dirs.base / "owner.pid").write_text(str(gone.pid))
    temporary_dirs().delete_temporary()
    assert not dirs.base.exists()


def test_a_child_ends_with_its_parent_even_by_kill_9(tmp_path: Path) -> None:
    """A parent of its own starts a child, says its id, and is killed."""
    code = (
        "import signal; from scripts.processes import Child\n"
        "child = Child('x', ['/bin/sleep', '60'], env={}); print(child.pid, flush=True); signal.pause()"
    )
    root = Path(__file__).resolve().parent.parent.parent
    with subprocess.Popen([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())  # type: ignore[union-attr]
        assert is_alive(child, command_contains="sleep")
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    for _ in range(200):
        if not is_alive(child, command_contains="sleep"):
            return
        signal.sigtimedwait([], 0.02)
    pytest.fail("the child outlived its parent")
