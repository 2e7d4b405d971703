"""Add a text in another language to a letter, and remove one."""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.core.language_names import language_name
from apps.core.languages import LANGUAGES, primary_language
from apps.core.types import JsonObject

from ..document.blocks import TextBlock, text_blocks
from ..document.traversal import with_block_ids
from ..models import Letter, LetterTemplate, LetterText, ReviewRequest
from ..selectors.drafts import original_text
from ..selectors.editions import versions_with
from .drafts import fact_uses_keep, text_begin, text_locked
from .letters import letter_locked
from .reviews import review_close
from .translations import translated_blocks_begin

EMPTY: JsonObject = {"type": "doc", "content": [{"type": "paragraph"}]}


class Start(models.TextChoices):
    """What a text begins from."""

    ORIGINAL = "original", gettext_lazy("The original text")
    TEMPLATE = "template", gettext_lazy("A template")
    EMPTY = "empty", gettext_lazy("An empty page")
    REMOVED = "removed", gettext_lazy("The text that was removed")


class TextExists(Conflict):
    """The letter has a text in this language."""

    def __init__(self, language: str) -> None:
        super().__init__(
            _("Somebody has added the %(language)s text already. Open that one.")
            % {"language": language_name(language)}
        )


class StillNeeded(Conflict):
    """The text cannot be removed."""


@transaction.atomic
def letter_text_add(
    *, letter: Letter, actor: User, language: str, start: str, template: LetterTemplate | None = None
) -> LetterText:
    """A text in `language`, which counts as written by `actor`; a removed one as written by who saved it last. Raises
    TextExists, LetterClosed, LetterArchived, DomainError, beyond_limit."""
    letter = letter_locked(letter, actor)
    if primary_language(language) not in LANGUAGES:
        raise DomainError(_("Letters cannot be written in this language."), field="language")
    texts = LetterText.with_removed.select_for_update(of=("self",)).filter(letter=letter, language=language)
    before = texts.first()
    if before and not before.removed_at:
        raise TextExists(language)
    text = before or LetterText(letter=letter, language=language)
    text.letter, text.removed_at = letter, None
    if start == Start.REMOVED:
        text = _restored(before)
    else:
        text = text_begin(text, *_content(letter, language, start, template), actor)
        translated_blocks_begin(text, _translated(letter, start, template))
    audit_record(
        verb="letter_text.add", subject=text, actor=actor, campaign_id=letter.campaign_id, language=language,
        start=start, revision=text.revision, sha256=text.sha256,
    )  # fmt: skip
    return text


def _content(letter: Letter, language: str, start: str, template: LetterTemplate | None) -> tuple[str, JsonObject]:
    if start == Start.EMPTY:
        return "", EMPTY
    if start == Start.ORIGINAL:
        original = text_locked(original_text(letter))
        return original.subject, original.body
    if not template or (template.campaign_id, template.language) != (letter.campaign_id, language):
        raise DomainError(_("Choose a template in the language of the text."), field="start")
    return template.subject, template.body


def _translated(letter: Letter, start: str, template: LetterTemplate | None) -> list[TextBlock]:
    """The blocks of the original, as they were when what the text begins with was right for them."""
    if start == Start.ORIGINAL:
        original = original_text(letter)
        return text_blocks(original.subject, original.body)
    began = letter.template_text
    if template is None or letter.template is None or template.key != letter.template.key or not began:
        return []
    return text_blocks(began["subject"], with_block_ids(began["body"]))


def _restored(text: LetterText | None) -> LetterText:
    """With its last words and the approvals it had."""
    if text is None:
        raise DomainError(_("This letter has had no text in this language."), field="start")
    text.save(update_fields=["removed_at", "updated_at"])
    fact_uses_keep(text)
    return text


@transaction.atomic
def letter_text_remove(*, text: LetterText, actor: User) -> None:
    """Take a translation out of the letter that no version has. Raises StillNeeded for others, TextRemoved,
    LetterClosed, beyond_limit."""
    letter = letter_locked(text.letter, actor)
    row = text_locked(text)
    if reason := why_kept(row):
        raise StillNeeded(reason)
    row.removed_at = timezone.now()
    row.save(update_fields=["removed_at", "updated_at"])
    review_close(row, ReviewRequest.Outcome.REMOVED, actor)
    row.fact_uses.all().delete()
    audit_record(
        verb="letter_text.remove", subject=row, actor=actor, campaign_id=letter.campaign_id, language=row.language,
        revision=row.revision, sha256=row.sha256,
    )  # fmt: skip


def why_kept(text: LetterText) -> str:
    """Why the text cannot be removed, "" if it can."""
    if text.pk == original_text(text.letter).pk:
        return _("The letter began with this text. The others translate it, so it stays.")
    if frozen := versions_with(text).first():
        return _("Version %(number)s has this text, so it stays. A later version can be frozen without it.") % {
            "number": frozen.number
        }
    return ""
