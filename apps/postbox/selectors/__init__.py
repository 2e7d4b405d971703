from .kill_switch import SwitchState, hold_reason, switch_read
from .messages import (
    address_is_suppressed,
    answers_received,
    messages_due,
    messages_in_doubt,
    messages_in_final,
    messages_waiting,
    waiting_explanation,
)

__all__ = [
    "SwitchState",
    "address_is_suppressed",
    "answers_received",
    "hold_reason",
    "messages_due",
    "messages_in_doubt",
    "messages_in_final",
    "messages_waiting",
    "switch_read",
    "waiting_explanation",
]
