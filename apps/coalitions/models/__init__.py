from .annexes import Annex, AnnexEntry, AnnexName
from .calls import CallChange, SignOnCall
from .moderation import ModerationDecision, ModerationReminder, SignerQuestion
from .organisations import Coalition, Organisation, OrganisationMerge
from .sign_ons import AddressMail, SignOn, SignOnQuerySet, SignOnToken, SignOnVersion, new_salt
from .signatory_counts import SignatoryChange, SignatoryTotal
from .signature_log import SignatureLogEntry, SignatureLogHead

__all__ = [
    "AddressMail",
    "Annex",
    "AnnexEntry",
    "AnnexName",
    "CallChange",
    "Coalition",
    "ModerationDecision",
    "ModerationReminder",
    "Organisation",
    "OrganisationMerge",
    "SignOn",
    "SignOnCall",
    "SignOnQuerySet",
    "SignOnToken",
    "SignOnVersion",
    "SignatoryChange",
    "SignatoryTotal",
    "SignatureLogEntry",
    "SignatureLogHead",
    "SignerQuestion",
    "new_salt",
]
