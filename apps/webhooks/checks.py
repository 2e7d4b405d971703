"""System checks of outgoing webhooks."""

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def webhooks_leave_this_machine(app_configs: object, **kwargs: object) -> Iterator[CheckMessage]:
    """ecom.E067: a setting for the demonstration and tests, which leads to services of the server."""
    if settings.WEBHOOKS["LOOPBACK_ONLY"] and hasattr(settings, "NOT_GIVEN"):
        yield Error(
            "WEBHOOKS_LOOPBACK_ONLY is set: webhooks would reach services of this machine, and no receiver.",
            hint="Take it away. It is for the demonstration and for tests.",
            id="ecom.E067",
        )
