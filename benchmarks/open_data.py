"""The public names of a letter as CSV, beside `\\copy` of the same columns, and the memory that a million need."""

import resource
import subprocess
from collections.abc import Callable, Iterator
from functools import partial

from django.db import connection

from apps.coalitions.models import SignOnCall
from apps.core.kept_files import write_file
from apps.website.pages.open_data.signatories import signatories_write
from scripts.find_binaries import postgres_binaries
from scripts.service_dirs import temporary_dirs

from .measuring import Line, compare
from .signing_world import add_signatures, make_open_call

NEEDS_DATABASE = True
FEW, MANY = 50_000, 1_000_000
#: megabytes by which a million names may raise the memory of the process
MEMORY = 40


def run() -> Iterator[Line]:
    call = make_open_call()
    add_signatures(call, 1, FEW)
    work = partial(write_file, partial(signatories_write, call))
    yield compare("open_data.names_csv", goal=0.5, work=work, floor=_psql(call), items=FEW * 4 // 5)
    add_signatures(call, FEW + 1, MANY)
    before = _megabytes()
    work()
    more = max(_megabytes() - before, 1)
    yield Line("open_data.memory_names_csv", 1, MEMORY / more, 1 / more, 1 / MEMORY)


def _psql(call: SignOnCall) -> Callable[[], object]:
    r"""`\copy` of the same columns and rows, in the same order."""
    statement = (
        "SELECT display_name, org_name_english, kind, country FROM coalitions_signon"
        f" WHERE version_id = {call.version_id} AND state = 'confirmed'"
        " AND moderation = 'accepted' AND visibility = 'public' ORDER BY country, name_key, id"
    )
    program = str(postgres_binaries(temporary_dirs()) / "psql")
    database = connection.settings_dict
    target = ["-q", "-h", database["HOST"], "-U", database["USER"], database["NAME"]]
    copy = rf"\copy ({statement}) TO /dev/null CSV"
    return partial(subprocess.run, [program, *target, "-c", copy], check=True, capture_output=True)


def _megabytes() -> float:
    """The most that the process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
