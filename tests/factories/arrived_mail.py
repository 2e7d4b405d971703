"""Mails to signers as they arrived over SMTP."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from apps.postbox.services.send_worker import messages_deliver

from .postbox import make_due
from .smtp_server import ScriptedServer


class Post:
    """What the postbox sent to this server; each mail is read once."""

    def __init__(self, server: ScriptedServer) -> None:
        self.server = server

    def to(self, address: str) -> EmailMessage:
        """The one mail to this address that nobody has read."""
        messages_deliver()
        [taken] = [mail for mail in self.server.taken if mail.envelope_to == address]
        self.server.taken.remove(taken)
        mail = message_from_bytes(taken.raw, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        return mail

    def take_all(self) -> list[str]:
        """The addresses of all that nobody has read, also of what waits to leave later. Nothing is there afterwards."""
        make_due()
        messages_deliver()
        addresses = [mail.envelope_to for mail in self.server.taken]
        self.server.taken.clear()
        return addresses


def body_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return body.get_content()


def link_with(mail: EmailMessage, part: str) -> str:
    """The path of the one link with this part, such as "/sign/confirm/"."""
    [link] = set(re.findall(rf"https?://[^/\s]+(/\S*{part}\S+)", body_of(mail)))
    return link
