"""Reads of the postbox: may anything leave, which rows wait and why, what came in."""

from .inbox import answers_received, inbox_lines, sink_mail_get, sink_mails
from .reading import ReadMail, mail_read
from .sending import (
    address_is_suppressed,
    messages_due,
    messages_in_doubt,
    messages_in_final,
    messages_waiting,
    waiting_explanation,
)
from .switch import SwitchState, hold_reason, switch_read

__all__ = [
    "ReadMail",
    "SwitchState",
    "address_is_suppressed",
    "answers_received",
    "hold_reason",
    "inbox_lines",
    "mail_read",
    "messages_due",
    "messages_in_doubt",
    "messages_in_final",
    "messages_waiting",
    "sink_mail_get",
    "sink_mails",
    "switch_read",
    "waiting_explanation",
]
