"""Pages of outreach."""

from .deliveries import delivery, delivery_pdf
from .dispatches import authorise, cancel, dispatch, index, prepare, recompute, test
from .mails import mail, mail_file, mail_kind, mail_raw, reply

__all__ = [
    "authorise",
    "cancel",
    "delivery",
    "delivery_pdf",
    "dispatch",
    "index",
    "mail",
    "mail_file",
    "mail_kind",
    "mail_raw",
    "prepare",
    "recompute",
    "reply",
    "test",
]
