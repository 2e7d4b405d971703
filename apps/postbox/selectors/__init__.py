"""Reads of the postbox: may anything leave, which rows wait and why, what came in."""

from .inbox import answers_received, sink_mail_get, sink_mails
from .messages import (
    address_is_suppressed,
    messages_due,
    messages_in_doubt,
    messages_in_final,
    messages_waiting,
    waiting_explanation,
)
from .switch import SwitchState, hold_reason, switch_read

__all__ = [
    "SwitchState",
    "address_is_suppressed",
    "answers_received",
    "hold_reason",
    "messages_due",
    "messages_in_doubt",
    "messages_in_final",
    "messages_waiting",
    "sink_mail_get",
    "sink_mails",
    "switch_read",
    "waiting_explanation",
]
