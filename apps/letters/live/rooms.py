"""A text that people of this process have open."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog
from pycrdt import Doc, merge_updates

from apps.core.errors import DomainError

from ..document.yjs.awareness import Presence, presence_update
from ..document.yjs.encoding import empty_document
from ..models import LetterText
from ..selectors.live_access import Participant
from ..selectors.text_documents import updates_after
from ..services.drafts import TextRemoved
from ..services.text_updates import Sent, text_bring_up_to_date, text_lacking, text_updates_apply
from .database import in_database
from .frames import answer, encoded, frame

log = structlog.get_logger(__name__)

#: what is written within this time is stored and handed on together
WINDOW = 0.05
BATCH = 50
#: the body follows so long after the last word at the latest
BODY_AFTER = 3.5
#: browsers say every 15 seconds that they are here
GONE_AFTER = 40
NO_MORE_EDITS, LOST_ACCESS, COME_AGAIN = 4409, 4403, 1012


class Member(Protocol):
    """Somebody in the room."""

    participant: Participant
    client: int

    def deliver(self, text: str) -> None: ...
    def answered(self, text: str) -> None: ...
    def leave(self, code: int, kind: str = "", error: DomainError | None = None) -> None: ...


@dataclass
class Waiting:
    member: Member
    number: int
    update: bytes


@dataclass
class Room:
    """`publish` sends what others need to the other processes."""

    text: LetterText
    publish: Callable[[dict[str, Any]], None]
    members: set[Member] = field(default_factory=set)
    doc: Doc[Any] = field(default_factory=empty_document)
    document: str = ""
    #: the last update up to which the copy has all, and those that came out of turn
    sequence: int = 0
    ahead: set[int] = field(default_factory=set)
    waiting: deque[Waiting] = field(default_factory=deque)
    news: list[bytes] = field(default_factory=list)
    authors: set[Member | None] = field(default_factory=set)
    presences: dict[int, tuple[float, Presence]] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)
    flushed_at: float = 0
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.loaded = asyncio.ensure_future(self._load())

    async def _load(self) -> None:
        lacking = await in_database(text_lacking, text=self.text, state=b"\x00")
        self.doc.apply_update(lacking.update)
        self.sequence, self.document = lacking.text.sequence, lacking.document

    def begin(self, name: str, work: Callable[[], Any]) -> None:
        """Start a task of the room, unless it runs."""
        task = self.tasks.get(name)
        if task is None or task.done():
            self.tasks[name] = asyncio.ensure_future(work())

    # ---- what people write

    def submit(self, member: Member, number: int, update: bytes) -> None:
        self.waiting.append(Waiting(member, number, update))
        self.begin("store", self._store)

    async def _store(self) -> None:
        while self.waiting:
            batch = [self.waiting.popleft() for _one in range(min(BATCH, len(self.waiting)))]
            pause = asyncio.ensure_future(asyncio.sleep(WINDOW))
            try:
                await self._store_batch(batch)
            except DomainError as error:  # the text takes no more edits
                self.end(error)
            except Exception:
                log.exception("live_update_not_stored", text=self.text.pk)
                for member in {one.member for one in batch}:
                    member.leave(COME_AGAIN)  # they still have it, and send it again
            await pause

    async def _store_batch(self, batch: list[Waiting]) -> None:
        sent = [Sent(one.member.participant.user, one.member.client, one.update) for one in batch]
        applied = await in_database(text_updates_apply, text=self.text, sent=sent, document=self.document)
        for one, outcome in zip(batch, applied.outcomes, strict=True):
            one.member.answered(answer(one.member.participant, one.number, outcome, applied))
        if applied.update:
            writers = {one.member for one, outcome in zip(batch, applied.outcomes, strict=True) if not outcome.error}
            self.take(applied.update, applied.first, applied.text.sequence, *writers)
            self.begin("body", self._refresh_body)

    async def _refresh_body(self) -> None:
        await asyncio.sleep(BODY_AFTER)
        try:
            await in_database(text_bring_up_to_date, text=self.text)
        except DomainError as error:
            self.end(error)
        except Exception:
            log.exception("live_body_not_stored", text=self.text.pk)  # a periodic task finds it

    # ---- what everybody gets

    def take(self, update: bytes, first: int, last: int, *authors: Member) -> None:
        """Updates that are stored, with their numbers."""
        self.doc.apply_update(update)
        self.ahead.update(range(max(first, self.sequence + 1), last + 1))
        while self.sequence + 1 in self.ahead:
            self.sequence += 1
            self.ahead.discard(self.sequence)
        self.news.append(update)
        self.authors.update(authors or [None])
        self.begin("flush", self._flush)

    async def catch_up(self, last: int) -> None:
        """What another process stored, and its message was lost."""
        if missing := await in_database(updates_after, self.text, self.sequence, last):
            self.take(merge_updates(*missing), self.sequence + 1, last)

    async def _flush(self) -> None:
        """At once after a pause, otherwise what came within a WINDOW together."""
        now = asyncio.get_running_loop().time
        await asyncio.sleep(max(0, self.flushed_at + WINDOW - now()))
        self.flushed_at = now()
        if self.news:
            text = frame("update", update=encoded(merge_updates(*self.news)))
            alone = self.authors if len(self.authors) == 1 else set()
            self.news, self.authors = [], set()
            self.deliver(text, but=alone)
        if self.moved:
            here = {client: self.presences[client][1] for client in self.moved if client in self.presences}
            self.moved = set()
            self.deliver(frame("awareness", update=encoded(presence_update(here))))

    def deliver(self, text: str, but: set[Member | None] | frozenset[Member | None] = frozenset()) -> None:
        for member in list(self.members):
            if member not in but:
                member.deliver(text)

    # ---- who is here

    def update_presence(self, client: int, presence: Presence) -> None:
        """Somebody came, moved or went, here or at another process."""
        known = self.presences.get(client)
        if known and known[1].clock > presence.clock:
            return
        self.presences[client] = (asyncio.get_running_loop().time(), presence)
        self.moved.add(client)
        self.begin("flush", self._flush)

    def share_presence(self, client: int, presence: Presence) -> None:
        """Of somebody in this room."""
        self.update_presence(client, presence)
        self.publish({"type": "presence", "client": client, "clock": presence.clock, "state": presence.state})

    def presence_frame(self) -> str:
        here = {client: presence for client, (_at, presence) in self.presences.items() if presence.state is not None}
        return frame("awareness", update=encoded(presence_update(here)))

    def drop_gone_presences(self) -> None:
        now = asyncio.get_running_loop().time()
        for client in [client for client, (at, _presence) in self.presences.items() if now - at > GONE_AFTER]:
            del self.presences[client]

    def remove(self, member: Member) -> None:
        self.members.discard(member)
        if known := self.presences.get(member.client):
            self.share_presence(member.client, Presence(known[1].clock + 1, None))

    def end(self, error: DomainError) -> None:
        """The text takes no more edits."""
        self.waiting.clear()
        for member in list(self.members):
            member.leave(NO_MORE_EDITS, "removed" if isinstance(error, TextRemoved) else "closed", error)

    def close(self) -> None:
        for name, task in self.tasks.items():
            if name != "store":  # what was sent is stored, though nobody waits for the answer
                task.cancel()
