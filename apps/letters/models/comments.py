"""What people say beside a text: comments, suggestions, and the links with which allies outside the team join in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from apps.accounts.models import User
from apps.core.models import Dated

from .letters import Letter
from .texts import LetterText


class GuestLink(Dated):
    """Lets an ally outside the team read a letter and comment on it until a moment; the token itself is not kept."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="guest_links")
    name = models.CharField(max_length=200, help_text="the ally, as comments name them")
    token_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True, help_text="when the letter was last opened with it")
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"link of {self.name} to letter {self.letter_id}"


class Comment(Dated):
    """A comment on a passage, or on the whole text, with replies; or a suggestion to put other words in place of
    `quote`. `anchor` holds two relative positions of Yjs, which move with the text; `block` and
    `quote` say where it stood for whoever has no editor. A row has an author of the team or a guest, or had one."""

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("suggestion", "Accepted")
        REFUSED = "refused", pgettext_lazy("suggestion", "Refused")

    text = models.ForeignKey(LetterText, on_delete=models.CASCADE, related_name="comments")
    thread = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="replies")
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    guest = models.ForeignKey(GuestLink, null=True, on_delete=models.SET_NULL, related_name="comments")
    body = models.TextField(blank=True)
    block = models.CharField(max_length=20, blank=True)
    anchor = models.JSONField(null=True, help_text="{from, to}: relative positions of Yjs, base64")
    quote = models.TextField(blank=True)
    suggests = models.BooleanField(default=False, help_text="to put `proposal` in place of `quote`")
    proposal = models.TextField(blank=True)
    decision = models.CharField(max_length=10, blank=True, choices=Decision)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    mentions: Any = models.ManyToManyField(User, blank=True, related_name="+")
    idempotency_key = models.UUIDField(
        null=True, editable=False, help_text="of the form it was written in, with its words: sent again, it is the same"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(thread=None)
                | Q(block="", anchor__isnull=True, quote="", suggests=False, proposal="", resolved_at=None),
                name="letters_reply_is_plain",
            ),
            models.CheckConstraint(condition=~Q(body="") | Q(suggests=True), name="letters_comment_says_something"),
            models.CheckConstraint(
                condition=Q(decision="") | Q(suggests=True, resolved_at__isnull=False),
                name="letters_decision_of_suggestion",
            ),
            models.CheckConstraint(condition=Q(author=None) | Q(guest=None), name="letters_comment_one_author"),
            models.UniqueConstraint(
                fields=["text", "author", "guest", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                nulls_distinct=False,
                name="letters_comment_sent_once",
            ),
        ]
        indexes = [models.Index(fields=["text", "thread"], name="letters_comments_of_text")]

    def __str__(self) -> str:
        return f"comment {self.pk} on {self.text_id}"
