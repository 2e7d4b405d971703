"""Ask for a review, approve exactly what was seen."""

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.talkingpoints.models import Fact

from ..document import plain_text
from ..models import Approval, LetterText
from ..selectors import has_unapproved_edits_by
from .drafts import LetterClosed


class EmptyLetter(DomainError):
    """There is no subject or no text."""


class OwnWork(NotAllowed):
    """Who saved the text cannot approve it."""


class TextChanged(Conflict):
    """The text is no longer the one the reviewer saw."""


class AlreadyApproved(Conflict):
    """This person has approved exactly this text before."""


def _locked(text: LetterText) -> LetterText:
    """The text's row, held until the end of the transaction. Raises LetterClosed and EmptyLetter."""
    row = LetterText.objects.select_for_update(of=("self",)).select_related("letter").get(pk=text.pk)
    if row.letter.closed_at:
        raise LetterClosed(_("This letter is closed. Begin a new one."))
    if not row.subject.strip():
        raise EmptyLetter(_("The letter has no subject yet. Write one first."), field="subject")
    if not plain_text(row.body):
        raise EmptyLetter(_("The letter has no text yet. Write it first."), field="body")
    return row


@transaction.atomic
def letter_text_ask_review(*, text: LetterText, actor: User) -> LetterText:
    """Say that the text is ready to be read by a reviewer. Asking again renews the time. Raises EmptyLetter."""
    row = _locked(text)
    row.review_asked_at, row.review_asked_by = timezone.now(), actor
    row.save(update_fields=["review_asked_at", "review_asked_by", "updated_at"])
    audit_record(
        verb="letter_text.ask_review",
        subject=row,
        actor=actor,
        campaign_id=row.letter.campaign_id,
        revision=row.revision,
        sha256=row.sha256,
    )
    return row


@transaction.atomic
def letter_text_approve(*, text: LetterText, actor: User, sha256: str) -> Approval:
    """Approve the text with this hash, and no other. The facts it cites are approved as they are worded now.

    Raises TextChanged where another text stands there by now, OwnWork for whoever saved it since the last approval,
    AlreadyApproved, EmptyLetter.
    """
    row = _locked(text)
    if row.sha256 != sha256:
        raise TextChanged(_("The text was changed while you read it. Read the new text, then approve that."))
    if has_unapproved_edits_by(row, actor):
        raise OwnWork(_("You wrote in this text. Somebody else has to approve it."))
    if Approval.objects.filter(text=row, sha256=sha256, reviewer=actor).exists():
        raise AlreadyApproved(_("You have approved this text already."))
    approval = Approval.objects.create(text=row, language=row.language, sha256=sha256, reviewer=actor)
    row.review_asked_at = row.review_asked_by = None
    row.save(update_fields=["review_asked_at", "review_asked_by", "updated_at"])
    present = Fact.objects.filter(pk=OuterRef("fact_id")).values("revision")
    row.fact_uses.exclude(fact_revision=F("fact__revision")).update(fact_revision=Subquery(present))
    audit_record(
        verb="letter_text.approve",
        subject=row,
        actor=actor,
        campaign_id=row.letter.campaign_id,
        revision=row.revision,
        sha256=sha256,
    )
    return approval
