"""Reviews that somebody asks for, and what is said about them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from apps.accounts.models import User

from .texts import LetterText


class ReviewRequest(models.Model):
    """Somebody asks for the review of a text as it is (`sha256`): by the `reviewers`, or by whoever may if it names
    none. Open until somebody decides, or asks again."""

    class Outcome(models.TextChoices):
        APPROVED = "approved"
        SENT_BACK = "sent_back"
        #: by another request
        REPLACED = "replaced"
        #: with the text itself
        REMOVED = "removed"

    text = models.ForeignKey(LetterText, on_delete=models.CASCADE, related_name="review_requests")
    revision = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    note = models.TextField(blank=True)
    reviewers: Any = models.ManyToManyField(User, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["text"], condition=Q(closed_at__isnull=True), name="letters_one_open_review_request"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="letters_review_request_closed",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="sent_back") | ~Q(reason=""), name="letters_review_request_sent_back_why"
            ),
        ]

    def __str__(self) -> str:
        return f"review of {self.text_id}, revision {self.revision}: {self.outcome or 'open'}"


class ReviewComment(models.Model):
    """What a reviewer or a drafter says about a request."""

    request = models.ForeignKey(ReviewRequest, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    text = models.TextField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="letters_review_comment_text")]

    def __str__(self) -> str:
        return f"comment {self.pk} on {self.request_id}"
