"""The local inbox as a transport: mail goes to our own listener, on this machine and nowhere else."""

from django.conf import settings

from .smtp import SmtpSession


class LocalInbox(SmtpSession):
    """SMTP to the listener's own address, in sink mode whatever POSTBOX["MODE"] says."""

    def __init__(self) -> None:
        box = settings.POSTBOX
        here = {"HOST": box["LISTEN_HOST"], "PORT": box["LISTEN_PORT"]}
        super().__init__({**box, **here, "MODE": "sink", "SECURITY": "none", "USERNAME": ""})
