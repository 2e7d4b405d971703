from .mailings import AnswerSummary, Delivery, Dispatch, Exclusion, Reply
from .reports import SignerReport, SignerReportMail, SignerReportText
from .tracking import FollowUp, MailTriage, ReplyPosition, SentAnswer, Touch, TouchFile

__all__ = [
    "AnswerSummary",
    "Delivery",
    "Dispatch",
    "Exclusion",
    "FollowUp",
    "MailTriage",
    "Reply",
    "ReplyPosition",
    "SentAnswer",
    "SignerReport",
    "SignerReportMail",
    "SignerReportText",
    "Touch",
    "TouchFile",
]
