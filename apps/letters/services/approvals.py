"""Ask for a review, and approve."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.core.wakeups import wake
from apps.talkingpoints.models import Fact

from ..document.traversal import lost_marks, plain_text
from ..models import Approval, LetterText, ReviewRequest
from ..selectors.drafts import has_unapproved_edits_by
from ..selectors.reviews import possible_reviewers, standing_refusal
from .drafts import UnresolvedMarks, check_may_draft, revision_keep, text_locked
from .reviews import NoReviewer, review_close

Outcome = ReviewRequest.Outcome


class AlreadyApproved(Conflict):
    default_message = _("You have approved this text already.")


class SentBack(Conflict):
    default_message = _(
        "This text was sent back and has not changed since. Change it, or ask for its review again, before it can be "
        "approved."
    )


def _locked(text: LetterText) -> LetterText:
    row = text_locked(text)
    if not row.subject.strip():
        raise DomainError(_("The letter has no subject yet. Write one first."), field="subject")
    if not plain_text(row.body):
        raise DomainError(_("The letter has no text yet. Write it first."), field="body")
    return row


@transaction.atomic
def letter_text_ask_review(
    *, text: LetterText, actor: User, reviewers: Iterable[User] = (), note: str = ""
) -> LetterText:
    """Ask these reviewers, who are told at once, or all of them. Asking again replaces the request. Raises Conflict,
    DomainError, NotAllowed, NoReviewer."""
    row = _locked(text)
    check_may_draft(actor, row.letter)
    named = list(reviewers)
    able = set(possible_reviewers(row).order_by().values_list("pk", flat=True)) if named else set()
    for person in named:
        if person.pk not in able:
            raise NoReviewer(str(person))
    revision_keep(row)
    review_close(row, Outcome.REPLACED, actor)
    now = timezone.now()
    request = ReviewRequest.objects.create(
        text=row, revision=row.revision, sha256=row.sha256, asked_by=actor, asked_at=now, note=note.strip()
    )
    request.reviewers.set(named)
    row.review_asked_at, row.review_asked_by = now, actor
    row.save(update_fields=["review_asked_at", "review_asked_by", "updated_at"])
    _audit("letter_text.ask_review", row, actor, reviewers=sorted(person.pk for person in named))
    wake("notices")
    return row


@transaction.atomic
def letter_text_approve(*, text: LetterText, actor: User, sha256: str) -> Approval:
    """Approve the text with this fingerprint, with the present wording of its facts. Raises Conflict for another hash,
    UnresolvedMarks, own_work for somebody who wrote in the text since the last approval, AlreadyApproved,
    letter_closed, empty_letter, SentBack."""
    row = _locked(text)
    if row.fingerprint != sha256:
        raise Conflict(_("The text was changed while you read it. Read the new text, then approve that."))
    if standing_refusal(row):
        raise SentBack
    if has_unapproved_edits_by(row, actor):
        raise NotAllowed(_("You wrote in this text. Somebody else has to approve it."))
    adapted = row.adaptations.filter(removed_at=None).values_list("content", flat=True)
    if lost := sum(len(lost_marks(body)) for body in (row.body, *adapted)):
        raise UnresolvedMarks(lost)
    form = {"text": row, "sha256": row.sha256, "adaptations_sha256": row.adaptations_sha256, "reviewer": actor}
    if Approval.objects.filter(**form).exists():
        raise AlreadyApproved
    revision_keep(row)
    approval = Approval.objects.create(language=row.language, **form)
    review_close(row, Outcome.APPROVED, actor)
    present = Fact.objects.filter(pk=OuterRef("fact_id")).values("revision")
    row.fact_uses.exclude(fact_revision=F("fact__revision")).update(fact_revision=Subquery(present))
    _audit("letter_text.approve", row, actor)
    return approval


def _audit(verb: str, text: LetterText, actor: User, **data: list[int]) -> None:
    campaign_id = text.letter.campaign_id
    audit_record(
        verb=verb, subject=text, actor=actor, campaign_id=campaign_id, revision=text.revision, sha256=text.fingerprint,
        **data,
    )  # fmt: skip
