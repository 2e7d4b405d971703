"""`make manage ARGS="load_campaign data/mc11 --dry-run"`: a command of manage.py on the data of `make run`.

While `make run` serves or `make services` runs, the command joins it; otherwise they run as long as it does.
"""

import os
import subprocess
import sys

from .checkout import LOOPBACK, environment_of_processes, hold_checkout, join, wanted_port
from .places import lasting_place
from .processes import ROOT, CannotRun
from .services import running_services


def main() -> int:
    place = lasting_place()
    try:
        lock = hold_checkout("make manage")
    except CannotRun as busy:
        return run(join(busy))
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
