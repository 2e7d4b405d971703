"""A folder of an IMAP account (RFC 9051), read one mail at a time. In sink mode it is on this machine."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from imaplib import IMAP4
from socket import socket
from typing import Self, cast

from django.conf import settings
from django.utils.translation import gettext_noop
from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError

from apps.core.types import JsonObject

from ..inbound.envelope import MAX_RECEIVED_BYTES
from .base import clean_reply
from .smtp_connection import ConnectionLost, connect, is_loopback

CONNECT_SECONDS = 10


class MailboxUnavailable(Exception):
    """The folder cannot be read now. `str()` is a sentence for operators, without addresses and secrets."""


class _Imap4(IMAP4):
    def __init__(self, box: JsonObject) -> None:
        self._box = box
        super().__init__(box["IMAP_HOST"], box["IMAP_PORT"])

    def _create_socket(self, timeout: float | None = None) -> socket:
        box = self._box
        wire = connect(
            box["IMAP_HOST"],
            box["IMAP_PORT"],
            seconds=CONNECT_SECONDS,
            fenced=box["MODE"] != "live",
            setting="IMAP_HOST",
        )
        if box["IMAP_SECURITY"] == "none" and not is_loopback(str(wire.getpeername()[0])):
            wire.close()
            raise ConnectionLost("the line would leave this machine unencrypted, and IMAP_SECURITY is none")
        if box["IMAP_SECURITY"] != "tls":
            return wire
        try:
            return ssl.create_default_context().wrap_socket(wire, server_hostname=box["IMAP_HOST"])
        except OSError as error:
            wire.close()
            raise ConnectionLost(f"the line could not be encrypted ({type(error).__name__})") from None


class _Client(IMAPClient):
    def __init__(self, box: JsonObject) -> None:
        self._box = box
        patience = SocketTimeout(CONNECT_SECONDS, box["IMAP_TIMEOUT"])
        super().__init__(box["IMAP_HOST"], box["IMAP_PORT"], ssl=box["IMAP_SECURITY"] == "tls", timeout=patience)

    def _create_IMAP4(self) -> IMAP4:
        return _Imap4(self._box)


class Mailbox:
    """A folder that has been selected."""

    def __init__(self, client: IMAPClient, folder: str) -> None:
        self._client = client
        selected = client.select_folder(folder)
        self.uid_validity = int(cast(int, selected[b"UIDVALIDITY"]))

    def uids(self, first: int, last: int | None = None) -> list[int]:
        """The UIDs from `first` to `last`, ascending. A range to "*" names the last mail even where it is before."""
        found = self._client.search(["UID", f"{first}:{last or '*'}"])
        return sorted(uid for uid in found if uid >= first and (last is None or uid <= last))

    def unseen_uids(self, last: int) -> list[int]:
        return sorted(self._client.search(["UID", f"1:{last}", "UNSEEN"])) if last else []

    def size(self, uid: int) -> int | None:
        """None where the mail has gone."""
        row = self._client.fetch([uid], ["RFC822.SIZE"]).get(uid)
        return int(row[b"RFC822.SIZE"]) if row else None

    def header(self, uid: int) -> bytes:
        return self._part(uid, "BODY.PEEK[HEADER]<0.262144>", b"BODY[HEADER]<0>")

    def raw(self, uid: int) -> bytes:
        """The mail, or the first MAX_RECEIVED_BYTES and one byte of a mail whose size was announced wrongly."""
        return self._part(uid, f"BODY.PEEK[]<0.{MAX_RECEIVED_BYTES + 1}>", b"BODY[]<0>")

    def _part(self, uid: int, item: str, key: bytes) -> bytes:
        part = self._client.fetch([uid], [item]).get(uid, {}).get(key)
        return part if isinstance(part, bytes) else b""

    def finish(self, uids: list[int], done_folder: str) -> None:
        """Mark mails as read, or move them to `done_folder`. Doing it twice does no harm."""
        if not uids:
            return
        client = self._client
        if not done_folder:
            client.add_flags(uids, [b"\\Seen"], silent=True)
        elif client.has_capability("MOVE"):
            client.move(uids, done_folder)
        else:
            client.copy(uids, done_folder)
            client.add_flags(uids, [b"\\Seen", b"\\Deleted"], silent=True)
            if client.has_capability("UIDPLUS"):
                client.uid_expunge(uids)


class _Deadline:
    """Ends a connection after so many seconds: a server that sends a byte a minute never times out."""

    def __init__(self, client: IMAPClient, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._end, [client])
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()

    @staticmethod
    def _end(client: IMAPClient) -> None:
        with suppress(Exception):
            client.shutdown()


@contextmanager
def open_mailbox(folder: str) -> Iterator[Mailbox]:
    """The folder of the account in settings.POSTBOX. Raises MailboxUnavailable, also while it is read."""
    box: JsonObject = settings.POSTBOX
    if box["IMAP_SECURITY"] not in {"none", "starttls", "tls"}:
        raise MailboxUnavailable("IMAP_SECURITY is neither none, starttls nor tls.")
    try:
        with _Client(box) as client, _Deadline(client, box["IMAP_RUN"] + box["IMAP_TIMEOUT"]):
            if box["IMAP_SECURITY"] == "starttls":
                client.starttls()
            client.login(box["IMAP_USERNAME"], box["IMAP_PASSWORD"])
            if box["IMAP_DONE_FOLDER"] and not client.folder_exists(box["IMAP_DONE_FOLDER"]):
                client.create_folder(box["IMAP_DONE_FOLDER"])
            yield Mailbox(client, folder)
    except LoginError as error:
        raise MailboxUnavailable(f"The server refused the user name or the password: {_words(error, box)}") from None
    except TimeoutError:
        raise MailboxUnavailable(gettext_noop("The server did not answer in time.")) from None
    except ConnectionLost as error:
        raise MailboxUnavailable(f"The connection failed: {_words(error, box)}") from None
    except (IMAP4.error, OSError, ValueError) as error:
        said = _words(error, box) or type(error).__name__
        raise MailboxUnavailable(f"The connection broke, or the server said no: {said}") from None


def _words(error: Exception, box: JsonObject) -> str:
    words = str(error)
    for secret in (box["IMAP_PASSWORD"], box["IMAP_USERNAME"]):
        words = words.replace(secret, "…") if secret else words
    return clean_reply(words)
