"""Signers answering what a moderator asked."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError

from ..models import SignerQuestion, SignOn
from ..models.moderation import MAX_ANSWER
from .exceptions import SIGNER


class NothingAsked(Conflict):
    default_message = _("This question has been settled. To add something, write to the campaign.")


@transaction.atomic
def signer_question_answer(*, sign_on: SignOn, answer: str) -> SignerQuestion:
    """Keep the answer to the newest open question; the signature is in the queue again. Raises NothingAsked, also where
    it was decided, withdrawn or answered meanwhile, DomainError."""
    locked = SignOn.objects.locked().filter(pk=sign_on.pk).first()
    asked = locked.questions.filter(answered_at=None).first() if locked is not None else None
    if locked is None or asked is None or locked.moderation != SignOn.Moderation.ASKED or not locked.stands:
        raise NothingAsked
    answer = answer.strip()
    if not answer or len(answer) > MAX_ANSWER:
        message = _("Enter your answer, in at most %(most)s characters.") % {"most": MAX_ANSWER}
        raise DomainError(message, field="answer")
    asked.answer, asked.answered_at, asked.from_signer = answer, timezone.now(), True
    asked.save(update_fields=["answer", "answered_at", "from_signer"])
    locked.moderation = SignOn.Moderation.WAITING
    locked.save(update_fields=["moderation", "updated_at"])
    audit_record(verb="sign_on.answer", subject=locked, actor=SIGNER)
    return asked
