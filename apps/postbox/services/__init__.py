from .attempts import message_decide, message_finish
from .delivery_reports import message_event_record
from .inbound import Arrival, address_is_ours, inbound_reclassify, mails_receive, sink_mail_answer
from .kill_switch import switch_epoch_adopt, switch_kill, switch_release
from .queue import AlreadyQueued, address_allow, address_suppress, mails_erase, message_queue, messages_cancel
from .transitions import events_retell
from .worker import (
    Run,
    expiries_sweep,
    leases_sweep,
    message_claim,
    message_to_final,
    messages_deliver,
    postbox_sweep,
    worker_name,
)

__all__ = [
    "AlreadyQueued",
    "Arrival",
    "Run",
    "address_allow",
    "address_is_ours",
    "address_suppress",
    "events_retell",
    "expiries_sweep",
    "inbound_reclassify",
    "leases_sweep",
    "mails_erase",
    "mails_receive",
    "message_claim",
    "message_decide",
    "message_event_record",
    "message_finish",
    "message_queue",
    "message_to_final",
    "messages_cancel",
    "messages_deliver",
    "postbox_sweep",
    "sink_mail_answer",
    "switch_epoch_adopt",
    "switch_kill",
    "switch_release",
    "worker_name",
]
