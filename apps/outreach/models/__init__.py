from .mailings import AnswerSummary, Delivery, Dispatch, Exclusion, Reply

__all__ = ["AnswerSummary", "Delivery", "Dispatch", "Exclusion", "Reply"]
