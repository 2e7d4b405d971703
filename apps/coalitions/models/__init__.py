from .annexes import Annex, AnnexEntry, AnnexName
from .calls import SignOnCall
from .organisations import Coalition, Organisation
from .sign_ons import AddressMail, SignOn, SignOnQuerySet, SignOnToken, SignOnVersion, new_salt
from .signature_log import SignatureLogEntry, SignatureLogHead

__all__ = [
    "AddressMail",
    "Annex",
    "AnnexEntry",
    "AnnexName",
    "Coalition",
    "Organisation",
    "SignOn",
    "SignOnCall",
    "SignOnQuerySet",
    "SignOnToken",
    "SignOnVersion",
    "SignatureLogEntry",
    "SignatureLogHead",
    "new_salt",
]
