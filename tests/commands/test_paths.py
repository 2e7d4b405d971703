"""Commands work in a checkout whose path has a meaning for shells; `make run` in one is in test_run.py."""

import re
import subprocess
from pathlib import Path

from tests.commands.checkouts import bare_environment, make


def test_make_test_runs_a_test_with_services_of_its_own(checkout: Path) -> None:
    done = make(checkout, "test", ARGS="-q apps/core/tests/test_canonical.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(r"\d+ passed.*", done.stdout.splitlines()[-1])


def test_the_linters_that_are_scripts_start(checkout: Path) -> None:
    """pip writes their interpreter's path into them, within double quotes of a shell."""
    done = subprocess.run(
        [".venv/bin/python", "-m", "scripts.check", "imports", "templates"], cwd=checkout, env=bare_environment(),
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
