"""Say that a block of a translation is right for what the original says now."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError

from ..document.blocks import TextBlock, block_pairs, text_blocks
from ..models import LetterText, TranslatedBlock
from ..selectors.drafts import original_text
from ..selectors.translations import translation_rows
from .drafts import check_may_draft, text_locked


class OriginalChanged(Conflict):
    default_message = _("The original was changed while you read it. Compare the new words, then say it again.")


@transaction.atomic
def translated_block_confirm(*, text: LetterText, actor: User, block: str, words: str) -> TranslatedBlock:
    """The translation of the original's `block` is right for these `words`. Raises OriginalChanged for other words,
    DomainError where nothing translates it, TextRemoved, letter_closed, beyond_limit."""
    original = text_locked(original_text(text.letter))
    text = text_locked(text)
    letter = text.letter
    check_may_draft(actor, letter)
    rows = translation_rows(text, original)
    row = next((row for row in rows if row.original and row.original.id == block), None)
    if row is None or row.original is None or row.original.words != words:
        raise OriginalChanged
    if row.own is None:
        raise DomainError(_("This passage has no translation yet. Write it first."))
    values = {"own_block": row.own.id, "words": row.original.form, "said_by": actor, "said_at": timezone.now()}
    confirmed, _created = TranslatedBlock.objects.update_or_create(text=text, original_block=block, defaults=values)
    audit_record(
        verb="letter_text.confirm_block", subject=text, actor=actor, campaign_id=letter.campaign_id,
        language=text.language, block=block,
    )  # fmt: skip
    return confirmed


def translated_blocks_begin(text: LetterText, originals: Iterable[TextBlock]) -> None:
    """The text translates these blocks as it begins: a copy, or the template's own translation. Forgets what was said
    of an earlier text in this language."""
    text.translated_blocks.all().delete()
    now = timezone.now()
    TranslatedBlock.objects.bulk_create(
        TranslatedBlock(
            text=text, original_block=pair.original.id, own_block=pair.own.id, words=pair.original.form, said_at=now
        )
        for pair in block_pairs(list(originals), text_blocks(text.subject, text.body))
        if pair.original and pair.own
    )
