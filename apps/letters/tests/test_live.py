"""Drafting together through sockets: a process of its own, editors that talk to it, and what ends a visit."""

import asyncio
import base64
import json
from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from websockets.exceptions import ConnectionClosed, InvalidStatus

from apps.campaigns.models import TeamMember
from apps.core.models import AuditEvent
from apps.letters import consumers
from apps.letters.consumers import TextConsumer
from apps.letters.document.traversal import plain_text
from apps.letters.document.yjs.awareness import Presence, presence_update
from apps.letters.document.yjs.encoding import body_of
from apps.letters.live import room_manager as room_manager_module
from apps.letters.live.room_manager import RoomManager
from apps.letters.live.rooms import LOST_ACCESS, Room
from apps.letters.models import Letter, LetterText
from apps.letters.selectors.text_documents import document_name
from apps.letters.services.drafts import letter_text_save
from apps.letters.services.languages import Start, letter_text_add, letter_text_remove
from tests.factories import documents as d
from tests.factories.drafting import Editor, base64_of
from tests.factories.live import LiveEditor, LiveProcess, live_processes, open_socket, session_of
from tests.factories.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def sockets(django_db_setup: None, django_db_blocker: Any) -> Iterator[LiveProcess]:
    with live_processes() as (process,):
        yield process


def test_what_one_writes_is_stored_before_it_is_saved_and_the_others_see_it(
    sockets: LiveProcess, text: LetterText, cast: SimpleNamespace, client: Client
) -> None:
    ada, ben = LiveEditor(sockets.port, text, cast.drafter), LiveEditor(sockets.port, text, cast.coordinator)
    reader = LiveEditor(sockets.port, text, cast.observer)
    assert (ada.can_edit, reader.can_edit) == (True, False)
    ada.write("Ada’s 😀 مرحبا ", at=0)
    said = ada.save()
    assert text.updates.get(sequence=said["sequence"]).actor_id == cast.drafter.pk
    ben.wait_for("update")
    ben.write("Ben’s ", at=0)
    ben.save()
    for person in (ada, reader):
        person.until(lambda person=person: person.words().startswith("Ben’s Ada’s"))
    reader.write("x")
    reader.push()
    assert "no longer write" in reader.wait_for("refused")["error"]
    wait_until(lambda: ada.wait_for("text")["revision"] == 2, "the text that all else reads")
    assert plain_text(LetterText.objects.get(pk=text.pk).body).startswith("Ben’s Ada’s 😀 مرحبا")

    client.force_login(cast.coordinator)
    body = {**LetterText.objects.get(pk=text.pk).body}
    body["content"] = [*body["content"], d.par("From elsewhere.", id="belsewher")]
    letter_text_save(text=text, actor=cast.coordinator, revision=2, subject=text.subject, body=body)
    ada.until(lambda: "From elsewhere." in plain_text(ada.body))
    assert AuditEvent.objects.filter(verb="letter_text.save").count() <= 2


def test_words_whose_block_is_gone_are_said_with_saved_and_to_who_comes_back(
    sockets: LiveProcess, text: LetterText, cast: SimpleNamespace
) -> None:
    typist, reshaper = LiveEditor(sockets.port, text, cast.drafter), LiveEditor(sockets.port, text, cast.coordinator)
    typist.write(" Meanwhile", block=1)
    del body_of(reshaper.doc).children[1]
    typist.save()
    [said] = reshaper.save()["orphaned"]
    assert said["ranges"] == [[typist.doc.client_id, 0, 10]]
    assert Editor(base64.b64decode(said["before"])).words(1).endswith(" Meanwhile")
    reshaper.socket.close()
    reshaper.connect(sockets.port)
    assert next(one for one in reshaper.received[::-1] if one["type"] == "welcome")["orphaned"] == [said]


def test_who_is_here_is_told_under_their_own_name(
    sockets: LiveProcess, text: LetterText, cast: SimpleNamespace
) -> None:
    ada, ben = LiveEditor(sockets.port, text, cast.drafter), LiveEditor(sockets.port, text, cast.coordinator)

    def received_by(editor: LiveEditor, word: bytes) -> bytes:
        while word not in (received := base64.b64decode(editor.wait_for("awareness")["update"])):
            pass
        return received

    forged = {"user": {"name": "Somebody else"}, "cursor": {"anchor": 1}}
    here = {ada.doc.client_id: Presence(1, forged), 999: Presence(5, {"user": {"name": "A ghost"}})}
    ada.send("awareness", update=base64_of(presence_update(here)))
    received = received_by(ben, b"cursor")
    assert str(cast.drafter).encode() in received
    assert b"Somebody else" not in received
    assert b"ghost" not in received
    late = LiveEditor(sockets.port, text, cast.observer)
    assert received_by(late, b"cursor")
    ada.socket.close()
    assert received_by(ben, b"null")


#: what each person of the cast gets: writes, reads, or nothing
MAY = {
    "coordinator": True, "drafter": True, "reviewer": False, "sender": False, "data_officer": False, "observer": False,
    "outsider": None,
}  # fmt: skip


def test_each_role_and_stranger_gets_what_the_page_gives(
    sockets: LiveProcess, text: LetterText, cast: SimpleNamespace
) -> None:
    for name, may in MAY.items():
        if may is not None:
            editor = LiveEditor(sockets.port, text, getattr(cast, name))
            assert editor.can_edit is may, name
            editor.socket.close()
    for session in (session_of(cast.outsider), "nobody’s".encode().hex(), ""):
        assert turned_away(sockets, text, session) == 4403
    TeamMember.objects.filter(user=cast.observer).update(state="ended")
    assert turned_away(sockets, text, session_of(cast.observer)) == 4403
    elsewhere = LetterText(letter=text.letter, language="xx")
    assert turned_away(sockets, elsewhere, session_of(cast.coordinator)) == 4403
    for origin in ("https://evil.example", None):
        with pytest.raises(InvalidStatus, match="403"):
            open_socket(sockets.port, text, session_of(cast.drafter), origin=origin)


def turned_away(sockets: LiveProcess, text: LetterText, session: str) -> int:
    socket = open_socket(sockets.port, text, session)
    return close_code(socket)


def close_code(socket: Any) -> int:
    with suppress(ConnectionClosed):
        while True:
            socket.recv(20)
    return int(socket.close_code)


def test_whoever_loses_access_is_out_within_seconds(
    sockets: LiveProcess, text: LetterText, cast: SimpleNamespace
) -> None:
    people = {name: LiveEditor(sockets.port, text, getattr(cast, name)) for name in ("drafter", "reviewer", "observer")}
    sender = LiveEditor(sockets.port, text, cast.sender)
    began = timezone.now()
    TeamMember.objects.filter(user=cast.drafter).update(roles=["observer"])
    TeamMember.objects.filter(user=cast.reviewer).update(state="ended")
    Session.objects.filter(session_key=people["observer"].session).delete()
    for person in people.values():
        assert person.closed() == 4403
        assert person.received[-1]["type"] == "removed"
    assert (timezone.now() - began).total_seconds() < 8
    sender.ask()


def test_a_closed_letter_and_a_removed_text_end_the_visit(
    sockets: LiveProcess, letter: Letter, text: LetterText, cast: SimpleNamespace
) -> None:
    french = letter_text_add(letter=letter, actor=cast.drafter, language="fr", start=Start.ORIGINAL)
    there, here = LiveEditor(sockets.port, french, cast.drafter), LiveEditor(sockets.port, text, cast.drafter)
    letter_text_remove(text=french, actor=cast.drafter)
    assert there.closed() == 4409
    assert there.received[-1]["type"] == "removed"
    Letter.objects.filter(pk=letter.pk).update(archived_at=timezone.now())
    assert here.closed() == 4409
    assert "archived" in here.received[-1]["error"]
    Letter.objects.filter(pk=letter.pk).update(archived_at=None)
    here = LiveEditor(sockets.port, text, cast.drafter)
    Letter.objects.filter(pk=letter.pk).update(closed_at=timezone.now())
    assert here.closed() == 4409
    assert here.received[-1]["type"] == "closed"


def test_who_comes_with_an_old_document_keeps_no_room_open(
    sockets: LiveProcess, letter: Letter, cast: SimpleNamespace
) -> None:
    french = letter_text_add(letter=letter, actor=cast.drafter, language="fr", start=Start.ORIGINAL)
    socket = open_socket(sockets.port, french, session_of(cast.drafter))
    socket.send(json.dumps({"type": "hello", "state": "AA==", "client": 5, "document": "1-99"}))
    assert close_code(socket) == 4409
    letter_text_remove(text=french, actor=cast.drafter)
    french = letter_text_add(letter=letter, actor=cast.drafter, language="fr", start=Start.EMPTY)
    ada = LiveEditor(sockets.port, french, cast.drafter)
    assert ada.received[0]["document"] == document_name(LetterText.objects.get(pk=french.pk))


def test_nobody_is_left_in_a_room_that_closed_or_came_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(_self: Any) -> None: ...

    async def visit() -> None:
        rooms, received = RoomManager(), asyncio.Event()
        monkeypatch.setattr(rooms, "_subscribe", received.wait)
        monkeypatch.setattr(consumers, "room_manager", lambda: rooms)
        participant: Any = SimpleNamespace(text=LetterText(pk=1))
        coming = asyncio.ensure_future(rooms.enter(participant))
        await asyncio.sleep(0)
        rooms.leave(rooms.rooms[1])  # as the last one does
        received.set()
        room = await coming
        assert rooms.rooms == {1: room}
        rooms.leave(room)
        late = TextConsumer()
        late.code, late.participant = 4400, participant
        await late._hello({"client": 5, "state": "AA=="})
        assert (rooms.rooms, late.room) == ({}, None)
        rooms.close()

    for name in ("_listen", "_poll"):
        monkeypatch.setattr(RoomManager, name, nothing)
    monkeypatch.setattr(Room, "_load", nothing)
    asyncio.run(visit())


def test_what_is_no_message_or_too_large_is_refused_and_the_text_stays_whole(
    sockets: LiveProcess, text: LetterText, cast: SimpleNamespace
) -> None:
    ada = LiveEditor(sockets.port, text, cast.drafter)
    ada.push(b"\x01\x01\x05\x00\xff")
    assert ada.wait_for("refused")["reset"] is True
    ada.push(bytes(1_000_001))
    assert "1 MB" in ada.wait_for("refused")["error"]
    session = session_of(cast.drafter)
    hello = {"type": "hello", "state": "AA==", "client": 5}
    bad: list[Any] = ["", "[", "[]", {"type": "update"}, {"type": "hello", "client": "x", "state": "AA=="}]
    for message in bad:
        socket = open_socket(sockets.port, text, session)
        socket.send(message if isinstance(message, str) else json.dumps(message))
        assert close_code(socket) == 4400, message
    for more in ({"type": "update", "id": 1, "update": "?"}, {"type": "state", "state": "BQE="}, hello):
        socket = open_socket(sockets.port, text, session)
        socket.send(json.dumps(hello))
        socket.send(json.dumps(more))
        assert close_code(socket) == 4400, more
    socket = open_socket(sockets.port, text, session)
    socket.send("x" * 1_600_000)
    assert close_code(socket) == 1009
    ada.write("All is well. ", at=0)
    ada.save()
    assert text.updates.count() == 2


def test_a_plain_request_and_a_socket_write_in_one_text(
    sockets: LiveProcess, text: LetterText, cast: SimpleNamespace, client: Client
) -> None:
    ada = LiveEditor(sockets.port, text, cast.drafter)
    client.force_login(cast.coordinator)
    address = reverse("letters:updates", args=[text.letter.campaign.slug, text.letter.number, text.language])

    def post(editor: Any, *updates: bytes) -> None:
        sent = {"state": base64_of(editor.doc.get_state()), "client": editor.doc.client_id}
        sent["updates"] = [base64_of(update) for update in updates]
        answer = client.post(address, json.dumps(sent), content_type="application/json")
        assert answer.status_code == 200, answer.content
        editor.receive(base64.b64decode(answer.json()["update"]))

    ben = LiveEditor(sockets.port, text, cast.coordinator)
    ben.socket.close()
    ada.write("Ada. ", at=0)
    ada.save()
    ben.write("Ben. ", at=0)
    post(ben, ben.unsent())
    ada.until(lambda: "Ben. " in plain_text(ada.body))
    assert ada.body == ben.body


class Sitting:
    def __init__(self, participant: Any) -> None:
        self.participant, self.client, self.left = participant, 1, list[int]()

    def leave(self, code: int, *_said: Any) -> None:
        self.left.append(code)

    def deliver(self, text: str) -> None: ...

    def answered(self, text: str) -> None: ...


def test_a_fault_in_one_text_keeps_nobody_who_lost_access_and_no_other_text_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def nothing(_self: Any) -> None: ...

    async def asked(query: Any, *_args: Any) -> Any:
        return rows if query is room_manager_module.room_rows else {"gone"}

    async def caught_up(room: Room, last: int) -> None:
        seen.append((room.text.pk, last))
        if room.text.pk == 1:
            raise ValueError("broken update")

    async def look() -> None:
        rooms = RoomManager()
        for row in rows:
            rooms.rooms[row.pk] = Room(row, lambda _message: None, document=document_name(row))
            rooms.rooms[row.pk].members.add(members[row.pk])
            await rooms.rooms[row.pk].loaded
        while len(seen) < 3:  # it looks again, though one of the two fails each time
            rooms.access_changed.set()
            await asyncio.sleep(0)
        rooms.close()

    rows = [LetterText(pk=pk, sequence=5, letter=Letter()) for pk in (1, 2)]
    members = {1: Sitting("stays"), 2: Sitting("gone")}
    seen: list[tuple[int, int]] = []
    with structlog.testing.capture_logs() as logged:
        for name in ("_listen", "_subscribe"):
            monkeypatch.setattr(RoomManager, name, nothing)
        monkeypatch.setattr(Room, "_load", nothing)
        monkeypatch.setattr(Room, "catch_up", caught_up)
        monkeypatch.setattr(room_manager_module, "in_database", asked)
        asyncio.run(asyncio.wait_for(look(), 10))
    assert seen[:3] == [(1, 5), (2, 5), (1, 5)]
    assert (members[1].left, members[2].left[:1]) == ([], [LOST_ACCESS])
    assert {(entry["event"], entry["text"]) for entry in logged} == {("live_room_failed", 1)}
