"""Insecure or missing settings are errors with an id and a hint, before the first request; see docs/operating.md."""

from . import databases, keys, mail, web  # noqa: F401  (registers the checks)
