"""A test: the very letter, to the person who asks, so that they see it in a mail program before anybody else does."""

from email.utils import formataddr

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.roles import Permission
from apps.core.services import audit_record
from apps.postbox.models import Message, Policy
from apps.postbox.services import message_queue

from ..models import Delivery, Dispatch
from ..selectors import enclosure_of, letter_of, may_in
from .errors import DispatchClosed, NotEntitled
from .preparing import dispatch_locked


@transaction.atomic
def dispatch_test_send(*, dispatch: Dispatch, actor: User, delivery: Delivery) -> Message:
    """Mail the letter of `delivery` to `actor`, marked as a test. Answers to it go to the sender, not to the postbox.

    Raises NotEntitled, DispatchClosed, MissingValue.
    """
    if not may_in(dispatch.campaign, actor, Permission.PREPARE):
        raise NotEntitled
    locked = dispatch_locked(dispatch)
    if locked.state != Dispatch.State.PREPARED:
        raise DispatchClosed(locked.get_state_display())
    letter = letter_of(delivery, enclosure_of(locked))
    message = message_queue(
        kind="test",
        policy=Policy.REPEATABLE,
        to_address=actor.email,
        from_header=formataddr((locked.sender_name, locked.sender_address)),
        envelope_from=locked.sender_address,
        subject=f"[Test] {letter.subject}",
        text_body=letter.text,
        html_body=letter.html,
        attachments=[(letter.filename, "application/pdf", letter.pdf)],
        origin="outreach.test",
        origin_id=str(delivery.pk),
        campaign_id=locked.campaign_id,
        language=delivery.language,
    )
    locked.tested_at = timezone.now()
    locked.save(update_fields=["tested_at", "updated_at"])
    audit_record(verb="dispatch.test", subject=locked, actor=actor, recipient=delivery.recipient_id)
    return message
