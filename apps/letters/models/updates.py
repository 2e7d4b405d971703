"""What people write together in a text: numbered updates, and what is known of them."""

from __future__ import annotations

from django.db import models

from apps.accounts.models import User

from .texts import LetterText


class TextUpdate(models.Model):
    """A change of a text as Yjs encodes it, numbered and stored before it is acknowledged. Insert-only. `client`: the
    id of the document in the browser that sent it; `actor_id`: who, None for the document's beginning. `orphans`: what
    it took away unseen, for that browser to write again, as lists of client, first clock and length."""

    text = models.ForeignKey(LetterText, on_delete=models.CASCADE, related_name="updates")
    sequence = models.PositiveIntegerField()
    update = models.BinaryField()
    client = models.BigIntegerField()
    actor_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    orphans = models.JSONField(null=True)

    class Meta:
        ordering = ["sequence"]
        constraints = [models.UniqueConstraint(fields=["text", "sequence"], name="letters_update_sequence")]
        indexes = [
            models.Index(
                fields=["text", "client"], condition=models.Q(orphans__isnull=False), name="letters_update_orphans"
            )
        ]

    def __str__(self) -> str:
        return f"update {self.sequence} of {self.text_id}"


class TextSnapshot(models.Model):
    """All updates of a document up to one, merged, so that it loads fast. Insert-only."""

    text = models.ForeignKey(LetterText, on_delete=models.CASCADE, related_name="snapshots")
    sequence = models.PositiveIntegerField()
    state = models.BinaryField()

    class Meta:
        ordering = ["-sequence"]
        constraints = [models.UniqueConstraint(fields=["text", "sequence"], name="letters_snapshot_sequence")]

    def __str__(self) -> str:
        return f"snapshot {self.sequence} of {self.text_id}"


class TextClient(models.Model):
    """Whose a Yjs client id is in a text: nobody else's changes may carry it. Insert-only."""

    text = models.ForeignKey(LetterText, on_delete=models.CASCADE, related_name="clients")
    client = models.BigIntegerField()
    actor_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "client"], name="letters_client_once")]

    def __str__(self) -> str:
        return f"client {self.client} of {self.text_id}"


class NamedState(models.Model):
    """A name that somebody gave the text as it was after an update: "before the meeting"."""

    text = models.ForeignKey(LetterText, on_delete=models.CASCADE, related_name="named_states")
    sequence = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    named_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    named_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-sequence", "-pk"]
        constraints = [models.UniqueConstraint(fields=["text", "name"], name="letters_state_name")]

    def __str__(self) -> str:
        return self.name
