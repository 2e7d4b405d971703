from .mailings import AnswerSummary, Delivery, Dispatch, Exclusion, Reply
from .reports import SignerReport, SignerReportMail, SignerReportText

__all__ = [
    "AnswerSummary",
    "Delivery",
    "Dispatch",
    "Exclusion",
    "Reply",
    "SignerReport",
    "SignerReportMail",
    "SignerReportText",
]
