"""Public pages. Whoever asks without a cookie gets none, except where there is a form to send."""

from .campaign import home, privacy, signatories, start
from .corrections import correction_sent, corrections
from .errors import bad_request, csrf_failure, forbidden, not_found, server_error
from .evidence import bibliography, glossary, point, points, timeline
from .letters import check_mail, edition_json, letter, letter_json

__all__ = [
    "bad_request",
    "bibliography",
    "check_mail",
    "correction_sent",
    "corrections",
    "csrf_failure",
    "edition_json",
    "forbidden",
    "glossary",
    "home",
    "letter",
    "letter_json",
    "not_found",
    "point",
    "points",
    "privacy",
    "server_error",
    "signatories",
    "start",
    "timeline",
]
