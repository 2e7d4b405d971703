"""`make test` and `make faults`: pytest on services of its own. The arguments are pytest's; so is the exit code.

`--on-all-cores`, as the first argument, runs a worker per usable core and one more: browsers, servers and mail are
waited for a quarter of the time (on two cores 15 minutes in place of 20).
"""

import os
import shlex
import shutil
import signal
import subprocess
import sys

from .local_services import running_services
from .processes import ROOT
from .service_dirs import temporary_dirs


def main(arguments: list[str]) -> int:
    """Run pytest with temporary services; prints nothing after its last line."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if arguments[:1] == ["--on-all-cores"]:
        arguments = [f"--numprocesses={usable_cores() + 1}", "--dist=worksteal", *arguments[1:]]
    arguments = arguments + shlex.split(os.environ.get("ARGS", ""))
    with running_services(temporary_dirs()) as (variables, _):
        environment = {**os.environ, **variables, "DJANGO_SETTINGS_MODULE": "ecomcampaign.settings.test"}
        # else each process that a test starts would compile the product again, and each worker rewrite every assertion
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if chromium := shutil.which("chromium-headless-shell") or shutil.which("chromium"):
            environment.setdefault("CHROMIUM", chromium)
        with subprocess.Popen([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=environment) as pytest:
            try:
                return pytest.wait()
            except KeyboardInterrupt:  # pytest got it too where it came from the terminal
                pytest.send_signal(signal.SIGINT)
                return pytest.wait()


def usable_cores() -> int:
    """The number of cores that containers and taskset allow."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
