"""Connections of one sending process. Each thread has a transport and touches no database: what must be committed or
recorded it hands to the thread that runs `messages_deliver`, which does it for many at once."""

import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from threading import Condition, Thread
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext_noop

from ..models import Message, Priority
from ..transports.base import OutgoingMail, SendResult, SendStatus, Transport, get_transport

#: seconds without an answer after which a domain with several such connections gets no more while others have mail
HESITATES = 0.5
#: seconds after which a connection counts as stalled: another is opened in its place
STALLED = 2.0
#: seconds without an answer after which the domain counts as slow. A relay that scans mail takes some for each
SLOW_AFTER = 10.0
#: seconds after which an idle connection looks again whether a domain is still crowded
EVERY = 0.5
#: connections at most, as a multiple of those that move
MOST = 4
UNSENT = gettext_noop("The database did not answer before the last step, so the email was not completed.")


@dataclass(eq=False)
class Job:
    """A claimed message on its way. `answer` says whether the last step was committed, or why that failed."""

    message: Message
    attempt: int
    mail: OutgoingMail
    began: float = 0.0
    step_began: float = 0.0  # what is before the last step counts as one
    answer: SimpleQueue[bool | BaseException] = field(default_factory=SimpleQueue)


@dataclass(frozen=True)
class Event:
    """What a thread wants: with a `result` the job has ended, without one its last step is to be committed."""

    job: Job
    result: SendResult | None = None
    failure: BaseException | None = None


class SenderThreads:
    def __init__(self) -> None:
        self.connections = max(1, int(settings.POSTBOX["CONNECTIONS"]))
        self._open = get_transport
        self._ready: list[Job] = []
        self._changed = Condition()  # also guards what is ready
        self._over = False
        #: set while nothing is due but mail to crowded domains
        self.nothing_else = False
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._in_hand: set[Job] = set()
        self._threads: list[Thread] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for job in self._in_hand:  # only where an exception ends the run: nothing more leaves
            job.answer.put(InterfaceError("the run has ended"))
        with self._changed:
            self._over = True
            self._changed.notify_all()
        if kind is None:
            for thread in self._threads:
                thread.join()

    @property
    def in_hand(self) -> int:
        return len(self._in_hand)

    def room(self) -> int:
        """How many more jobs to start now: one per connection that moves, and as many ready behind them. None until
        there is room for several, since they are claimed together."""
        stalled = len(self._stalled())
        if stalled >= self.connections * MOST:
            return 0
        most = 1 if self.connections == 1 else 3 * self.connections
        room = most + stalled + self.behind() - len(self._in_hand)
        return room if room >= min(self.connections, most) else 0

    def behind(self) -> int:
        """How many jobs are ready for crowded domains: they leave the room to others."""
        crowded = self.crowded_domains()
        with self._changed:
            return sum(job.message.to_domain in crowded for job in self._ready)

    def start(self, job: Job) -> None:
        self._in_hand.add(job)
        with self._changed:
            self._ready.append(job)
            self._changed.notify()
        self._grow()

    def _grow(self) -> None:
        """As many threads as there is work for, and others in place of those that stall."""
        crowded = self.crowded_domains()
        taken = {*self._stalled(), *(job for job in self._hesitating() if job.message.to_domain in crowded)}
        wanted = min(len(self._in_hand), self.connections + len(taken), self.connections * MOST)
        while len(self._threads) < wanted:
            thread = Thread(target=self._run, name=f"sender-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def events(self, *, seconds: float) -> list[Event]:
        """What the threads want by now; waits for the first. Raises what a thread could not handle."""
        self._grow()
        found: list[Event] = []
        try:
            found.append(self._events.get(timeout=seconds))
            while True:
                found.append(self._events.get_nowait())
        except Empty:
            pass
        for event in found:
            if event.failure:
                self._in_hand.discard(event.job)
                for other in found:
                    if other is not event:
                        self._events.put(other)
                raise event.failure
        self._in_hand.difference_update(event.job for event in found if event.result)
        return found

    def withdraw(self, slow: Collection[str] | None = None, full: Collection[str] = ()) -> list[Job]:
        """The jobs that no thread has begun; they are not begun any more. With `slow`, those of these domains, except
        what somebody waits for, and all of the `full` ones."""
        with self._changed:
            found = [
                job
                for job in self._ready
                if slow is None or job.message.to_domain in full or _may_wait(job.message, slow)
            ]
            self._ready = [job for job in self._ready if job not in found]
        self._in_hand.difference_update(found)
        return found

    def crowded_domains(self) -> set[str]:
        """Domains that leave half of the connections or more without an answer: mail to others goes first."""
        number = Counter(job.message.to_domain for job in self._hesitating())
        return {domain for domain, waiting in number.items() if waiting >= max(2, self.connections // 2)} - {""}

    def full_domains(self) -> set[str]:
        """Domains that stall while only one set of connections is left for the others: nothing more goes to them, not
        even what somebody waits for."""
        stalled = self._stalled()
        return {job.message.to_domain for job in stalled if len(stalled) >= self.connections * (MOST - 1)} - {""}

    def slow_domains(self) -> set[str]:
        """Domains to which a mail waits long for an answer, or for which so many connections stall that only one set is
        left for the others."""
        since = time.monotonic() - SLOW_AFTER
        found = {job.message.to_domain for job in self._in_hand if job.began and job.step_began < since}
        stalled = Counter(job.message.to_domain for job in self._stalled())
        found |= {domain for domain, number in stalled.items() if number >= self.connections * (MOST - 1)}
        return found - {""}

    def _stalled(self) -> list[Job]:
        since = time.monotonic() - STALLED
        return [job for job in self._in_hand if job.began and job.began < since]

    def _hesitating(self) -> list[Job]:
        since = time.monotonic() - HESITATES
        return [job for job in list(self._in_hand) if job.began and job.step_began < since]

    def _next(self) -> Job | None:
        """Waits for the first ready job whose domain is not crowded, or for any while nothing else is due. None when
        the run is over."""
        with self._changed:
            while not self._over:
                crowded = set() if self.nothing_else else self.crowded_domains()
                for job in self._ready:
                    if job.message.to_domain not in crowded:
                        self._ready.remove(job)
                        job.step_began = job.began = time.monotonic()
                        return job
                self._changed.wait(EVERY)
        return None

    def _run(self) -> None:
        job: Job | None = None
        try:
            with self._open() as transport:
                while job := self._next():
                    self._events.put(Event(job, self._send(transport, job)))
        except BaseException as error:  # noqa: BLE001 – raised again by the thread that has the database
            self._events.put(Event(job or _NOBODY, failure=error))

    def _send(self, transport: Transport, job: Job) -> SendResult:
        try:
            return transport.send(job.mail, partial(self._commit, job))
        except (DatabaseError, InterfaceError):  # raised by the commit before the dot: the server has no mail
            return SendResult(SendStatus.DEFERRED, "body", reason=UNSENT)

    def _commit(self, job: Job) -> bool:
        self._events.put(Event(job))
        answer = job.answer.get()
        job.step_began = time.monotonic()
        if isinstance(answer, BaseException):
            raise answer
        return answer


def _may_wait(message: Message, slow: Collection[str]) -> bool:
    return message.to_domain in slow and message.priority != Priority.WAITED_FOR


_NOBODY = Job(Message(), 0, OutgoingMail("", "", b""))
