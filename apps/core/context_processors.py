"""Values for every template."""

from django.conf import settings
from django.http import HttpRequest


def product(request: HttpRequest) -> dict[str, object]:
    """`demo` (bool), `site_url`; `campaign` and the user's `team_member`, where the page has them."""
    return {
        "demo": settings.DEMO,
        "site_url": settings.SITE_URL,
        "campaign": getattr(request, "campaign", None),
        "team_member": getattr(request, "team_member", None),
    }
