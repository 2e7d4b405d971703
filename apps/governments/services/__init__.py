"""Writes about offices, recipients, their addresses, corrections and positions."""

from .addresses import NotAnAddress, address_add, address_first, address_mark_bounced, address_restore, address_retire
from .corrections import (
    AlreadyDecided,
    NothingChosen,
    ReasonMissing,
    correction_accept,
    correction_decline,
    correction_propose,
    corrections_erase,
    corrections_forget,
)
from .merging import CannotMerge, recipient_merge
from .positions import ForeignSource, SaidInFuture, UnknownStance, position_record
from .recipients import (
    ChangedMeanwhile,
    Merged,
    UnknownOffice,
    office_save,
    recipient_add,
    recipient_change,
    recipient_save,
    recipient_set_active,
    recipient_verify,
)

__all__ = [
    "AlreadyDecided",
    "CannotMerge",
    "ChangedMeanwhile",
    "ForeignSource",
    "Merged",
    "NotAnAddress",
    "NothingChosen",
    "ReasonMissing",
    "SaidInFuture",
    "UnknownOffice",
    "UnknownStance",
    "address_add",
    "address_first",
    "address_mark_bounced",
    "address_restore",
    "address_retire",
    "correction_accept",
    "correction_decline",
    "correction_propose",
    "corrections_erase",
    "corrections_forget",
    "office_save",
    "position_record",
    "recipient_add",
    "recipient_change",
    "recipient_merge",
    "recipient_save",
    "recipient_set_active",
    "recipient_verify",
]
