"""Of several workers of one run, one migrates and loads the campaigns; the others copy its database, which takes a
tenth of the time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


@contextmanager
def own_turn(place: Path) -> Iterator[bool]:
    """One worker after the other sets up its database in this block. True for the first one: what it leaves in the
    database, the others find in theirs."""
    with place.open("a+") as said:
        fcntl.flock(said, fcntl.LOCK_EX)
        said.seek(0)
        template = said.read()
        if template:
            connection.settings_dict["TEST"]["TEMPLATE"] = template
        yield not template
        if not template:
            said.write(_copied())


def _copied() -> str:
    """The name of a copy that nobody is connected to, as PostgreSQL demands of a template."""
    own = connection.settings_dict["NAME"]
    name = f"{own}_template"
    connection.close()
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # as Django creates databases
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{own}"')
    return name
