"""A mail server to script, and messages to send through it."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from apps.postbox.models import Message
from apps.postbox.services.queue import message_queue
from tests.factories.smtp_server import ScriptedServer

_numbers = count(1)


@pytest.fixture
def server(settings: Any) -> Iterator[ScriptedServer]:
    """The mail server that the postbox sends to."""
    with ScriptedServer() as scripted:
        settings.POSTBOX = {**settings.POSTBOX, "PORT": scripted.port}
        yield scripted


@pytest.fixture
def impatient(server: ScriptedServer, settings: Any) -> None:
    """For tests that wait for a timeout of ours; a slow machine answers within it."""
    settings.POSTBOX = {**settings.POSTBOX, "CONNECT_TIMEOUT": 0.7, "STEP_TIMEOUT": 0.7, "DOT_TIMEOUT": 0.7}


@pytest.fixture
def make_message(db: None) -> Callable[..., Message]:
    """make_message(policy="once", …) queues a letter with a body long enough to be cut in its middle."""

    def make(**given: Any) -> Message:
        number = next(_numbers)
        values: dict[str, Any] = {
            "kind": "letter",
            "policy": "once",
            "to_address": f"minister{number}@trade.example",
            "subject": f"A letter {number}",
            "text_body": "Excellency,\n.\nwe write about trade.\n" * 200,
            "from_header": "Fair Digital Trade <letters@mc11.example>",
            "once_key": f"letter:1:recipient:{number}" if given.get("policy", "once") == "once" else "",
        }
        return message_queue(**{**values, **given})

    return make
