"""Drafting together: how soon words stand on the others' screens, and how soon a text with a long past opens."""

import asyncio
import base64
import json
import time
from collections.abc import Iterator
from statistics import median, quantiles
from typing import Any

from django.conf import settings
from django.utils import timezone
from websockets.asyncio.client import ClientConnection, connect

from apps.letters.document.traversal import plain_text
from apps.letters.models import LetterText, TextSnapshot, TextUpdate
from apps.letters.services.drafts import letter_create
from apps.letters.services.text_sequences import SNAPSHOT_EVERY
from apps.letters.services.text_updates import text_bring_up_to_date, text_lacking
from tests.factories import documents as d
from tests.factories import make_campaign, make_member
from tests.factories.campaigns import make_cast
from tests.factories.drafting import Editor
from tests.factories.letters import make_template
from tests.factories.live import live_processes, session_of

from .measuring import Line

NEEDS_DATABASE = True
WRITERS, READERS, PROCESSES = 12, 50, 2
#: everybody writes so often, for so long; an editor gathers what is typed in such a time
PAUSE, SECONDS = 0.5, 15
#: until the words are there, and until a text is open
CONVERGED, OPENED = 0.25, 0.2
LONG_PAST = 20_000


def run() -> Iterator[Line]:
    campaign = make_campaign("bench")
    cast = make_cast(campaign)
    member = make_member("KE", "Kenya", code3="KEN")
    yield converging(letter_text(campaign, cast, member), cast)
    yield opening(letter_text(campaign, cast, member), cast)


def letter_text(campaign: Any, cast: Any, member: Any) -> LetterText:
    body = d.doc(*(d.par(f"Paragraph {number}. " + "We write about the negotiations. " * 8) for number in range(60)))
    template = make_template(campaign, body, key=f"bench{LetterText.objects.count()}")
    letter = letter_create(campaign=campaign, actor=cast.drafter, template=template, title="T", members=[member])
    return letter.texts.get()


def converging(text: LetterText, cast: Any) -> Line:
    """Writers on two processes, readers beside them: the 95th percentile of the time until each word that one sent has
    come to each other writer. It ends with all words in the text that PostgreSQL has."""
    sessions = [session_of(person) for person in (cast.drafter, cast.coordinator, cast.observer)]
    with live_processes(PROCESSES) as processes:
        ports = [process.port for process in processes]
        waits, written = asyncio.run(everybody(text, ports, sessions))
    words = plain_text(text_bring_up_to_date(text=text).body)
    lost = [word for word in written if word not in words]
    assert not lost, f"{len(lost)} of {len(written)} words were lost"
    late = quantiles(waits, n=20)[-1]
    return Line("drafting.converge", 1, CONVERGED / late, 1 / late, 1 / CONVERGED)


async def everybody(text: LetterText, ports: list[int], sessions: list[str]) -> tuple[list[float], list[str]]:
    path = f"/live/letters/{text.letter.campaign.slug}/{text.letter.number}/{text.language}/"
    people = [
        Person(f"w{number}x", f"ws://127.0.0.1:{ports[number % len(ports)]}{path}", sessions[number % 2])
        for number in range(WRITERS)
    ]
    readers = [
        Person("", f"ws://127.0.0.1:{ports[number % len(ports)]}{path}", sessions[2]) for number in range(READERS)
    ]
    for one in [*people, *readers]:
        await one.enter()
    tasks = [asyncio.create_task(one.listen()) for one in [*people, *readers]]
    await asyncio.gather(*(one.write(number) for number, one in enumerate(people)))
    await asyncio.sleep(2)
    for task in tasks:
        task.cancel()
    waits = []
    for one in people:
        for word, began in one.began.items():
            for other in people:
                if other is not one:
                    seen = next((at for update, at in other.seen if f" {word} ".encode() in update), None)
                    waits.append(seen - began if seen else 60.0)
    return waits, [word for one in people for word in one.began]


class Person:
    """An editor that writes into a paragraph of its own and notes when others' words came."""

    def __init__(self, name: str, address: str, session: str) -> None:
        self.name, self.address, self.session = name, address, session
        self.editor = Editor(b"\x00\x00")
        self.began: dict[str, float] = {}
        self.seen: list[tuple[bytes, float]] = []
        self.socket: ClientConnection

    async def enter(self) -> None:
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}"}
        self.socket = await connect(self.address, origin="http://127.0.0.1", additional_headers=cookie)  # type: ignore[arg-type]
        await self.send("hello", state="AA==", client=self.editor.doc.client_id)
        welcome = json.loads(await self.socket.recv())
        self.editor.receive(base64.b64decode(welcome["update"]))
        self.editor.unsent()

    async def send(self, kind: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"type": kind, **fields}))

    async def listen(self) -> None:
        async for text in self.socket:
            message = json.loads(text)
            if message["type"] == "update":
                self.seen.append((base64.b64decode(message["update"]), time.perf_counter()))

    async def write(self, place: int) -> None:
        await asyncio.sleep(PAUSE * place / WRITERS)
        for number in range(1, int(SECONDS / PAUSE) + 1):
            word = f"{self.name}{number}"
            self.editor.write(f" {word} ", block=place)
            self.began[word] = time.perf_counter()
            await self.send("update", id=number, update=base64.b64encode(self.editor.unsent()).decode())
            await asyncio.sleep(PAUSE)


def opening(text: LetterText, cast: Any) -> Line:
    """The server's time for what an editor gets that opens a text with 20,000 changes behind it."""
    editor = Editor(text_lacking(text=text, state=b"\x00").update, cast.drafter)
    updates, snapshots = [], []
    for sequence in range(2, LONG_PAST + 1):
        block = sequence // 40 % 60  # somebody writes in one place for a while, corrects the last word, cuts a passage
        editor.write("typed ", block=block)
        if sequence % 5 == 0:
            editor.delete(len(editor.words(block)) - 3, len(editor.words(block)), block=block)
        if sequence % 40 == 39:
            editor.delete(20, 150, block=block)
        update = editor.unsent()
        about = {"text": text, "sequence": sequence}
        updates.append(TextUpdate(**about, update=update, client=5, actor_id=cast.drafter.pk, at=timezone.now()))
        if sequence % SNAPSHOT_EVERY == 0 and sequence < LONG_PAST:
            snapshots.append(TextSnapshot(**about, state=editor.doc.get_update()))
    TextUpdate.objects.bulk_create(updates, batch_size=1000)
    TextSnapshot.objects.bulk_create(snapshots[-2:])
    LetterText.objects.filter(pk=text.pk).update(sequence=LONG_PAST)
    took = []
    for _time in range(9):
        began = time.perf_counter()
        text_lacking(text=text, state=b"\x00")
        took.append(time.perf_counter() - began)
    seconds = median(took)
    return Line("drafting.open", 1, OPENED / seconds, 1 / seconds, 1 / OPENED)
