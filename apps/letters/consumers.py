"""The socket of one editor: messages in and out, limits, and the way out. The room does the rest."""

import asyncio
import base64
import binascii
import json
from collections import deque
from contextlib import suppress
from typing import Any

import structlog
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from apps.core.errors import DomainError

from .document.yjs.awareness import Presence, read_presence
from .document.yjs.updates import MAX_NUMBER, MAX_UPDATE, UpdateTooLarge, check_state
from .live.database import in_database
from .live.frames import encoded, error_text, frame, refusal
from .live.room_manager import AccessLost, room_manager
from .live.rooms import LOST_ACCESS, NO_MORE_EDITS, Room
from .pages.live import live_person, orphaned_json
from .selectors.live_access import Participant, participant_for
from .selectors.text_documents import orphaned_words
from .services.text_updates import DocumentReplaced, MayNotWrite

log = structlog.get_logger(__name__)

BAD_MESSAGE, SLOW = 4400, 1012
HELLO_WITHIN = 10
#: of one update in base64, with what stands around it
MAX_FRAME = 4 * MAX_UPDATE // 3 + 1_000
#: what may wait for a slow reader before the socket is closed; the editor comes back and gets what it lacks
MAX_OUTBOX = 4_000_000
#: numbers of updates in a greeting
MAX_LISTED = 10_000
#: messages a second that are read of one editor, and how many at once
RATE, BURST = 15, 60
#: updates without an answer before the next message is read
MAX_UNANSWERED = 50


class BadMessage(Exception):
    """Not one that an editor sends."""


class TextConsumer(AsyncWebsocketConsumer):
    """See `frames` for what it says, and the room for what it does."""

    channel_layer_alias = "none"  # the room manager listens for all
    participant: Participant
    room: Room | None = None
    client = 0

    async def dispatch(self, message: dict[str, Any]) -> None:
        """As channels does, without a thread per message for connections that this loop has not."""
        await getattr(self, message["type"].replace(".", "_"))(message)

    # ---- coming

    async def connect(self) -> None:
        self.outbox: deque[str] = deque()
        self.outbox_size, self.unanswered = 0, 0
        self.something = asyncio.Event()
        self.tokens, self.counted_at = float(BURST), asyncio.get_running_loop().time()
        self.code: int | None = None
        await self.accept()
        self.writer = asyncio.ensure_future(self._write())
        parts = self.scope["url_route"]["kwargs"]
        key = self.scope["cookies"].get(settings.SESSION_COOKIE_NAME, "")
        args = (parts["campaign_slug"], parts["letter_number"], parts["language"])
        participant = await in_database(participant_for, key, *args) if key else None
        if participant is None:
            self.leave(LOST_ACCESS, "removed", AccessLost())
            return
        self.participant = participant
        asyncio.get_running_loop().call_later(HELLO_WITHIN, self._expect_hello)

    def _expect_hello(self) -> None:
        if self.room is None:
            self.leave(BAD_MESSAGE)

    # ---- reading

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.code is not None:
            return
        await self._slow_down()
        try:
            await self._read(text_data)
        except (BadMessage, DomainError):
            self.leave(BAD_MESSAGE)

    async def _slow_down(self) -> None:
        """Reads no faster than RATE: what is sent faster waits at the sender."""
        now = asyncio.get_running_loop().time()
        self.tokens = min(BURST, self.tokens + (now - self.counted_at) * RATE) - 1
        self.counted_at = now
        if self.tokens < 0:
            await asyncio.sleep(-self.tokens / RATE)
        while self.unanswered >= MAX_UNANSWERED and self.code is None:
            await asyncio.sleep(0.05)

    async def _read(self, text: str | None) -> None:
        try:
            message = json.loads(text or "")
        except (ValueError, RecursionError):
            raise BadMessage from None
        kind = message.get("type") if isinstance(message, dict) else None
        if kind == "hello" and self.room is None:
            await self._hello(message)
        elif self.room is None:
            raise BadMessage
        elif kind == "update":
            self._update(self.room, message)
        elif kind == "state":
            self._state(self.room, message)
        elif kind == "awareness":
            self._awareness(self.room, message)
        else:
            raise BadMessage

    async def _hello(self, message: dict[str, Any]) -> None:
        self.client = _whole(message.get("client"))
        state = _decoded(message.get("state"))
        check_state(state)
        rewritten = [_whole(number) for number in _listed(message.get("rewritten", []))]
        # the answer that told of them may have been lost
        orphaned = await in_database(orphaned_words, self.participant.text, self.client, rewritten=rewritten)
        try:
            room = await room_manager().enter(self.participant)
        except DomainError as error:
            self.leave(NO_MORE_EDITS, "closed", error)
            return
        replaced = message.get("document") not in (None, room.document)
        if replaced or self.code is not None:  # gone before the room was ready
            room_manager().leave(room)
            self.leave(NO_MORE_EDITS, "removed", DocumentReplaced())
            return
        self.room = room
        room.members.add(self)
        welcome = {
            "document": room.document,
            "can_edit": self.participant.can_edit,
            "orphaned": orphaned_json(orphaned),
        }
        person = live_person(self.participant.user)
        missing = {"update": encoded(room.doc.get_update(state)), "state": encoded(room.doc.get_state())}
        self.deliver(frame("welcome", **missing, **welcome, person=person))
        self.deliver(room.presence_frame())

    def _update(self, room: Room, message: dict[str, Any]) -> None:
        number, update = _whole(message.get("id")), _decoded(message.get("update"))
        if len(update) > MAX_UPDATE or not self.participant.can_edit:
            self.deliver(
                refusal(self.participant, number, UpdateTooLarge() if self.participant.can_edit else MayNotWrite())
            )
            return
        self.unanswered += 1
        room.submit(self, number, update)

    def _state(self, room: Room, message: dict[str, Any]) -> None:
        state = _decoded(message.get("state"))
        check_state(state)
        self.deliver(frame("missing", update=encoded(room.doc.get_update(state)), state=encoded(room.doc.get_state())))

    def _awareness(self, room: Room, message: dict[str, Any]) -> None:
        presence = read_presence(_decoded(message.get("update")), self.client)
        if presence and presence.state is not None:  # nobody goes by another's name
            presence = Presence(presence.clock, {**presence.state, "user": live_person(self.participant.user)})
        if presence:
            room.share_presence(self.client, presence)

    # ---- writing

    def answered(self, text: str) -> None:
        self.unanswered -= 1
        self.deliver(text)

    def deliver(self, text: str) -> None:
        self.outbox.append(text)
        self.outbox_size += len(text)
        self.something.set()
        if self.outbox_size > MAX_OUTBOX:
            log.info("live_reader_too_slow")
            self.outbox.clear()
            self.leave(SLOW)

    async def _write(self) -> None:
        with suppress(Exception):  # the other end is gone: the server tells `disconnect`
            while self.outbox or self.code is None:
                await self.something.wait()
                self.something.clear()
                while self.outbox:
                    text = self.outbox.popleft()
                    self.outbox_size -= len(text)
                    await self.send(text_data=text)
            await self.close(self.code)

    # ---- leaving

    def leave(self, code: int, kind: str = "", error: DomainError | None = None) -> None:
        """Close the socket, after what waits was sent and the reason was said."""
        if self.code is not None:
            return
        if kind and error:
            self.deliver(frame(kind, error=error_text(getattr(self, "participant", None), error)))
        self.code = code
        self.something.set()
        self._leave_room()

    def _leave_room(self) -> None:
        if self.room:
            self.room.remove(self)
            room_manager().leave(self.room)

    async def disconnect(self, code: int) -> None:
        if self.code is None:
            self.code = code
            self._leave_room()
        self.writer.cancel()
        raise StopConsumer


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MAX_NUMBER:
        raise BadMessage
    return value


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > MAX_LISTED:
        raise BadMessage
    return value


def _decoded(value: Any) -> bytes:
    if not isinstance(value, str) or len(value) > MAX_FRAME:
        raise BadMessage
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise BadMessage from None
