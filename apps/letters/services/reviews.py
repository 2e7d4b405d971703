"""Send a text back, comment on its review, name who reviews it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.core.wakeups import wake

from ..models import LetterText, ReviewComment, ReviewRequest
from ..selectors.reviews import campaign_reviewers, open_request
from .drafts import check_open, text_locked

Outcome = ReviewRequest.Outcome
MAX_REASON, MAX_COMMENT = 2000, 2000


class NotInReview(Conflict):
    default_message = gettext_lazy(
        "Somebody has decided about this text meanwhile, or nobody asks for its review. Read what they said."
    )


class NoReviewer(DomainError):
    """A person who cannot review the text."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s cannot review this text. Choose among the reviewers who did not write in it.") % {"name": name},
            field="reviewers",
        )


def review_close(text: LetterText, outcome: str, actor: User, reason: str = "") -> ReviewRequest | None:
    """End the open request of a locked text, if there is one."""
    request = open_request(text)
    if request is not None:
        request.outcome, request.closed_by, request.closed_at = Outcome(outcome), actor, timezone.now()
        request.reason = reason
        request.save(update_fields=["outcome", "closed_by", "closed_at", "reason"])
    text.review_asked_at = text.review_asked_by = None
    text.save(update_fields=["review_asked_at", "review_asked_by", "updated_at"])
    return request


@transaction.atomic
def letter_text_send_back(*, text: LetterText, actor: User, reason: str) -> ReviewRequest:
    """Say what has to change before the text is approved; who asked is told. As long as the text stays as it is, nobody
    approves it. Raises NotInReview, DomainError, TextRemoved, letter_closed."""
    row = text_locked(text)
    if not reason.strip():
        raise DomainError(_("Say what should change. Whoever asked reads it."), field="reason")
    request = open_request(row)
    if request is None:
        raise NotInReview
    # of what is sent back, which may be another text than the one whose review was asked for
    request.revision, request.sha256 = row.revision, row.sha256
    request.save(update_fields=["revision", "sha256"])
    closed = review_close(row, Outcome.SENT_BACK, actor, reason.strip()) or request
    audit_record(
        verb="letter_text.send_back", subject=row, actor=actor, campaign_id=row.letter.campaign_id,
        revision=row.revision, sha256=row.sha256,
    )  # fmt: skip
    wake("notices")
    return closed


@transaction.atomic
def review_comment_add(*, text: LetterText, actor: User, words: str) -> ReviewComment:
    """Comment on the newest request of the text; those concerned are told. Raises NotInReview, DomainError,
    LetterClosed, LetterArchived."""
    check_open(text.letter)
    if not words.strip():
        raise DomainError(_("Write the comment first."), field="comment")
    request = ReviewRequest.objects.filter(text=text).first()
    if request is None:
        raise NotInReview
    comment = ReviewComment.objects.create(request=request, by=actor, text=words.strip())
    audit_record(
        verb="letter_text.comment", subject=text, actor=actor, campaign_id=text.letter.campaign_id, request=request.pk
    )
    wake("notices")
    return comment


@transaction.atomic
def text_reviewer_set(*, text: LetterText, actor: User, reviewer: User | None) -> LetterText:
    """Name who is proposed when the review of this text is asked for. Raises NoReviewer, TextRemoved, letter_closed."""
    row = text_locked(text)
    if reviewer is not None and not campaign_reviewers(row.letter.campaign).filter(pk=reviewer.pk).exists():
        raise NoReviewer(str(reviewer))
    row.reviewer = reviewer
    row.save(update_fields=["reviewer", "updated_at"])
    audit_record(
        verb="letter_text.reviewer", subject=row, actor=actor, campaign_id=row.letter.campaign_id,
        reviewer=reviewer.pk if reviewer else None,
    )  # fmt: skip
    return row
