"""Prepares the database of `make run`: checks, migrations, campaign, demonstration."""

import hashlib
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from apps.core.health import forget_heartbeats

from .processes import ROOT

CAMPAIGN = ROOT / "data" / "mc11"
DEMO = CAMPAIGN / "demo"


def main() -> None:
    """Idempotent. Loads the campaign's files where they have changed, or where the database has no campaign. Demo mode
    stops before migrating a database that it did not make."""
    django.setup()
    call_command("check", databases=["default"])
    call_command("migrate", verbosity=0, interactive=False)
    if settings.DEMO:
        call_command("mark_demo_database", verbosity=0)
    if "REDIS_URL" in os.environ["OWN_SERVICES"]:
        forget_heartbeats()
    stamp, state = stamp_file(), hash_of_files()
    if is_loaded() and stamp.exists() and stamp.read_text() == state:
        print("Database and campaign are as the files say.")
        return
    if settings.DEMO and not has_campaign():
        call_command("load_demo", str(CAMPAIGN))
    else:
        call_command("load_campaign", str(CAMPAIGN))
        if settings.DEMO:
            call_command("load_demo_cast", str(DEMO))
    stamp.parent.mkdir(exist_ok=True)  # `make pictures` may come before the first `make run`
    stamp.write_text(state)


def has_campaign() -> bool:
    """It may have been dropped since."""
    from apps.campaigns.models import Campaign

    return Campaign.objects.exists()


def is_loaded() -> bool:
    from apps.accounts.models import User

    return has_campaign() and (not settings.DEMO or User.objects.exists())


def stamp_file() -> Path:
    """A file per database with the hash of what was loaded."""
    database = connection.settings_dict
    mark = hashlib.sha256(" ".join(str(database[key]) for key in ("HOST", "PORT", "NAME")).encode()).hexdigest()[:8]
    return ROOT / ".run" / f"loaded-{mark}"


def hash_of_files() -> str:
    """A hash of the campaign's files and the code that reads them."""
    digest = hashlib.sha256()
    for folder, pattern in ((CAMPAIGN, "**/*"), (ROOT / "apps" / "campaign_files", "**/*.py")):
        for path in sorted(folder.glob(pattern)):
            if path.is_file():
                digest.update(f"{path.relative_to(ROOT)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    try:
        main()
    except (CommandError, SystemCheckError) as error:
        sys.exit(str(error))
