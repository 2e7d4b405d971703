"""Comments on a text, with replies; suggestions, which are accepted or refused."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import has_permission
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.core.text import clean_lines, clean_span
from apps.core.types import Actor, JsonObject

from ..models import Comment, GuestLink, LetterText
from ..selectors.comments import may_remove_guests, people_to_mention
from .drafts import check_may_draft, check_open
from .guest_links import GuestLinkEnded, guest_link_check

MAX_BODY, MAX_QUOTE, MAX_PROPOSAL = 5_000, 1_000, 20_000
#: open and resolved ones of one text; more is no conversation any more
MAX_COMMENTS = 2_000
#: said with one link, which is used up then: no guest fills a text
MAX_GUEST_COMMENTS = 200


class CommentGone(Conflict):
    default_message = _("This comment was removed. Reload the page to see what is left.")


@dataclass(frozen=True)
class Passage:
    """What a comment is about: the block, the words as they stood, and where they are in the Yjs document."""

    block: str = ""
    quote: str = ""
    anchor: JsonObject | None = None


@transaction.atomic
def comment_add(
    *, text: LetterText, body: str, author: User | None = None, guest: GuestLink | None = None,
    passage: Passage | None = None, proposal: str | None = None, mentions: Collection[int] = (),
    form_key: UUID | None = None,
) -> Comment:  # fmt: skip
    """A new thread. With `proposal`, which may be empty, a suggestion to put those words in place of the passage's.
    Exactly one of `author` and `guest`. The same words from the form with the same `form_key` are the comment that is
    there already. Raises NotAllowed, DomainError."""
    passage = passage or Passage()
    key = form_key and uuid5(form_key, repr((passage.block, passage.quote, body, proposal)))
    if sent_before := _sent_before(text, author, guest, key):
        return sent_before
    _check_author(text, author, guest)
    body = _clean_body(body)
    if proposal is None and not body:
        raise DomainError(_("The comment is empty. Write what you want to say."), field="body")
    if proposal is not None:
        proposal = _checked_proposal(proposal, passage, author)
    comment = Comment(
        text=text, author=author, guest=guest, body=body, suggests=proposal is not None, proposal=proposal or "",
        block=passage.block, quote=passage.quote if proposal is not None else passage.quote[:MAX_QUOTE],
        anchor=passage.anchor, idempotency_key=key,
    )  # fmt: skip
    return _create(comment, mentions)


@transaction.atomic
def comment_reply(
    *, thread: Comment, body: str, author: User | None = None, guest: GuestLink | None = None,
    mentions: Collection[int] = (), form_key: UUID | None = None,
) -> Comment:  # fmt: skip
    """Opens a resolved thread again, unless it is a decided suggestion. `form_key`: see `comment_add`. Raises
    NotAllowed, DomainError, CommentGone."""
    locked = _locked(thread)
    key = form_key and uuid5(form_key, repr((thread.pk, body)))
    if sent_before := _sent_before(locked.text, author, guest, key):
        return sent_before
    _check_author(locked.text, author, guest)
    body = _clean_body(body)
    if not body:
        raise DomainError(_("The reply is empty. Write what you want to say."), field="body")
    if locked.resolved_at and not locked.decision:
        locked.resolved_at = locked.resolved_by = None
        locked.save(update_fields=["resolved_at", "resolved_by", "updated_at"])
    reply = Comment(text=locked.text, thread=locked, author=author, guest=guest, body=body, idempotency_key=key)
    return _create(reply, mentions)


@transaction.atomic
def comment_resolve(*, thread: Comment, actor: User, resolved: bool) -> Comment:
    """Close a thread, or open it again. Raises NotAllowed, CommentGone, Conflict."""
    locked = _locked(thread)
    _check_author(locked.text, actor, None)
    if locked.decision:
        raise Conflict(_("This suggestion is decided. Write a new comment to come back to it."))
    locked.resolved_at, locked.resolved_by = (timezone.now(), actor) if resolved else (None, None)
    locked.save(update_fields=["resolved_at", "resolved_by", "updated_at"])
    _audit("comment.resolve" if resolved else "comment.reopen", locked, actor)
    return locked


@transaction.atomic
def suggestion_decide(*, thread: Comment, actor: User, accepted: bool) -> Comment:
    """Record that a suggestion was put into the text, or refused; whoever may draft the letter decides. Raises
    NotAllowed, CommentGone, Conflict for one that is decided."""
    locked = _locked(thread)
    if not has_permission(locked.text.letter.campaign, actor, Permission.DRAFT):
        raise NotAllowed(_("Only those who draft this letter decide. You can comment."))
    check_may_draft(actor, locked.text.letter)
    if not locked.suggests:
        raise DomainError(_("This is a comment, not a suggestion. Resolve it."))
    if locked.decision:
        raise Conflict(_("Somebody has decided this suggestion already. Reload the page to see it."))
    locked.decision = Comment.Decision.ACCEPTED if accepted else Comment.Decision.REFUSED
    locked.resolved_at, locked.resolved_by = timezone.now(), actor
    locked.save(update_fields=["decision", "resolved_at", "resolved_by", "updated_at"])
    _audit("comment.accept" if accepted else "comment.refuse", locked, actor)
    return locked


@transaction.atomic
def comment_remove(*, comment: Comment, actor: User) -> None:
    """Remove one's own comment, or as whoever drafts the letter a guest's, while nobody has answered it. Raises
    NotAllowed, CommentGone, Conflict."""
    locked = _locked(comment)
    of_guest = locked.guest_id is not None and may_remove_guests(actor, locked.text.letter)
    if locked.author_id != actor.pk and not of_guest:
        raise NotAllowed(_("Only its author can remove a comment. Resolve it instead."))
    if locked.thread_id is None and locked.replies.exists():
        raise Conflict(_("This comment has replies. Resolve it instead."))
    _audit("comment.remove", locked, actor)
    locked.delete()


def _checked_proposal(proposal: str, passage: Passage, author: User | None) -> str:
    if author is None:
        raise NotAllowed(_("Guests can only comment. Say in a comment what you would write instead."))
    proposal = clean_span(proposal)
    if max(len(proposal), len(passage.quote)) > MAX_PROPOSAL:
        raise DomainError(
            _("Suggest a shorter change: at most %(most)s characters fit.") % {"most": MAX_PROPOSAL}, field="proposal"
        )
    if not passage.quote or proposal == passage.quote:
        raise DomainError(_("Choose the words to replace, and change them."), field="proposal")
    return proposal


def _clean_body(body: str) -> str:
    body = clean_lines(body)
    if len(body) > MAX_BODY:
        raise DomainError(_("This is longer than %(most)s characters. Shorten it.") % {"most": MAX_BODY}, field="body")
    return body


def _check_author(text: LetterText, author: User | None, guest: GuestLink | None) -> None:
    """Raises NotAllowed, GuestLinkEnded, LetterClosed, LetterArchived."""
    if author is not None and not has_permission(text.letter.campaign, author, Permission.COMMENT):
        raise NotAllowed(_("You can read this letter. Only those who draft or review it can comment on it."))
    if guest is not None:
        guest_link_check(guest, text.letter)
    check_open(text.letter)


def _locked(comment: Comment) -> Comment:
    rows = Comment.objects.select_for_update(of=("self",)).select_related("text__letter__campaign")
    found = rows.filter(pk=comment.pk).first()
    if found is None:
        raise CommentGone
    return found


def _sent_before(text: LetterText, author: User | None, guest: GuestLink | None, key: UUID | None) -> Comment | None:
    """What stands there already, where the answer to the first sending was lost on its way."""
    if key is None:
        return None
    return Comment.objects.filter(text=text, author=author, guest=guest, idempotency_key=key).first()


def _create(comment: Comment, mentions: Collection[int]) -> Comment:
    if Comment.objects.filter(text=comment.text).count() >= MAX_COMMENTS:
        raise DomainError(_("This text has %(most)s comments. Remove some first.") % {"most": MAX_COMMENTS})
    if comment.guest and comment.guest.comments.count() >= MAX_GUEST_COMMENTS:
        raise GuestLinkEnded
    try:
        with transaction.atomic():
            comment.save()
    except IntegrityError:
        sent_before = _sent_before(comment.text, comment.author, comment.guest, comment.idempotency_key)
        if sent_before is None:
            raise
        return sent_before  # both arrived at once
    if mentions:
        comment.mentions.set(people_to_mention(comment.text.letter.campaign).filter(pk__in=list(mentions)))
    _audit("comment.add" if comment.thread_id is None else "comment.reply", comment, comment.author or "guest")
    return comment


def _audit(verb: str, comment: Comment, actor: Actor) -> None:
    audit_record(verb=verb, subject=comment, actor=actor, campaign_id=comment.text.letter.campaign_id)
