"""All rooms of this process. They get the messages of other processes, and every few seconds look in the database for
what got lost."""

import asyncio
import base64
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from channels.layers import get_channel_layer
from django.utils.translation import gettext_lazy

from apps.core.errors import NotAllowed

from ..document.yjs.awareness import Presence
from ..models import LetterText
from ..selectors.live_access import Participant, participants_without_access
from ..selectors.text_documents import document_name, room_rows
from ..services.drafts import LetterArchived, LetterClosed, TextRemoved
from ..services.text_updates import DocumentReplaced
from ..transports.live_messages import ACCESS, PROCESS, text_group
from .database import in_database
from .frames import frame
from .rooms import LOST_ACCESS, Room

log = structlog.get_logger(__name__)

#: seconds until a lost message is found in the database, and until somebody without access has to leave at the latest
POLL_EVERY = 2


class AccessLost(NotAllowed):
    default_message = gettext_lazy("You can no longer open this letter here. Load the page again.")


class RoomManager:
    def __init__(self) -> None:
        self.rooms: dict[int, Room] = {}
        self.layer: Any = get_channel_layer()
        self.channel = ""
        self.subscribed: set[str] = set()
        self.access_changed = asyncio.Event()
        self.tasks: list[asyncio.Task[Any]] = [
            asyncio.ensure_future(self._listen()),
            asyncio.ensure_future(self._poll()),
        ]

    async def enter(self, participant: Participant) -> Room:
        """The room of the text, with its document loaded. The caller joins it, or calls leave() again."""
        pk = participant.text.pk
        while True:
            if pk not in self.rooms:
                self.rooms[pk] = Room(participant.text, lambda message: self._publish(pk, message))
            room = self.rooms[pk]
            try:
                await self._subscribe()
                await asyncio.shield(room.loaded)
            except BaseException:
                self.leave(room)
                raise
            if self.rooms.get(pk) is room:  # else the last one left meanwhile and it was closed
                return room

    def leave(self, room: Room) -> None:
        """Close the room when nobody is in it any more."""
        if not room.members and self.rooms.get(room.text.pk) is room:
            del self.rooms[room.text.pk]
            room.close()

    def close(self) -> None:
        for task in self.tasks:
            task.cancel()

    # ---- other processes

    async def _listen(self) -> None:
        while True:
            try:
                if not self.channel:
                    self.channel = await self.layer.new_channel()
                    await self._subscribe()
                self._take(await self.layer.receive(self.channel))
            except Exception as error:  # noqa: BLE001 – the broker's: the database has what gets lost
                log.warning("live_broker_silent", error=type(error).__name__)
                await asyncio.sleep(1)

    async def _subscribe(self) -> None:
        """To the groups of the rooms that are open now. What the broker refuses is asked again at the next poll."""
        wanted = {ACCESS, *(text_group(pk) for pk in self.rooms)}
        if not self.channel:
            return
        for group in self.subscribed - wanted:
            self.subscribed.discard(group)
            await self._try(self.layer.group_discard(group, self.channel))
        for group in wanted - self.subscribed:
            if await self._try(self.layer.group_add(group, self.channel)):
                self.subscribed.add(group)

    async def _try(self, asked: Any) -> bool:
        try:
            await asked
        except Exception as error:  # noqa: BLE001 – as above
            log.warning("live_broker_silent", error=type(error).__name__)
            return False
        return True

    def _take(self, message: dict[str, Any]) -> None:
        kind, room = message["type"], self.rooms.get(message.get("text", 0))
        if kind == "access":
            self.access_changed.set()
        elif room is None or not room.loaded.done():
            return
        elif kind == "text":
            room.deliver(frame("text", **message["state"]))
        elif message["process"] == PROCESS:
            return
        elif kind == "update":
            room.take(base64.b64decode(message["update"]), message["first"], message["last"])
        elif kind == "presence":
            room.update_presence(message["client"], Presence(message["clock"], message["state"]))

    def _publish(self, text_id: int, message: dict[str, Any]) -> None:
        sending = self.layer.group_send(text_group(text_id), {**message, "text": text_id, "process": PROCESS})
        task = asyncio.ensure_future(self._try(sending))
        self.tasks.append(task)
        task.add_done_callback(self.tasks.remove)

    # ---- the database

    async def _poll(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.access_changed.wait(), POLL_EVERY)
            self.access_changed.clear()
            for check in (self._check_access, self._subscribe, self._check_texts):
                await self._done(check(), "live_look_failed")

    async def _done(self, work: Coroutine[Any, Any, None], failed: str, **about: Any) -> None:
        """A fault in it stops nothing else, and the next look tries again: above all, whoever lost access leaves."""
        try:
            await work
        except Exception:
            log.exception(failed, **about)

    async def _check_texts(self) -> None:
        rooms = {pk: room for pk, room in self.rooms.items() if room.loaded.done() and room.members}
        if rooms:
            for row in await in_database(room_rows, rooms):
                await self._done(self._check_text(row, rooms[row.pk]), "live_room_failed", text=row.pk)

    async def _check_text(self, row: LetterText, room: Room) -> None:
        room.drop_gone_presences()
        if row.removed_at:
            room.end(TextRemoved())
        elif row.letter.closed_at:
            room.end(LetterClosed())
        elif row.letter.archived_at:
            room.end(LetterArchived())
        elif document_name(row) != room.document:
            room.end(DocumentReplaced())
        elif row.sequence > room.sequence:
            await room.catch_up(row.sequence)

    async def _check_access(self) -> None:
        members = {member for room in self.rooms.values() for member in room.members}
        lost = (
            await in_database(participants_without_access, [member.participant for member in members])
            if members
            else set()
        )
        for member in members:
            if member.participant in lost:
                member.leave(LOST_ACCESS, "removed", AccessLost())


_managers: WeakKeyDictionary[asyncio.AbstractEventLoop, RoomManager] = WeakKeyDictionary()


def room_manager() -> RoomManager:
    """That of the running loop."""
    loop = asyncio.get_running_loop()
    if loop not in _managers:
        _managers[loop] = RoomManager()
    return _managers[loop]
