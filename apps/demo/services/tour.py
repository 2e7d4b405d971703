"""Remembering that a person has seen the tour."""

from apps.accounts.models import User

from ..models import TourClosed


def tour_close(*, user: User) -> None:
    """Idempotent."""
    TourClosed.objects.get_or_create(user=user)
