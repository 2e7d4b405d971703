"""Writes about calls, signatures and annexes."""

from .annexes import annex_freeze
from .calls import (
    NewerVersion,
    RunningCall,
    names_hide,
    names_show,
    sign_on_call_close,
    sign_on_call_open,
)
from .confirmation import Confirmed, sign_on_confirm
from .corrections import NotStanding, sign_on_correct, sign_on_disown, sign_on_withdraw
from .erasure import expired_sweep, sign_on_erase, sign_ons_erase_by_address
from .exceptions import (
    AlreadyConfirmed,
    CallClosed,
    DuplicateOrganisation,
    DuplicatePerson,
    LinkExpired,
    LinkUnknown,
    NotForThisKind,
)
from .moderation import (
    AlreadyDecided,
    SameStands,
    TooMuchMail,
    sign_on_accept,
    sign_on_let_through,
    sign_on_reject,
    sign_on_verify,
)
from .submission import Outcome, Submitted, TooManyForms, sign_on_submit, submission_admit

__all__ = [
    "AlreadyConfirmed",
    "AlreadyDecided",
    "CallClosed",
    "Confirmed",
    "DuplicateOrganisation",
    "DuplicatePerson",
    "LinkExpired",
    "LinkUnknown",
    "NewerVersion",
    "NotForThisKind",
    "NotStanding",
    "Outcome",
    "RunningCall",
    "SameStands",
    "Submitted",
    "TooManyForms",
    "TooMuchMail",
    "annex_freeze",
    "expired_sweep",
    "names_hide",
    "names_show",
    "sign_on_accept",
    "sign_on_call_close",
    "sign_on_call_open",
    "sign_on_confirm",
    "sign_on_correct",
    "sign_on_disown",
    "sign_on_erase",
    "sign_on_let_through",
    "sign_on_reject",
    "sign_on_submit",
    "sign_on_verify",
    "sign_on_withdraw",
    "sign_ons_erase_by_address",
    "submission_admit",
]
