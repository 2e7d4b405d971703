"""`make run`: services, database, campaign, and the processes of the Procfile on this machine.

A process that ends takes no other with it and is not started again: /healthz and the terminal say so, as they would in
production. SIGINT, SIGTERM and SIGHUP stop everything; so does the end of the `make` that started us.
"""

import fcntl
import http.client
import json
import os
import re
import socket
import sys
import time
from pathlib import Path
from typing import TextIO

from .places import Place, lasting_place
from .processes import ROOT, CannotRun
from .services import running_services
from .supervisor import Stopped, Supervisor

HEALTHY_WITHIN = 60
LOOPBACK = "127.0.0.1"
#: what a second command needs to join us (`make manage`), while we serve
RUNNING = ROOT / ".run" / "running.json"


def main() -> int:
    os.umask(0o022)
    started = time.monotonic()
    host, port = os.environ.get("BIND_HOST") or LOOPBACK, wanted_port()
    refuse_taken(host, port)
    place = lasting_place()
    lock = hold_checkout(port)
    supervisor = Supervisor()
    try:
        with running_services(place) as (variables, services):
            try:
                supervisor.watch(services)
                environment = environment_of_processes(place, host, port, variables)
                supervisor.run_to_end("prepare", f"{sys.executable} -m scripts.prepare", environment)
                for name, command in procfile().items():
                    supervisor.start(name, command, environment)
                supervisor.until(lambda: is_healthy(supervisor, host, port), HEALTHY_WITHIN)
                tell_others(environment)
                supervisor.say(welcome(host, port, place, time.monotonic() - started))
                supervisor.serve()
            finally:
                RUNNING.unlink(missing_ok=True)
                supervisor.stop()
    except Stopped:
        pass
    finally:
        lock.close()
    return 0


def wanted_port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise CannotRun(f"PORT={given} is not a port: give a number from 1 to 65535.")
    return int(given)


def refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotRun(
                f"Port {port} on {host} cannot be used ({error.strerror}): another program has it, perhaps another "
                f"checkout. Choose another: make run PORT={port + 1}"
            ) from None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def hold_checkout(port: int) -> TextIO:
    """One `make run` per checkout: the system lets go of the lock when we end, however that happens."""
    file = (ROOT / ".run" / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        raise CannotRun(f"This checkout is running already ({file.read().strip()}). Stop that one first.") from None
    file.truncate(0)
    file.write(f"process {os.getpid()}, port {port}\n")
    file.flush()
    return file


def environment_of_processes(place: Place, host: str, port: int, variables: dict[str, str]) -> dict[str, str]:
    environment = {**os.environ, **variables}
    smtp_port = environment.get("POSTBOX_LISTEN_PORT") or str(free_port())
    return environment | {
        "DJANGO_SETTINGS_MODULE": "ecomcampaign.settings.local",
        "BIND_HOST": host,
        "PORT": str(port),
        "SMTP_HOST": LOOPBACK,
        "SMTP_PORT": smtp_port,
        "POSTBOX_LISTEN_PORT": smtp_port,
        "BEAT_SCHEDULE": str(ROOT / ".run" / "celerybeat-schedule"),
        "OWN_SERVICES": " ".join(variables),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        # Celery's warning to root: true, and said in docs/operating.md; a demo on one's own machine may.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }


def tell_others(environment: dict[str, str]) -> None:
    """Keep what we added to the environment, for us alone."""
    added = {name: value for name, value in environment.items() if os.environ.get(name) != value and name != "PATH"}
    RUNNING.unlink(missing_ok=True)
    with open(os.open(RUNNING, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(added, file)


def procfile() -> dict[str, str]:
    """{name: command} of the Procfile, in its order."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    found = [re.fullmatch(r"(\w+):\s*(.+)", line) for line in lines if line and line[0] != "#"]
    return {entry[1]: entry[2] for entry in found if entry}


def is_healthy(supervisor: Supervisor, host: str, port: int) -> bool:
    """Asks /healthz. Raises CannotRun where the web process ended, for then nobody will ever answer."""
    if "web" in supervisor.ended:
        raise CannotRun("The web process ended while starting: see its lines above.")
    connection = http.client.HTTPConnection(host, port, timeout=3)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def welcome(host: str, port: int, place: Place, seconds: float) -> str:
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    return (
        f"\n  ecomcampaign serves at  {address}/  (started in {seconds:.0f} s)\n"
        f"  Sign in with one click  {address}/accounts/demo/\n"
        f"  Every mail it sends     {address}/postbox/\n"
        f"  Is it well?             {address}/healthz\n"
        f"  Its data is kept in     {place.base}\n"
        '  Commands of manage.py   make manage ARGS="load_campaign data/mc11 --dry-run"\n'
        "  Stop it with Ctrl-C.\n"
    )


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CannotRun as error:
        sys.exit(str(error))
