"""`make test` and `make faults`: pytest on services of its own. The arguments are pytest's; so is the exit code."""

import os
import shlex
import shutil
import signal
import subprocess
import sys

from .places import passing_place
from .processes import ROOT, CannotRun
from .services import running_services


def main(arguments: list[str]) -> int:
    """Run pytest with services that forget everything afterwards; nothing is printed after its last line."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    arguments = arguments + shlex.split(os.environ.get("ARGS", ""))
    with running_services(passing_place()) as (variables, _):
        environment = {**os.environ, **variables, "DJANGO_SETTINGS_MODULE": "ecomcampaign.settings.test"}
        if chromium := shutil.which("chromium"):
            environment.setdefault("CHROMIUM", chromium)
        with subprocess.Popen([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=environment) as pytest:
            try:
                return pytest.wait()
            except KeyboardInterrupt:  # pytest got it too where it came from the terminal
                pytest.send_signal(signal.SIGINT)
                return pytest.wait()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CannotRun as error:
        sys.exit(str(error))
