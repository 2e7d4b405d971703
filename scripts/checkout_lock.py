"""Lets one command run the services of this checkout (`make run`, `make services`, `make manage`), and others join."""

import fcntl
import json
import os
import socket
import sys
from pathlib import Path
from typing import TextIO

from .processes import ROOT, CannotRun
from .service_dirs import ServiceDirs

LOOPBACK = "127.0.0.1"
#: variables that another command needs to join, while this one serves
RUNNING_FILE = ROOT / ".run" / "running.json"


def wanted_port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise CannotRun(f"PORT={given} is not a port: give a number from 1 to 65535.")
    return int(given)


def lock_checkout(what: str) -> TextIO:
    """Lock the services of the checkout for `what`. The system releases the lock when this process ends in any way.
    Raises CannotRun, naming the process that has it."""
    (ROOT / ".run").mkdir(exist_ok=True)
    file = (ROOT / ".run" / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        raise CannotRun(f"This checkout is running already ({file.read().strip()}). Stop that one first.") from None
    file.truncate(0)
    file.write(f"process {os.getpid()}, {what}\n")
    file.flush()
    RUNNING_FILE.unlink(missing_ok=True)  # left by a killed process
    return file


def join_running(busy: CannotRun) -> dict[str, str]:
    """Variables of the process that has the lock. Raises `busy`, with what to do, while it has published none."""
    try:
        return dict(json.loads(RUNNING_FILE.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        raise CannotRun(f"{busy} Or wait until it serves or has ended, and try again.") from None


def environment_of_processes(dirs: ServiceDirs, host: str, port: int, variables: dict[str, str]) -> dict[str, str]:
    environment = {**os.environ, **variables}
    smtp_port = environment.get("POSTBOX_LISTEN_PORT") or str(free_port())
    return environment | {
        "DJANGO_SETTINGS_MODULE": "ecomcampaign.settings.local",
        "BIND_HOST": host,
        "PORT": str(port),
        "LIVE_PORT": environment.get("LIVE_PORT") or str(next_free_port(port)),
        "SMTP_HOST": LOOPBACK,
        "SMTP_PORT": smtp_port,
        "POSTBOX_LISTEN_PORT": smtp_port,
        "BEAT_SCHEDULE": str(ROOT / ".run" / "celerybeat-schedule"),
        "OWN_SERVICES": " ".join(variables),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        # Celery warns root; docs/operating.md says the same, and a demo on one's own machine may
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }


def next_free_port(port: int) -> int:
    """The next one, or any where another checkout has that."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port + 1))
        except (OSError, OverflowError):
            return free_port()
    return port + 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def publish_environment(environment: dict[str, str]) -> None:
    """Store the variables that were added to the environment, readable for this user only."""
    added = {name: value for name, value in environment.items() if os.environ.get(name) != value and name != "PATH"}
    RUNNING_FILE.unlink(missing_ok=True)
    with open(os.open(RUNNING_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(added, file)
