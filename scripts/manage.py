"""`make manage ARGS="load_campaign data/mc11 --dry-run"`: a command of manage.py on the data of `make run`.

While `make run` serves, the command joins it; otherwise the services run for as long as the command.
"""

import json
import os
import subprocess
import sys

from .places import lasting_place
from .processes import ROOT, CannotRun
from .run import LOOPBACK, RUNNING, environment_of_processes, hold_checkout, wanted_port
from .services import running_services


def main() -> int:
    place = lasting_place()
    try:
        lock = hold_checkout(wanted_port())
    except CannotRun as busy:
        if not RUNNING.exists():
            raise CannotRun(f"{busy} Or wait until it serves, and try again.") from None
        return run(json.loads(RUNNING.read_text(encoding="utf-8")))
    with lock, running_services(place) as (variables, _services):
        return run(environment_of_processes(place, LOOPBACK, wanted_port(), variables))


def run(environment: dict[str, str]) -> int:
    command = [sys.executable, "-W", "ignore::RuntimeWarning", str(ROOT / "manage.py"), *sys.argv[1:]]
    return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CannotRun as error:
        sys.exit(str(error))
