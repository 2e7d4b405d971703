"""Writes of the postbox: queueing, the state machine of sending, the switch, decisions, incoming mail."""

from .answering import sink_mail_answer
from .claiming import message_claim, message_to_final
from .deciding import message_decide
from .delivering import Run, messages_deliver, worker_name
from .erasing import mails_erase
from .events import events_retell
from .finishing import message_finish
from .proofs import message_event_record
from .queueing import AlreadyQueued, address_suppress, message_queue, messages_cancel
from .receiving import Arrival, address_is_ours, mails_receive
from .sweeping import expiries_sweep, leases_sweep, postbox_sweep
from .switching import switch_epoch_adopt, switch_kill, switch_release

__all__ = [
    "AlreadyQueued",
    "Arrival",
    "Run",
    "address_is_ours",
    "address_suppress",
    "events_retell",
    "expiries_sweep",
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
