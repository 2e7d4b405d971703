from .authorisation import dispatch_authorise
from .cancellation import Stopped, dispatch_cancel, dispatch_expire, dispatch_pause
from .deliveries import deliveries_erase, delivery_queue, dispatch_finish, dispatches_advance
from .exceptions import (
    DispatchClosed,
    DispatchOverdue,
    NotEntitled,
    NothingToSend,
    NumberDiffers,
    PlanChanged,
    SecondPersonNeeded,
)
from .mail_events import mail_heard, reply_file
from .preparation import dispatch_prepare, dispatch_recompute, dispatch_test_send

__all__ = [
    "DispatchClosed",
    "DispatchOverdue",
    "NotEntitled",
    "NothingToSend",
    "NumberDiffers",
    "PlanChanged",
    "SecondPersonNeeded",
    "Stopped",
    "deliveries_erase",
    "delivery_queue",
    "dispatch_authorise",
    "dispatch_cancel",
    "dispatch_expire",
    "dispatch_finish",
    "dispatch_pause",
    "dispatch_prepare",
    "dispatch_recompute",
    "dispatch_test_send",
    "dispatches_advance",
    "mail_heard",
    "reply_file",
]
