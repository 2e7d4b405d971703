"""PostgreSQL and Valkey of our own, from the wheels: on unix sockets in a private directory, as an unprivileged user.

`python -m scripts.local_services` runs them until Ctrl-C and prints their addresses, for shells and tests of one app.
"""

import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
import redis

from .checkout_lock import (
    LOOPBACK,
    RUNNING_FILE,
    environment_of_processes,
    join_running,
    lock_checkout,
    publish_environment,
    wanted_port,
)
from .find_binaries import postgres_binaries, valkey_binary
from .processes import CannotRun, Child, is_alive, stop_all, stop_stray
from .service_dirs import CLEAN_ENVIRONMENT, ServiceDirs, persistent_dirs, temporary_dirs

#: role and database of the product; the superuser is used to make them and for nothing else
ROLE = "ecomcampaign"
SUPERUSER = "postgres"
MAX_CONNECTIONS = max(100, 30 * ((os.cpu_count() or 1) + 1))  # tests use up to 30 per worker
START_SECONDS = 30
STOP_SECONDS = 15


@contextmanager
def running_services(dirs: ServiceDirs) -> Iterator[tuple[dict[str, str], list[Child]]]:
    """Start what the environment does not name; yields the variables DATABASE_URL and REDIS_URL, and the processes."""
    os.umask(0o022)
    variables: dict[str, str] = {}
    children: list[Child] = []
    try:
        for name, start in (("DATABASE_URL", start_postgres), ("REDIS_URL", start_valkey)):
            if not os.environ.get(name) and not os.environ.get(f"{name}_FILE"):
                variables[name] = start(dirs, children)
        yield variables, children
    finally:
        stop_all(children, STOP_SECONDS)
        dirs.delete_temporary()


def start_postgres(dirs: ServiceDirs, children: list[Child]) -> str:
    """Start PostgreSQL, append it to `children`, and make role and database. Returns the URL. Raises CannotRun."""
    programs = postgres_binaries(dirs)
    data = dirs.directory("postgres")
    cluster = data / "cluster"
    _end_stray(cluster / "postmaster.pid", str(cluster), signal.SIGINT)
    _initialise(dirs, programs, cluster)
    _write_access(dirs, cluster)
    for stale in dirs.sockets.glob(".s.PGSQL.*"):
        stale.unlink()
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(dirs.sockets),
        "unix_socket_permissions": "0700",
        "max_connections": str(MAX_CONNECTIONS),
        # fsync stays on for tests as well: live sending refuses a server without it
        "synchronous_commit": "on" if dirs.durable else "off",
        "full_page_writes": "on" if dirs.durable else "off",
        # a refused statement holds what people typed, and the detail of its error the keys: neither belongs in a log
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }
    command = [str(programs / "postgres"), "-D", str(cluster)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with dirs.log_file("postgres").open("wb") as log:
        child = Child(
            "postgres", command, env=CLEAN_ENVIRONMENT, cwd=data, account=dirs.account, output=log,
            stop_signal=signal.SIGINT,
        )  # fmt: skip  # SIGINT is the "fast" shutdown: SIGTERM would wait for every client
    children.append(child)
    server = f"postgresql://{SUPERUSER}@/postgres?host={quote(str(dirs.sockets))}"
    _wait(child, dirs, lambda: psycopg.connect(server, connect_timeout=5).close(), psycopg.OperationalError)
    _make_database(server, for_tests=not dirs.durable)
    return f"postgresql://{ROLE}@/{ROLE}?host={quote(str(dirs.sockets))}"


def start_valkey(dirs: ServiceDirs, children: list[Child]) -> str:
    """Start Valkey, append it to `children`. Returns the URL. Raises CannotRun."""
    program = valkey_binary(dirs)
    data = dirs.directory("valkey")
    socket = dirs.sockets / "valkey.sock"
    pid_file = dirs.base / "valkey.pid"
    _end_stray(pid_file, str(socket), signal.SIGTERM)
    socket.unlink(missing_ok=True)
    command = [
        str(program), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700",
        "--dir", str(data), "--appendonly", "yes" if dirs.durable else "no", "--save", "",
        "--daemonize", "no",
    ]  # fmt: skip
    with dirs.log_file("valkey").open("wb") as log:
        child = Child("valkey", command, env=CLEAN_ENVIRONMENT, cwd=data, account=dirs.account, output=log)
    children.append(child)
    pid_file.write_text(f"{child.pid}\n")
    url = f"unix://{quote(str(socket))}?db=0"
    _wait(child, dirs, lambda: redis.Redis.from_url(url).ping(), redis.RedisError)
    return url


def _initialise(dirs: ServiceDirs, programs: Path, cluster: Path) -> None:
    """Make the cluster under another name and move it when it is complete: an interrupted one is made again."""
    major = dirs.run([str(programs / "postgres"), "--version"]).split()[2].split(".")[0]
    if (cluster / "PG_VERSION").exists():
        found = (cluster / "PG_VERSION").read_text().strip()
        if found != major:
            raise CannotRun(
                f"The data in {cluster} was made by PostgreSQL {found}; this is {major}. Dump it with the old version, "
                "or move that directory away to begin with an empty database."
            )
        return
    unfinished = cluster.with_name("unfinished")
    dirs.remove(unfinished)
    dirs.remove(cluster)
    options = ["--no-instructions"] if dirs.durable else ["--no-instructions", "--no-sync"]
    dirs.run([
        str(programs / "initdb"), "-D", str(unfinished), "-U", SUPERUSER, "-E", "UTF8",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth=peer", *options,
    ])  # fmt: skip
    unfinished.rename(cluster)


def _write_access(dirs: ServiceDirs, cluster: Path) -> None:
    """Who may connect: over the socket only, and only we ourselves. Where we have no name on this machine (a container
    with a number for a user), the private directory of the socket has to do."""
    people = dirs.user_names()
    method = "peer map=ecomcampaign" if people else "trust"
    dirs.write(cluster / "pg_hba.conf", f"local all all {method}\n")
    lines = [f'ecomcampaign "{person}" {role}\n' for person in people for role in (SUPERUSER, ROLE)]
    dirs.write(cluster / "pg_ident.conf", "".join(lines))


def _make_database(server: str, *, for_tests: bool) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE]).fetchone():
            connection.execute(f"CREATE DATABASE {ROLE} OWNER {ROLE}")
        if for_tests:  # tests empty tables that refuse it, between one test and the next
            connection.execute(f"GRANT SET ON PARAMETER session_replication_role TO {ROLE}")


def _end_stray(pid_file: Path, command_contains: str, stop_signal: signal.Signals) -> None:
    """End a service that outlived a killed run, and remove its stale mark, so that a new one can start."""
    try:
        pid = int(pid_file.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return
    if is_alive(pid, command_contains=command_contains):
        stop_stray(pid, stop_signal)
    pid_file.unlink(missing_ok=True)


def _wait(child: Child, dirs: ServiceDirs, ask: Callable[[], object], refused: type[Exception]) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            ask()
        except refused as error:
            reason = error
        else:
            return
        if child.ended() or time.monotonic() > until:
            said = dirs.log_file(child.name).read_text(errors="replace").strip().splitlines()[-8:]
            raise CannotRun(
                f"{child.name} did not start ({child.ended() or reason}). It said, in {dirs.log_file(child.name)}:\n  "
                + "\n  ".join(said)
            )
        time.sleep(0.03)


def main() -> int:
    """Run both until SIGINT or SIGTERM. With --passing they keep nothing and are quick, as for tests. Where `make run`
    or another one has them already, name theirs and leave them alone."""
    for sign in (signal.SIGINT, signal.SIGTERM):  # a script that starts us in the background has SIGINT ignored
        signal.signal(sign, signal.default_int_handler)
    if "--passing" in sys.argv:
        return run_alone(temporary_dirs(), lambda variables: None)
    dirs = persistent_dirs()
    try:
        lock = lock_checkout("make services")
    except CannotRun as busy:
        theirs = join_running(busy)
        print(f"{busy} Its services, for as long as it runs:", file=sys.stderr)
        show({name: theirs[name] for name in theirs["OWN_SERVICES"].split()})
        return 0
    port = wanted_port()
    with lock:
        try:
            return run_alone(dirs, lambda own: publish_environment(environment_of_processes(dirs, LOOPBACK, port, own)))
        finally:
            RUNNING_FILE.unlink(missing_ok=True)


def run_alone(dirs: ServiceDirs, started: Callable[[dict[str, str]], None]) -> int:
    with suppress(KeyboardInterrupt), running_services(dirs) as (variables, children):
        started(variables)
        show(variables)
        while not any(child.ended() for child in children):
            time.sleep(0.5)
    return 0


def show(variables: dict[str, str]) -> None:
    for name, value in variables.items():
        print(f"export {name}={shlex.quote(value)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
