"""`make run`: services, database, campaign, and the processes of the Procfile on this machine.

A process that ends is not started again and ends no other: /healthz and the terminal report it. SIGINT, SIGTERM, SIGHUP
and the end of the parent `make` stop everything.
"""

import http.client
import os
import re
import socket
import sys
import time

from apps.core.environment import flag

from .checkout_lock import (
    LOOPBACK,
    RUNNING_FILE,
    environment_of_processes,
    lock_checkout,
    publish_environment,
    wanted_port,
)
from .local_services import running_services
from .processes import ROOT, CannotRun
from .service_dirs import ServiceDirs, persistent_dirs
from .supervisor import Stopped, Supervisor

HEALTHY_WITHIN = 60


def main() -> int:
    os.umask(0o022)
    started = time.monotonic()
    host, port = os.environ.get("BIND_HOST") or LOOPBACK, wanted_port()
    check_port_is_free(host, port)
    dirs = persistent_dirs()
    lock = lock_checkout(f"port {port}")
    supervisor = Supervisor()
    try:
        with running_services(dirs) as (variables, services):
            try:
                supervisor.services = services
                environment = environment_of_processes(dirs, host, port, variables)
                supervisor.run_to_end("prepare", "exec python -m scripts.prepare_database", environment)
                for name, command in procfile().items():
                    supervisor.start(name, command, environment)
                supervisor.until(lambda: is_healthy(supervisor, host, port), HEALTHY_WITHIN)
                publish_environment(environment)
                supervisor.say(welcome(host, port, dirs, environment, time.monotonic() - started))
                supervisor.serve()
            finally:
                RUNNING_FILE.unlink(missing_ok=True)
                supervisor.stop()
    except Stopped:
        pass
    finally:
        lock.close()
    return 0


def check_port_is_free(host: str, port: int) -> None:
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


def procfile() -> dict[str, str]:
    """{name: command} of the Procfile, in its order."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    found = [re.fullmatch(r"(\w+):\s*(.+)", line) for line in lines if line and line[0] != "#"]
    return {entry[1]: entry[2] for entry in found if entry}


def is_healthy(supervisor: Supervisor, host: str, port: int) -> bool:
    """Asks /healthz. Raises CannotRun where the web process has ended."""
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


def welcome(host: str, port: int, dirs: ServiceDirs, environment: dict[str, str], seconds: float) -> str:
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    sign_in = f"Sign in with one click  {address}/accounts/demo/"
    if not flag("DEMO", default=True):
        sign_in = f"Sign in                 {address}/accounts/sign-in/"
    data = str(dirs.base)
    if "DATABASE_URL" not in environment["OWN_SERVICES"]:  # not shown: it may contain a password
        data = f"the database of your DATABASE_URL; exported files and logs in {dirs.base}"
    return (
        f"\n  ecomcampaign serves at  {address}/  (started in {seconds:.0f} s)\n"
        f"  {sign_in}\n"
        f"  Every email it sends     {address}/postbox/\n"
        f"  Health                  {address}/healthz\n"
        f"  Its data is kept in     {data}\n"
        '  Commands of manage.py   make manage ARGS="load_campaign data/mc11 --dry-run"\n'
        "  Stop it with Ctrl-C.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
