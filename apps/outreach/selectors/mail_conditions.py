"""Conditions on the message of a letter."""

from django.db.models import Q

from apps.postbox.models import MessageState


def arrived(message: str = "message") -> Q:
    """Condition on the `message` at that path: the server took it and did not return it, or somebody answered it."""
    return Q(**{f"{message}__state__in": MessageState.HANDED_OVER}) | Q(**{f"{message}__replied_at__isnull": False})


def came_back(message: str = "message") -> Q:
    """Condition: refused or returned, and nobody answered it."""
    return Q(**{f"{message}__state__in": MessageState.RETURNED, f"{message}__replied_at": None})
