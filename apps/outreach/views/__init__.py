"""Pages of outreach."""

from .deliveries import delivery, delivery_pdf, reply
from .dispatches import authorise, cancel, dispatch, index, prepare, recompute, test

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
