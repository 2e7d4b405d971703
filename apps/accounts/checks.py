"""Demo mode opens accounts with one click: only on a database that it made itself."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from .models import User
from .selectors import demo_marked


@register(Tags.database)
def demo_database_is_marked(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """ecom.E012. Runs where a database is named: `manage.py check --database default`, and before migrating.

    A database without our tables or without people passes: there is nobody in it to be opened.
    """
    if not settings.DEMO or not databases or demo_marked():
        return []
    try:
        inhabited = User.objects.exists()
    except DatabaseError:
        return []
    if not inhabited:
        return []
    return [
        Error(
            "Demo mode on a database that demo mode did not make.",
            hint="Give it a database of its own (DATABASE_URL), or start without DEMO.",
            id="ecom.E012",
        )
    ]
