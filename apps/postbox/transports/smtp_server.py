"""The SMTP server for answers and, as a sink, for everything. It accepts a mail only once it is stored."""

import asyncio
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import AnyStr

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

from ..inbound.envelope import MAX_RECEIVED_BYTES

log = structlog.get_logger(__name__)

#: (envelope sender, envelope recipients, raw mail) → stores or raises
type Store = Callable[[str, list[str], bytes], None]
#: parsing needs about ten times the size of a mail, so larger ones wait for each other
LARGE_BYTES = 5 * 1024 * 1024
#: RFC 5321 says 1,000; an answer is not lost because its sender does not count
MAX_LINE_BYTES = 1024 * 1024
TOO_LARGE = "552 5.3.4 Message too big"
TRY_LATER = "451 4.3.0 Cannot store the mail now, try again later"
MAX_RECIPIENTS = 100
#: each may hold a mail of MAX_RECEIVED_BYTES in memory
MAX_CONNECTIONS = 10


class Handler:
    """aiosmtpd's hooks. `accepts(address)`: whose mail is taken, `gone(address)`: no such mailbox,
    `too_large(addresses)`: a mail to them was refused for its size."""

    def __init__(
        self,
        *,
        store: Store,
        accepts: Callable[[str], bool],
        gone: Callable[[str], bool],
        too_large: Callable[[list[str]], None] = lambda addresses: None,
    ) -> None:
        self._store = store
        self._too_large = too_large
        self._accepts = accepts
        self._gone = gone
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="inbox")
        self._one_large = asyncio.Lock()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._gone(address):
            return "550 5.1.1 No such mailbox"
        if not self._accepts(address):
            return "550 5.7.1 Not an address of this server"
        if declared_size(envelope) > MAX_RECEIVED_BYTES:
            await self.refuse_size([address])
            return TOO_LARGE
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.content
        assert isinstance(raw, bytes)
        try:
            async with self._one_large if len(raw) > LARGE_BYTES else nullcontext():
                await asyncio.get_running_loop().run_in_executor(
                    self._threads, self._store, envelope.mail_from or "", list(envelope.rcpt_tos), raw
                )
        except Exception:
            log.exception("mail_not_stored")
            return TRY_LATER
        return "250 2.0.0 Stored"

    async def refuse_size(self, addresses: list[str]) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, self._too_large, addresses)
        except Exception:
            log.exception("size_not_told")


def declared_size(envelope: Envelope) -> int:
    """The SIZE of the MAIL command (RFC 1870), 0 without one."""
    sizes = [option[5:] for option in envelope.mail_options if option.upper().startswith("SIZE=")]
    return int(sizes[0]) if sizes and sizes[0].isdigit() else 0


class _Busy(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"421 4.3.2 Too many connections, try again later\r\n")
        transport.close()


class _Counted(SMTP):
    """Keeps itself in `connections` while it is open, and lets the handler know what was too large."""

    connections: set[SMTP] = set()
    line_length_limit = MAX_LINE_BYTES

    async def smtp_MAIL(self, arg: str) -> None:
        """A declared size is refused at RCPT, when it is known whose mail it is."""
        limit, self.data_size_limit = self.data_size_limit, None
        try:
            await super().smtp_MAIL(arg)
        finally:
            self.data_size_limit = limit

    async def push(self, status: AnyStr) -> None:
        if self.envelope and self.envelope.rcpt_tos and status == "552 Error: Too much mail data":
            await self.event_handler.refuse_size(list(self.envelope.rcpt_tos))
        await super().push(status)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.connections.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.connections.discard(self)
        super().connection_lost(error)


def serve(
    *,
    host: str,
    port: int,
    name: str,
    handler: Handler,
    ready: Callable[[int], None] = lambda port: None,
    heartbeat: Callable[[], None] = lambda: None,
) -> None:
    """Listen until SIGINT or SIGTERM. `ready` gets the port; `heartbeat` runs as often as HEALTH says."""
    asyncio.run(_serve(host, port, name, handler, ready, heartbeat))


async def _beat(heartbeat: Callable[[], None]) -> None:
    while True:
        await asyncio.to_thread(heartbeat)
        await asyncio.sleep(settings.HEALTH["HEARTBEAT"])


async def _serve(
    host: str, port: int, name: str, handler: Handler, ready: Callable[[int], None], heartbeat: Callable[[], None]
) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)

    def protocol() -> asyncio.Protocol:
        if len(_Counted.connections) >= MAX_CONNECTIONS:
            return _Busy()
        return _Counted(
            handler,
            data_size_limit=MAX_RECEIVED_BYTES,
            enable_SMTPUTF8=True,
            decode_data=False,
            hostname=name,
            ident="ecomcampaign",
            timeout=300,
            loop=loop,
        )

    server = await loop.create_server(protocol, host=host, port=port)
    async with server:
        ready(server.sockets[0].getsockname()[1])
        beating = asyncio.create_task(_beat(heartbeat))
        await stopped.wait()
        beating.cancel()
