from .annexes import Annex, AnnexEntry, AnnexName
from .calls import CallChange, SignOnCall
from .collected_sign_ons import (
    CollectedSignOn,
    CollectionChannel,
    EvidenceFile,
    PartnerSubmission,
    SignOnImport,
    WithdrawalRequest,
)
from .email_addresses import MAIL_ORIGIN, AddressMail, EmailChange
from .invitations import INVITATION_ORIGIN, Invitation, InvitationRefusal, InvitationToken
from .moderation import ModerationDecision, SignerQuestion
from .organisations import Coalition, Organisation, OrganisationMerge
from .sign_ons import SignOn, SignOnQuerySet, SignOnToken, SignOnVersion, new_salt
from .signatory_counts import SignatoryChange, SignatoryTotal
from .signature_log import SignatureLogEntry, SignatureLogHead
from .version_replacements import SignerNotice, VersionReplacement

__all__ = [
    "INVITATION_ORIGIN",
    "MAIL_ORIGIN",
    "AddressMail",
    "Annex",
    "AnnexEntry",
    "AnnexName",
    "CallChange",
    "Coalition",
    "CollectedSignOn",
    "CollectionChannel",
    "EmailChange",
    "EvidenceFile",
    "Invitation",
    "InvitationRefusal",
    "InvitationToken",
    "ModerationDecision",
    "Organisation",
    "OrganisationMerge",
    "PartnerSubmission",
    "SignOn",
    "SignOnCall",
    "SignOnImport",
    "SignOnQuerySet",
    "SignOnToken",
    "SignOnVersion",
    "SignatoryChange",
    "SignatoryTotal",
    "SignatureLogEntry",
    "SignatureLogHead",
    "SignerNotice",
    "SignerQuestion",
    "VersionReplacement",
    "WithdrawalRequest",
    "new_salt",
]
