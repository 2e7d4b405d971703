"""Who has closed the card of the tour."""

from django.db import models

from apps.accounts.models import User


class TourClosed(models.Model):
    """A person who has seen the card, and closed it: it is not shown again by itself."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    closed_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"tour closed by {self.user_id}"
