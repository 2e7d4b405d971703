"""`make check`: static checks. Every step runs; the last line names those that failed."""

import base64
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from .processes import ROOT, CannotRun

#: the script that pip installs does not start under every path
LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_logo=True))"
PROGRAMS = Path(sys.executable).parent
#: only the rule of .djlint_rules.yaml is about text
MAIL_TEMPLATES = ["--extension", "txt", "--include", "L001"]
TESTS = {"DJANGO_SETTINGS_MODULE": "ecomcampaign.settings.test"}


def sample_production(static_root: str) -> dict[str, str]:
    """A complete production environment, in which all deploy checks pass."""

    def key() -> str:
        return "1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()

    return {
        "DJANGO_SETTINGS_MODULE": "ecomcampaign.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_KEYS": key(),
        "LOOKUP_KEYS": key(),
        "ALLOWED_HOSTS": "letters.example.org",
        "SITE_URL": "https://letters.example.org",
        "DATABASE_URL": "postgresql://ecomcampaign@database/ecomcampaign",
        "REDIS_URL": "redis://valkey:6379/0",
        "DEFAULT_FROM_EMAIL": "campaign@example.org",
        "REPLY_DOMAIN": "reply.example.org",
        "STATIC_ROOT": static_root,
    }


def steps(production: dict[str, str]) -> list[tuple[str, list[str], dict[str, str]]]:
    """(name, command, variables). One step fills STATIC_ROOT of `production`, the next reads it."""
    python, manage = [sys.executable], [sys.executable, "-W", "ignore::RuntimeWarning", "manage.py"]
    return [
        ("lint", [*python, "-m", "ruff", "check", "."], {}),
        ("format", [*python, "-m", "ruff", "format", "--check", "--output-format", "concise", "."], {}),
        ("imports", [*python, "-c", LINT_IMPORTS], TESTS),
        ("types", [*python, "-m", "mypy"], TESTS),
        ("templates", [*python, "-m", "djlint", "templates", "apps", "--lint", "--quiet"], {}),
        ("mail templates", [*python, "-m", "djlint", "templates", "--lint", "--quiet", *MAIL_TEMPLATES], {}),
        ("template format", [str(PROGRAMS / "djangofmt"), "--check", "templates"], {}),
        ("style sheets", [str(PROGRAMS / "oxfmt"), "--check", "static/css"], {}),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"], TESTS),
        ("built assets", [*python, "-m", "scripts.assets_check"], {}),
        ("settings", [*manage, "check"], TESTS),
        ("static files", [*manage, "collectstatic", "--no-input", "--verbosity", "0"], production),
        ("deploy settings", [*manage, "check", "--deploy", "--fail-level", "WARNING"], production),
    ]


def main(names: Sequence[str]) -> int:
    """Run these steps; without names, all."""
    with tempfile.TemporaryDirectory(prefix="ecomcampaign-static-") as static_root:
        known = steps(sample_production(static_root))
        if unknown := set(names) - {name for name, _, _ in known}:
            raise CannotRun(f"{', '.join(sorted(unknown))}: the steps are {', '.join(name for name, _, _ in known)}.")
        return run([step for step in known if not names or step[0] in names])


def run(wanted: list[tuple[str, list[str], dict[str, str]]]) -> int:
    failed = []
    for name, command, variables in wanted:
        started = time.monotonic()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
        done = subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True, check=False)
        verdict = "FAILED" if done.returncode else "ok"
        print(f"{name:<16} {verdict:<6} {time.monotonic() - started:5.1f} s", flush=True)
        if done.returncode:
            failed.append(name)
            print(f"{done.stdout}{done.stderr}".rstrip() + "\n", flush=True)
    print(f"make check: failed in {', '.join(failed)}" if failed else "make check: all is well", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
