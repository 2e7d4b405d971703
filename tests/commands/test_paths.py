"""The commands work in a checkout whose path has spaces, quotes and whatever else a shell has a meaning for."""

import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.checkouts import Run, bare_environment, copy_checkout

FOLDER = 'it\'s a "näme"; $HOME & co `id` \\ 100%'


@pytest.fixture(scope="module")
def checkout() -> Iterator[Path]:
    """A checkout in such a folder, with an environment of its own: hard links of ours."""
    root = Path(tempfile.mkdtemp(prefix="ecomcampaign-path-"))
    root.chmod(0o755)
    tree = root / FOLDER
    copy_checkout(tree, environment=True)
    yield tree
    shutil.rmtree(root)


def make(tree: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *words], cwd=tree, env={**bare_environment(), **variables}, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip


def test_make_run_serves_and_make_manage_joins_it(checkout: Path) -> None:
    run = Run(checkout, ["env", "DEMO=0", "make", "run"])  # what the demonstration has is no matter of the path
    try:
        run.wait_for("ecomcampaign serves at")
        assert run.get("/healthz") == 200
        joined = make(checkout, "manage", ARGS="load_campaign data/mc11", DEMO="0")
        assert (joined.returncode, joined.stdout) == (0, "mc11: 0 created, 0 changed\n"), joined.stderr
        beside = make(checkout, "services")
        assert re.findall(r"^export (\w+)=", beside.stdout, re.M) == ["DATABASE_URL", "REDIS_URL"], beside.stderr
    finally:
        run.remember_family()
        run.process.send_signal(signal.SIGTERM)
        run.process.wait(timeout=40)
    assert run.left() == []


def test_make_test_runs_a_test_with_services_of_its_own(checkout: Path) -> None:
    done = make(checkout, "test", ARGS="-q apps/core/tests/test_canonical.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(r"\d+ passed.*", done.stdout.splitlines()[-1])


def test_the_linters_that_are_scripts_start(checkout: Path) -> None:
    """pip writes their interpreter's path into them, within double quotes of a shell."""
    done = subprocess.run(
        [".venv/bin/python", "-m", "scripts.check", "imports", "templates"], cwd=checkout, env=bare_environment(),
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
