"""Mail of the demonstration's past: into the local inbox by the postbox's own steps, without a worker and a socket."""

from datetime import datetime, timedelta

from django.db.models import Max

from apps.postbox.models import Message, MessageState
from apps.postbox.services.accepted_mail import Outcome
from apps.postbox.services.attempt_results import messages_finish
from apps.postbox.services.claims import messages_claim
from apps.postbox.services.composing import outgoing_mails
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.postbox.services.last_step import messages_to_final
from apps.postbox.transports.base import OutgoingMail, SendResult, SendStatus

from .set_clock import Clock

#: what a mail takes to leave and arrive
UNDERWAY = timedelta(seconds=20)
#: as the listener of `make run` answers for addresses that begin with "gone"
NO_SUCH_MAILBOX = SendResult(
    SendStatus.REFUSED, "rcpt", 550, "5.1.1 No such mailbox",
    "The mail server answered to the recipient's address: 550 5.1.1 No such mailbox",
)  # fmt: skip
TAKEN = SendResult(SendStatus.ACCEPTED, "done", 250, "2.0.0 Kept", "The mail server accepted it.")


def mails_deliver_until(*, clock: Clock, until: datetime) -> None:
    """Let what is due by then leave together, when the last of it is due."""
    waiting = Message.objects.filter(state=MessageState.QUEUED, next_at__lte=until - UNDERWAY)
    while (due := waiting.order_by().aggregate(last=Max("next_at"))["last"]) is not None:
        clock.set(due + UNDERWAY)
        if not _deliver_due():
            return


def _deliver_due() -> int:
    claimed = messages_claim(worker="demonstration", limit=100)
    mails = dict(outgoing_mails(claimed))
    taken = {message.pk: message for message, mail in mails.items() if _is_taken(mail)}
    moved = messages_to_final(claims=[(message, message.attempt) for message in taken.values()])
    whole = [mail for message, mail in mails.items() if message.pk in moved and isinstance(mail, OutgoingMail)]
    mails_receive(arrivals=[Arrival(mail.envelope_from, mail.envelope_to, mail.content) for mail in whole], sink=True)
    outcomes = [Outcome(message, message.attempt, _result(mail)) for message, mail in mails.items()]
    if outcomes:
        messages_finish(outcomes=outcomes)
    return len(claimed)


def _is_taken(mail: OutgoingMail | SendResult) -> bool:
    return isinstance(mail, OutgoingMail) and not mail.envelope_to.lower().startswith("gone")


def _result(mail: OutgoingMail | SendResult) -> SendResult:
    if isinstance(mail, SendResult):
        return mail
    return TAKEN if _is_taken(mail) else NO_SUCH_MAILBOX
