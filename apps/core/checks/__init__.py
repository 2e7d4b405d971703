"""Insecure or missing settings are errors with an id and a hint, before the first request is served.

Checks that only a public site needs run with `manage.py check --deploy`; see docs/operating.md.
"""

from . import databases, foreign_keys, keys, mail, web  # noqa: F401  (registers the checks)
