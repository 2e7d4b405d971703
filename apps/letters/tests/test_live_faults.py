"""Not a character is lost: a process is killed, messages never come, the broker is gone, an hour goes by offline."""

import random
import threading
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from apps.letters.document.traversal import plain_text
from apps.letters.models import LetterText
from apps.letters.services.text_updates import text_bring_up_to_date, text_lacking, text_updates_apply
from scripts.local_services import start_valkey
from scripts.processes import Child, stop_all
from scripts.service_dirs import temporary_dirs
from tests.factories.drafting import Editor
from tests.factories.live import LiveEditor, live_processes
from tests.factories.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


class Typing:
    """Somebody who types words into the same paragraph as the others, and comes back when the connection breaks."""

    def __init__(self, name: str, text: LetterText, user: Any, ports: list[int]) -> None:
        self.name, self.ports = name, ports
        self.editor = LiveEditor(ports[0], text, user)
        self.words: list[str] = []

    def type(self, count: int, until: Callable[[], bool] = lambda: True) -> None:
        """So many words, and more until something is so."""
        typed = len(self.words)
        while len(self.words) < typed + count or not until():
            word = f"{self.name}{len(self.words)}é😀"
            self.words.append(word)
            self.editor.write(f" {word} ")
            try:
                self.editor.save()
            except (ConnectionClosed, OSError):
                self.come_back()

    def come_back(self) -> None:
        """As a browser does: again and again, at whichever process answers, with all that the server lacks."""

        def tried() -> bool:
            self.ports.append(self.ports.pop(0))
            try:
                self.editor.reconnect(self.ports[0])
                self.editor.wait_for("saved")
            except (ConnectionClosed, OSError):
                return False
            return True

        wait_until(tried, f"{self.name} to come back")

    def has(self, *others: "Typing") -> bool:
        self.editor.take(0.2)
        words = plain_text(self.editor.body)
        return all(word in words for one in (self, *others) for word in one.words)


def both_type(*people: Typing, count: int, until: Callable[[], bool] = lambda: True) -> list[threading.Thread]:
    threads = [threading.Thread(target=one.type, args=(count, until)) for one in people]
    for thread in threads:
        thread.start()
    return threads


def converge(text: LetterText, ada: Typing, ben: Typing) -> None:
    wait_until(lambda: ada.has(ben), "Ada to see all")
    wait_until(lambda: ben.has(ada), "Ben to see all")
    assert ada.editor.body == ben.editor.body
    stored = plain_text(text_bring_up_to_date(text=text).body)
    assert all(word in stored for one in (ada, ben) for word in one.words)


def test_a_process_is_killed_while_two_type_and_hear_nothing_of_each_other(
    text: LetterText, cast: SimpleNamespace
) -> None:
    """Every message between the two processes is lost, as they listen to different names."""
    with live_processes(LIVE_PREFIX="one") as (one,), live_processes(LIVE_PREFIX="two") as (two,):
        ada = Typing("a", text, cast.drafter, [one.port, two.port])
        ben = Typing("b", text, cast.coordinator, [two.port, one.port])
        threads = both_type(ada, ben, count=25, until=lambda: ada.ports[0] == two.port)
        wait_until(lambda: len(ada.words) > 8, "Ada to be in the middle of it")
        one.kill()
        for thread in threads:
            thread.join()
        assert ada.ports[0] == two.port
        one.start()
        one.ready()
        ada.editor.socket.close()
        ada.ports = [two.port, one.port]
        ada.come_back()
        ada.type(3)
        ben.type(3)
        converge(text, ada, ben)


def test_the_broker_is_restarted_and_the_sockets_are_drained(text: LetterText, cast: SimpleNamespace) -> None:
    dirs, children = replace(temporary_dirs(), durable=True), list[Child]()
    try:
        environment = {"REDIS_URL": start_valkey(dirs, children)}
        with live_processes(2, **environment) as (one, two):
            ada, ben = Typing("a", text, cast.drafter, [one.port]), Typing("b", text, cast.coordinator, [two.port])
            both_typed(ada, ben)
            stop_all(children, 15)
            both_typed(ada, ben)
            start_valkey(dirs, children)
            both_typed(ada, ben)
            converge(text, ada, ben)
            assert one.stop() < 15, "nobody has to be waited for"
            assert ada.editor.closed() == 1012
    finally:
        stop_all(children, 15)
        replace(dirs, durable=False).delete_temporary()


def both_typed(*people: Typing) -> None:
    for thread in both_type(*people, count=5):
        thread.join()


def test_an_hour_of_two_peoples_offline_edits_is_merged(text: LetterText, cast: SimpleNamespace) -> None:
    state = text_lacking(text=text, state=b"\x00").update
    chance = random.Random(11)
    ada, ben = Editor(state, cast.drafter), Editor(state, cast.coordinator)
    kept = [offline(editor, name, turn, chance) for turn in range(900) for editor, name in ((ada, "a"), (ben, "b"))]
    for editor in (ada, ben):
        outcome = text_updates_apply(text=text, sent=[editor.sending()]).outcomes[0]
        assert outcome.error is None
    for editor in (ada, ben):
        editor.receive(text_lacking(text=text, state=editor.doc.get_state()).update)
    assert ada.body == ben.body == text_bring_up_to_date(text=text).body
    words = plain_text(ada.body)
    assert [word for word in kept if word not in words] == []


def offline(editor: Editor, name: str, turn: int, chance: random.Random) -> str:
    """A word in one of the first paragraphs; now and then it is deleted again. What stays of it."""
    word = f"{name}{turn}" + chance.choice(["é", "😀", "م", "𝔘", ""]) + ";"
    block = chance.randrange(3)
    ends = [0, *(place + 1 for place, char in enumerate(editor.words(block)) if char == ";")]
    place = chance.choice(ends)  # between words, so that whole ones can be looked for
    editor.write(word, block=block, at=place)
    if chance.random() < 0.2:
        editor.delete(place, place + len(word), block=block)
        return ""
    return word
