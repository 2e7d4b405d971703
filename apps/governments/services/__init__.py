"""Writes about offices, recipients, their addresses, corrections and positions."""

from .addresses import (
    Merged,
    address_add,
    address_allow,
    address_first,
    address_mark_bounced,
    address_mark_good,
    address_restore,
    address_retire,
    addresses_inherit_bounces,
)
from .positions import (
    FURTHEST_EAST,
    PositionsRecorded,
    position_correct,
    position_record,
    position_withdraw,
    positions_record,
)
from .recipient_corrections import (
    AlreadyDecided,
    correction_accept,
    correction_decline,
    correction_propose,
    corrections_erase,
    corrections_forget,
)
from .recipient_merge import recipient_merge
from .recipients import (
    ChangedMeanwhile,
    office_save,
    recipient_add,
    recipient_change,
    recipient_save,
    recipient_set_active,
    recipient_verify,
)

__all__ = [
    "FURTHEST_EAST", "AlreadyDecided", "ChangedMeanwhile", "Merged", "PositionsRecorded", "address_add",
    "address_allow", "address_first", "address_mark_bounced", "address_mark_good", "address_restore",
    "address_retire", "addresses_inherit_bounces", "correction_accept", "correction_decline", "correction_propose",
    "corrections_erase", "corrections_forget", "office_save", "position_correct", "position_record",
    "position_withdraw", "positions_record", "recipient_add", "recipient_change", "recipient_merge", "recipient_save",
    "recipient_set_active", "recipient_verify",
]  # fmt: skip
