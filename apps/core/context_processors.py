"""Values that every template gets."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def product(request: HttpRequest) -> dict[str, Any]:
    """`demo` (bool); `campaign` and `member` (the signed-in person's place in it) where the page has them."""
    return {
        "demo": settings.DEMO,
        "campaign": getattr(request, "campaign", None),
        "team_member": getattr(request, "team_member", None),
    }
