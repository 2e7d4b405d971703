"""Pages of the postbox: its inbox and the kill switch."""

from .inbox import allow, answer, attachment, inbox, mail, raw, received, received_file, received_raw
from .kill_switch import decide, kill, release, switch

__all__ = [
    "allow",
    "answer",
    "attachment",
    "decide",
    "inbox",
    "kill",
    "mail",
    "raw",
    "received",
    "received_file",
    "received_raw",
    "release",
    "switch",
]
