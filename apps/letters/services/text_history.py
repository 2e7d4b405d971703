"""Name a state of a text, and bring one back."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.core.text import clean_line

from ..document.schema import validate_document
from ..models import LetterText, NamedState
from ..selectors.text_documents import text_at
from .drafts import check_may_draft, text_edit, text_locked

MAX_NAME = 100


class NoSuchState(DomainError):
    status = 404
    default_message = _("The text has no such revision.")


@transaction.atomic
def text_state_name(*, text: LetterText, actor: User, name: str, sequence: int | None = None) -> NamedState:
    """Call the text as it was after an update, by default the last one, by a name. Raises DomainError, Conflict for a
    name that it has, NoSuchState, TextRemoved, letter_closed, beyond_limit."""
    row = text_locked(text)
    check_may_draft(actor, row.letter)
    name = clean_line(name)
    if not name or len(name) > MAX_NAME:
        raise DomainError(_("Give it a name of 100 characters at most."), field="name")
    at = row.sequence if sequence is None else sequence
    if not row.updates.filter(sequence=at).exists():
        raise NoSuchState
    if row.named_states.filter(name=name).exists():
        raise Conflict(_("Another revision has this name. Choose another one."), field="name")
    named = NamedState.objects.create(text=row, sequence=at, name=name, named_by=actor)
    audit_record(
        verb="letter_text.name_state", subject=row, actor=actor, campaign_id=row.letter.campaign_id, sequence=at
    )
    return named


@transaction.atomic
def text_state_restore(*, text: LetterText, actor: User, sequence: int) -> LetterText:
    """Make the text say what it said after an update: an edit like any other, that who writes meanwhile keeps their own
    words beside. Raises NoSuchState, DocumentInvalid, TextRemoved, letter_closed, beyond_limit."""
    row = text_locked(text)
    check_may_draft(actor, row.letter)
    if not row.updates.filter(sequence=sequence).exists():
        raise NoSuchState
    subject, body = text_at(row, sequence)
    validate_document(body)
    row = text_edit(row, subject, body, actor)
    audit_record(
        verb="letter_text.restore", subject=row, actor=actor, campaign_id=row.letter.campaign_id, sequence=sequence,
        revision=row.revision, sha256=row.sha256,
    )  # fmt: skip
    return row
