"""Pages of outreach."""

from .dispatches import authorise, cancel, dispatch, index, prepare, recompute, test
from .letters import delivery, delivery_pdf, reply

__all__ = [
    "authorise",
    "cancel",
    "delivery",
    "delivery_pdf",
    "dispatch",
    "index",
    "prepare",
    "recompute",
    "reply",
    "test",
]
