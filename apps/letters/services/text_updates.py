"""What people write in the open editor: Yjs updates, checked, numbered and stored under the text's row lock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy
from pycrdt import Doc, TransactionEvent, merge_updates

from apps.accounts.models import User
from apps.core.errors import Conflict, DomainError, NotAllowed

from ..document.schema import validate_document
from ..document.yjs.decoding import read_document
from ..document.yjs.updates import (
    Contents,
    OrphanRange,
    UpdateIncomplete,
    UpdateMalformed,
    check_state,
    orphans,
    state_vector,
    update_contents,
)
from ..models import LetterText, TextClient
from ..selectors.drafts import may_edit
from ..selectors.text_documents import OrphanedWords, document_name, orphaned_words, text_document
from ..transports.live_messages import updates_tell
from .drafts import check_open, text_locked, text_row_locked
from .text_bodies import text_body_refresh
from .text_sequences import document_begun, sequences_save, update_append

log = structlog.get_logger(__name__)

#: while people write, subject and body are brought up to date no more often than this
BODY_EVERY = timedelta(seconds=3)
MAX_STATE = 4_000_000
#: an update without changes
NOTHING = b"\x00\x00"


class StateTooLarge(DomainError):
    status = 413
    default_message = gettext_lazy("The text and its history are too large. Begin a new letter with this text.")


class DocumentReplaced(Conflict):
    default_message = gettext_lazy("This text was removed and begun anew. Copy what you wrote, and load the page.")


class ForeignClient(NotAllowed):
    default_message = gettext_lazy("This change looks like somebody else’s. Copy what you wrote, and load the page.")


class MayNotWrite(NotAllowed):
    default_message = gettext_lazy("You can no longer write in this letter. Copy what you wrote.")


@dataclass(frozen=True)
class Sent:
    """An update that somebody sent. `client`: the id of the document in their browser."""

    actor: User
    client: int
    update: bytes


@dataclass
class Outcome:
    """Of one that was sent: its number, and the words that it took away unseen; or why it was refused."""

    sequence: int = 0
    orphaned: list[OrphanedWords] = field(default_factory=list)
    error: DomainError | None = None


@dataclass(frozen=True)
class Change:
    """What was new of an update, empty if nothing was, and what it took away unseen."""

    update: bytes
    orphans: list[OrphanRange]


@dataclass
class Applied:
    """`outcomes` in the order of what was sent; `update`: all that is new, from the number `first` to that of the text;
    empty if nothing is."""

    text: LetterText
    outcomes: list[Outcome]
    update: bytes = b""
    first: int = 0


@dataclass(frozen=True)
class Lacking:
    """What a client lacks, and where the server is."""

    update: bytes
    state: bytes
    text: LetterText
    document: str


@transaction.atomic
def text_updates_apply(*, text: LetterText, sent: Sequence[Sent], document: str | None = None) -> Applied:
    """Store what is valid of it; the rest leaves no trace. `document`: the name of the one they were made for. Raises
    DocumentReplaced, TextRemoved, letter_closed. Errors of a single one are in its outcome: UpdateMalformed,
    UpdateTooLarge, UpdateIncomplete, DocumentInvalid, StateTooLarge, ForeignClient, NotAllowed."""
    row = _locked(text, document)
    try:
        return _applied(row, sent)  # checking several costs as much as checking one
    except DomainError as error:
        if len(sent) == 1:
            return Applied(row, [Outcome(error=error)])
    each = [text_updates_apply(text=text, sent=[one]) for one in sent]
    news = [one for one in each if one.update]
    outcomes = [outcome for one in each for outcome in one.outcomes]
    if not news:
        return Applied(each[-1].text, outcomes)
    return Applied(each[-1].text, outcomes, merge_updates(*(one.update for one in news)), news[0].first)


def _applied(row: LetterText, sent: Sequence[Sent]) -> Applied:
    """Raises DomainError, and has stored nothing then."""
    doc = document_begun(row)
    contents = [update_contents(one.update) for one in sent]
    for actor in {one.actor.pk: one.actor for one in sent}.values():
        if not may_edit(actor, row.letter):
            raise MayNotWrite
    claims = _claims(row, state_vector(doc.get_state()), sent, contents)
    changes = [_change(doc, one.update, content) for one, content in zip(sent, contents, strict=True)]
    news = [change.update for change in changes if change.update]
    if not news:
        return Applied(row, [_known(row, one) for one in sent])
    _check(doc)
    TextClient.objects.bulk_create(claims)
    outcomes = [
        _appended(row, doc, one, change) if change.update else _known(row, one)
        for one, change in zip(sent, changes, strict=True)
    ]
    if timezone.now() - row.saved_at > BODY_EVERY:
        text_body_refresh(row, doc)
    sequences_save(row)
    update, first = merge_updates(*news), row.sequence - len(news) + 1
    updates_tell(row.pk, update, first=first, last=row.sequence)
    return Applied(row, outcomes, update, first)


def _appended(row: LetterText, doc: Doc[Any], one: Sent, change: Change) -> Outcome:
    number = update_append(row, doc, change.update, client=one.client, actor_id=one.actor.pk, orphans=change.orphans)
    return Outcome(number, orphaned_words(row, one.client) if change.orphans else [])


def _known(row: LetterText, one: Sent) -> Outcome:
    """It came before, by another way perhaps, and the answer may not have arrived."""
    return Outcome(row.sequence, orphaned_words(row, one.client))


def _claims(
    row: LetterText, known: dict[int, int], sent: Sequence[Sent], contents: Sequence[Contents]
) -> list[TextClient]:
    """Client ids that are new, with whose they are from now on. Raises ForeignClient."""
    writers = {
        client: one.actor.pk
        for one, content in zip(sent, contents, strict=True)
        for client, (_first, end) in content.written.items()
        if end > known.get(client, 0)
    }
    rows = TextClient.objects.filter(text=row, client__in=writers)
    owners = dict(rows.values_list("client", "actor_id"))
    for one, content in zip(sent, contents, strict=True):
        for client in content.written.keys() & writers.keys():
            # one that is known and nobody's is that of the beginning, or of a save
            if owners.get(client, writers[client]) != one.actor.pk or (client in known and client not in owners):
                raise ForeignClient
    return [
        TextClient(text=row, client=client, actor_id=actor_id)
        for client, actor_id in writers.items()
        if client not in owners
    ]


def _change(doc: Doc[Any], update: bytes, contents: Contents) -> Change:
    """Apply; what was new of it. Raises UpdateMalformed, UpdateIncomplete."""
    events: list[bytes] = []

    def note(event: TransactionEvent) -> None:
        events.append(event.update)

    subscription = doc.observe(note)
    try:
        doc.apply_update(update)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise UpdateMalformed from error  # also the library's panics, which are no Exception
    finally:
        doc.unobserve(subscription)
    state = state_vector(doc.get_state())
    deleted = ((client, one) for client, ranges in contents.deleted.items() for one in ranges)
    if any(state.get(client, 0) < end for client, (_first, end) in (*contents.written.items(), *deleted)):
        raise UpdateIncomplete
    new = b"".join(event for event in events if event != NOTHING)
    return Change(new, orphans(contents, update_contents(new)) if new and new != update else [])


def _check(doc: Doc[Any]) -> None:
    """Raises DocumentInvalid, StateTooLarge."""
    if len(doc.get_update()) > MAX_STATE:
        raise StateTooLarge
    _subject, body = read_document(doc)
    validate_document(body)


def _locked(text: LetterText, document: str | None) -> LetterText:
    row = text_row_locked(text)
    _check_document(row, document)
    return row


def _check_document(row: LetterText, document: str | None) -> None:
    if document not in (None, document_name(row)):
        raise DocumentReplaced


@transaction.atomic
def text_lacking(*, text: LetterText, state: bytes, document: str | None = None) -> Lacking:
    """What the client with this state vector lacks. A text without a document gets one. Raises DocumentReplaced,
    TextRemoved, letter_closed, UpdateMalformed."""
    check_state(state)
    row = LetterText.with_removed.select_related("letter__campaign").get(pk=text.pk)
    if row.removed_at or row.sequence < row.first_sequence:
        row = _locked(text, document)
        doc = document_begun(row)
    else:  # what is numbered stays: no need to wait for those who write
        check_open(row.letter)
        _check_document(row, document)
        doc = text_document(row)
    return Lacking(doc.get_update(state), doc.get_state(), row, document_name(row))


@transaction.atomic
def text_bring_up_to_date(*, text: LetterText) -> LetterText:
    """Subject and body as of the last update. Raises TextRemoved, letter_closed."""
    return text_locked(text)


@transaction.atomic
def text_refresh(*, text: LetterText) -> None:
    """Before it is read: subject and body as of the last update, also of a text that takes no more."""
    rows = LetterText.with_removed.select_for_update(of=("self",)).select_related("letter__campaign")
    text_body_refresh(rows.get(pk=text.pk))


def texts_bring_up_to_date() -> None:
    """All that are behind for longer than BODY_EVERY, each in a transaction of its own; one that somebody writes in
    right now is left to them."""
    behind = LetterText.objects.filter(body_sequence__lt=F("sequence"), letter__closed_at=None)
    for text in behind.only("pk").order_by("pk")[:100]:
        try:
            with transaction.atomic():
                rows = LetterText.objects.select_for_update(of=("self",), skip_locked=True)
                row = rows.select_related("letter__campaign").filter(pk=text.pk).first()
                if row and not row.updates.filter(at__gt=timezone.now() - BODY_EVERY).exists():
                    text_body_refresh(row)
        except DomainError as error:
            log.warning("text_not_brought_up_to_date", text=text.pk, error=type(error).__name__)
