"""Writes of an import."""

from .import_jobs import import_advance
from .transitions import (
    AT_ONCE,
    NotAcceptable,
    import_accept,
    import_answer,
    import_answer_all,
    import_begin,
    import_check,
    import_discard,
    import_reread,
    imports_advance,
)

__all__ = [
    "AT_ONCE", "NotAcceptable", "import_accept", "import_advance", "import_answer",
    "import_answer_all", "import_begin", "import_check", "import_discard", "import_reread", "imports_advance",
]  # fmt: skip
