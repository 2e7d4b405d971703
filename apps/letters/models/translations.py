"""What a translation was right for, block by block."""

from __future__ import annotations

from django.db import models

from apps.accounts.models import User

from .texts import LetterText


class TranslatedBlock(models.Model):
    """A block of a translation was right for these `words` of the original's block: `form` of
    apps.letters.document.blocks."""

    text = models.ForeignKey(LetterText, on_delete=models.CASCADE, related_name="translated_blocks")
    original_block = models.CharField(max_length=9)
    own_block = models.CharField(max_length=9)
    words = models.TextField()
    said_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", help_text="empty where the text began like this"
    )
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "original_block"], name="letters_translated_block_once")]

    def __str__(self) -> str:
        return f"{self.own_block} translates {self.original_block}"
