"""`make bench`: one line per measurement, `name ratio=… goal=… value=…/s floor=…/s`; ONLY=letters runs one part.

A part is a module of benchmarks/ with a function run() that yields lines. With `NEEDS_DATABASE = True` it gets a
temporary migrated database on a PostgreSQL that writes as safely as in production.
"""

import importlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import django
from django.core.management import call_command

from .local_services import running_services
from .processes import ROOT, CannotRun
from .service_dirs import temporary_dirs


def parts(only: str) -> list[Path]:
    """Files of the requested parts, by name. Raises CannotRun for an unknown one."""
    with_run = [path for path in sorted((ROOT / "benchmarks").glob("[!_]*.py")) if "\ndef run(" in path.read_text()]
    found = [path for path in with_run if not only or path.stem == only]
    if not found:
        raise CannotRun(f"ONLY={only}: the parts are {', '.join(path.stem for path in with_run)}.")
    return found


@contextmanager
def scratch_database() -> Iterator[None]:
    dirs = replace(temporary_dirs(), durable=True)
    try:
        with running_services(dirs) as (variables, _):
            os.environ.update(variables)
            yield
    finally:
        shutil.rmtree(dirs.base, ignore_errors=True)


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "ecomcampaign.settings.test"
    with ExitStack() as stack:
        chosen = parts(os.environ.get("ONLY", ""))
        needs_database = any("\nNEEDS_DATABASE = True" in path.read_text() for path in chosen)
        if needs_database:
            stack.enter_context(scratch_database())
        django.setup()
        if needs_database:
            call_command("migrate", verbosity=0, interactive=False)
        for path in chosen:
            for line in importlib.import_module(f"benchmarks.{path.stem}").run():
                print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
