"""The system check that keeps demo mode, where one click signs in, away from real databases."""

from collections.abc import Sequence

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from .models import DemoMark, User


@register(Tags.database)
def demo_database_is_marked(
    app_configs: object, databases: Sequence[str] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """ecom.E012. Runs with `check --database default` and before migrating. Without tables or people, it passes."""
    if not settings.DEMO or not databases:
        return []
    try:
        if not User.objects.exists() or DemoMark.objects.exists():
            return []
    except DatabaseError:
        return []
    hint = "Give it a database of its own (DATABASE_URL), or start without DEMO."
    return [Error("Demo mode on a database that demo mode did not create.", hint=hint, id="ecom.E012")]
