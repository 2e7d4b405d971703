"""`make manage ARGS="load_campaign data/mc11 --dry-run"`: a command of manage.py on the data of `make run`.

While `make run` serves or `make services` runs, the command joins it; otherwise they run as long as it does.
"""

import os
import subprocess
import sys

from .checkout_lock import LOOPBACK, environment_of_processes, join_running, lock_checkout, wanted_port
from .local_services import running_services
from .processes import ROOT, CannotRun
from .service_dirs import persistent_dirs


def main() -> int:
    dirs = persistent_dirs()
    try:
        lock = lock_checkout("make manage")
    except CannotRun as busy:
        return run(join_running(busy))
    with lock, running_services(dirs) as (variables, _services):
        return run(environment_of_processes(dirs, LOOPBACK, wanted_port(), variables))


def run(environment: dict[str, str]) -> int:
    command = [sys.executable, "-W", "ignore::RuntimeWarning", str(ROOT / "manage.py"), *sys.argv[1:]]
    return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
