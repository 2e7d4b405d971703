"""Sending over SMTP: one recipient per transaction, many transactions per connection. Before the final dot there is no
mail (RFC 5321 §4.1.1.10). So the body goes first, then the caller commits that this attempt may end, and only then the
dot is sent."""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from django.conf import settings
from django.utils.translation import gettext_noop

from apps.core.types import JsonObject

from .base import OutgoingMail, SendResult, SendStatus, clean_reply
from .smtp_connection import ConnectionLost, DeadlineSmtp, connect, is_loopback

MAX_PER_CONNECTION = 100
CHUNK = 64 * 1024
#: about the account or connection, not the mail (RFC 4954 §6): worth another attempt
ABOUT_THE_LINE = frozenset({530, 534, 535, 538})
SECURITIES = frozenset({"none", "starttls", "tls"})
#: steps before a mail is named
ABOUT_THE_SERVER = frozenset({"connect", "hello", "secure", "login", "reset"})


class _Answered(Exception):
    """The server's answer ends the attempt before the dot."""

    def __init__(self, code: int | None, reply: bytes | str) -> None:
        super().__init__(code)
        self.code = code
        self.reply = clean_reply(reply)


class SmtpSession:
    """A connection to the server of settings.POSTBOX (or `box`), opened when needed and renewed when lost."""

    def __init__(self, box: JsonObject | None = None) -> None:
        self._box: JsonObject = box or settings.POSTBOX
        self._wire: DeadlineSmtp | None = None
        self._handed = 0
        self._clean = False
        self._stage = "connect"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close(politely=kind is None)

    def close(self, *, politely: bool = False) -> None:
        """Hang up, politely with QUIT."""
        wire, self._wire = self._wire, None
        if wire is None:
            return
        if politely:
            with suppress(ConnectionLost):
                wire.allow(min(2, self._box["STEP_TIMEOUT"]))
                wire.docmd("QUIT")
        wire.close()

    def send(self, mail: OutgoingMail, commit: Callable[[], bool]) -> SendResult:
        try:
            self._transaction(mail)
        except _Answered as answer:
            return self._answered(answer)
        except (ConnectionLost, smtplib.SMTPException) as broken:
            self.close()
            down = self._stage in ABOUT_THE_SERVER
            return SendResult(
                SendStatus.DEFERRED, self._stage, reason=f"Nothing was handed over: {broken}.", connection_failed=down
            )
        except ValueError as error:
            return SendResult(
                SendStatus.DEFERRED, "prepare", reason=f"The mail cannot be written to the line: {error}."
            )
        spoke_twice = self._stage == "early"
        try:
            allowed = commit()
        except BaseException:
            self.close()
            raise
        if not allowed:
            self.close()
            return SendResult(
                SendStatus.WITHHELD, "body", reason=gettext_noop("The hand-over was stopped before its last step.")
            )
        if spoke_twice:
            self.close()
            return _doubt("body", "the server said yes before the mail was complete")
        return self._dot()

    def _transaction(self, mail: OutgoingMail) -> None:
        content = dot_stuffed(mail.content)
        wire = self._ready()
        self._stage = "mail"
        options = self._options(wire, mail, len(mail.content))
        self._clean = False
        commands = f"MAIL FROM:<{mail.envelope_from}>{options}", f"RCPT TO:<{mail.envelope_to}>"
        if wire.has_extn("pipelining"):  # RFC 2920; DATA waits, so that no text is asked for without a recipient
            wire.allow(self._box["STEP_TIMEOUT"])
            wire.send("\r\n".join([*commands, ""]))
            sender = wire.getreply()
            self._stage = "rcpt" if sender[0] == 250 else "mail"
            recipient = wire.getreply()
            self._must(*sender, 250)
            self._must(*recipient, 250, 251, 252)
        else:
            self._say(wire, commands[0], 250)
            self._stage = "rcpt"
            self._say(wire, commands[1], 250, 251, 252)
        self._stage = "data"
        self._say(wire, "DATA", 354)
        self._stage = "body"
        self._send_body(wire, content)

    def _options(self, wire: DeadlineSmtp, mail: OutgoingMail, size: int) -> str:
        options = ""
        if wire.has_extn("size"):
            limit = wire.esmtp_features["size"]
            if limit.isdigit() and 0 < int(limit) < size:
                raise _Answered(552, f"5.3.4 the server takes {limit} bytes, the mail has {size}")
            options += f" SIZE={size}"
        wire.command_encoding = "ascii"
        if mail.utf8:
            if not (wire.has_extn("smtputf8") and wire.has_extn("8bitmime")):
                raise _Answered(553, "5.6.7 the server takes only addresses in ASCII")
            wire.command_encoding = "utf-8"
            options += " BODY=8BITMIME SMTPUTF8"
        return options

    def _say(self, wire: DeadlineSmtp, command: str, *wanted: int) -> None:
        wire.allow(self._box["STEP_TIMEOUT"])
        self._must(*wire.docmd(command), *wanted)

    def _must(self, code: int, reply: bytes, *wanted: int) -> None:
        if code not in wanted:
            raise _Answered(code, reply)

    def _send_body(self, wire: DeadlineSmtp, content: bytes) -> None:
        """Send without the dot, checking between chunks whether the server already refuses."""
        for start in range(0, len(content), CHUNK):
            wire.allow(self._box["STEP_TIMEOUT"])
            wire.send(content[start : start + CHUNK])
            wire.allow(self._box["STEP_TIMEOUT"])
            if wire.spoke_early():
                try:
                    code, reply = wire.getreply()
                except ConnectionLost:  # half an answer: it may have been a yes
                    code, reply = 0, b""
                if 400 <= code <= 599:
                    self.close()
                    raise _Answered(code, reply)
                self._stage = "early"
                return

    def _dot(self) -> SendResult:
        self._stage = "dot"
        assert self._wire is not None
        try:
            self._wire.allow(self._box["DOT_TIMEOUT"])
            self._wire.send(b".\r\n")
            code, reply = self._wire.getreply()
        except ConnectionLost as broken:
            self.close()
            return _doubt("dot", str(broken))
        self._handed += 1
        if code == 421 or not 200 <= code <= 599:
            self.close()
        words = clean_reply(reply)
        if 200 <= code <= 299:
            self._clean = self._wire is not None
            return SendResult(SendStatus.ACCEPTED, "done", code, words, gettext_noop("The mail server accepted it."))
        if 400 <= code <= 599:
            status = SendStatus.DEFERRED if code < 500 else SendStatus.REFUSED
            return SendResult(status, "dot", code, words, _said(code, words, "when it had the mail"))
        return _doubt("dot", "its reply was not valid SMTP", words)

    def _answered(self, answer: _Answered) -> SendResult:
        code, words, stage = answer.code, answer.reply, self._stage
        about_line = stage in ABOUT_THE_SERVER or code in ABOUT_THE_LINE
        if about_line or code is None or code == 421 or not 400 <= code <= 599:
            self.close()
        reason = _said(code, words, WHERE[stage])
        code = code if code is not None and 100 <= code <= 599 else None
        if code is not None and 500 <= code <= 599 and not about_line:
            return SendResult(SendStatus.REFUSED, stage, code, words, reason)
        return SendResult(SendStatus.DEFERRED, stage, code, words, reason, connection_failed=about_line)

    def _ready(self) -> DeadlineSmtp:
        """A connection ready for MAIL: the open one, after RSET unless its last mail was taken, or a new one."""
        if self._wire is not None and self._handed < MAX_PER_CONNECTION:
            self._stage = "reset"
            with suppress(ConnectionLost):
                self._wire.allow(self._box["STEP_TIMEOUT"])
                if not self._wire.spoke_early() and (self._clean or self._wire.rset()[0] == 250):
                    return self._wire
        self.close(politely=self._handed >= MAX_PER_CONNECTION)
        self._handed = 0
        return self._open()

    def _open(self) -> DeadlineSmtp:
        box, self._stage = self._box, "connect"
        if box["SECURITY"] not in SECURITIES:  # a word that nobody knows must not mean "unencrypted"
            raise ConnectionLost("SMTP_SECURITY is neither none, starttls nor tls")
        plain = connect(box["HOST"], box["PORT"], seconds=box["CONNECT_TIMEOUT"], fenced=box["MODE"] != "live")
        if box["SECURITY"] == "none" and not is_loopback(str(plain.getpeername()[0])):
            plain.close()
            raise ConnectionLost("the line would leave this machine unencrypted, and SMTP_SECURITY is none")
        if box["SECURITY"] == "tls":
            self._stage = "secure"
            try:
                plain = ssl.create_default_context().wrap_socket(plain, server_hostname=box["HOST"])
            except OSError as error:
                plain.close()
                raise ConnectionLost(f"the line could not be encrypted ({type(error).__name__})") from None
        self._stage = "connect"
        wire = self._wire = DeadlineSmtp(plain, helo=box["HELO"], host=box["HOST"])
        wire.allow(box["STEP_TIMEOUT"])
        code, reply = wire.getreply()
        if code != 220:
            raise _Answered(code, reply)
        self._hello(wire)
        if box["SECURITY"] == "starttls":
            self._secure(wire)
        if box["USERNAME"]:
            self._login(wire)
        return wire

    def _hello(self, wire: DeadlineSmtp) -> None:
        self._stage = "hello"
        wire.allow(self._box["STEP_TIMEOUT"])
        code, reply = wire.ehlo()
        if 500 <= code <= 599:  # a server from before extensions (RFC 5321 §3.2)
            code, reply = wire.helo()
        if code != 250:
            raise _Answered(code, reply)

    def _secure(self, wire: DeadlineSmtp) -> None:
        self._stage = "secure"
        if not wire.has_extn("starttls"):
            raise _Answered(None, "it offers no encryption, and SMTP_SECURITY asks for it")
        wire.allow(self._box["STEP_TIMEOUT"])
        code, reply = wire.upgrade(ssl.create_default_context())
        if code != 220:
            raise _Answered(code, reply)
        self._hello(wire)

    def _login(self, wire: DeadlineSmtp) -> None:
        self._stage = "login"
        wire.allow(self._box["STEP_TIMEOUT"])
        try:
            wire.login(self._box["USERNAME"], self._box["PASSWORD"])
        except smtplib.SMTPResponseException as error:
            raise _Answered(error.smtp_code, error.smtp_error) from None
        except (smtplib.SMTPException, UnicodeError) as error:
            raise _Answered(None, f"signing in is not possible ({type(error).__name__})") from None


WHERE = {
    "connect": "when we connected",
    "hello": "when we greeted it",
    "secure": "when the line was to be encrypted",
    "login": "when we signed in",
    "reset": "between two mails",
    "mail": "to the sender's address",
    "rcpt": "to the recipient's address",
    "data": "before the text",
    "body": "while it got the text",
}


def _said(code: int | None, words: str, where: str) -> str:
    answer = " ".join(part for part in (str(code) if code and code > 0 else "", words) if part)
    return f"The mail server answered {where}: {answer or 'nothing we understand'}"


def _doubt(stage: str, how: str, words: str = "") -> SendResult:
    return SendResult(
        SendStatus.IN_DOUBT, stage, reply=words, reason=f"Handed over, but the server did not confirm it: {how}."
    )


def dot_stuffed(content: bytes) -> bytes:
    """Dot-stuffed content ending in CRLF, without the final dot (RFC 5321 §4.5.2). Raises ValueError for a lone CR or
    LF, which a lenient server could take for the end."""
    pairs = content.count(b"\r\n")
    if content.count(b"\n") != pairs or content.count(b"\r") != pairs:
        raise ValueError("the mail has a line end that is not CRLF")
    stuffed = content.replace(b"\n.", b"\n..") if b"\n." in content else content
    stuffed = b"." + stuffed if stuffed.startswith(b".") else stuffed
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"


class LocalInbox(SmtpSession):
    """Sends to our own listener on this machine, whatever POSTBOX["MODE"] says."""

    def __init__(self) -> None:
        box = settings.POSTBOX
        here = {"HOST": box["LISTEN_HOST"], "PORT": box["LISTEN_PORT"]}
        super().__init__({**box, **here, "MODE": "sink", "SECURITY": "none", "USERNAME": ""})
