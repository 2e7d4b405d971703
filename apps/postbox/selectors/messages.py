"""Messages that wait, hang or are in doubt, and answers to them."""

from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.encryption import UnreadableValue, lookup_hashes

from ..models import BLOCKED, SUPPRESSED, InboundMail, Message, MessageQuerySet, MessageState, Policy, Suppression
from .kill_switch import hold_reason, switch_read

UNAUTHORISED = gettext_lazy("Nobody has authorised it, and letters need that. Authorise its mailing, or cancel it.")


#: `may_leave` for statements written by hand, whose $1 is `unauthorised_may_leave()`
MAY_LEAVE = "($1 OR policy = 'repeatable' OR authorisation <> '')"


def unauthorised_may_leave() -> bool:
    return bool(settings.POSTBOX["MODE"] == "sink")


def may_leave() -> Q:
    """Condition: in live mode a letter needs an authorisation."""
    if unauthorised_may_leave():
        return Q(pk__isnull=False)
    return Q(policy=Policy.REPEATABLE) | ~Q(authorisation="")


def messages_due() -> MessageQuerySet:
    """What a worker may take now, in order, by the database's clock."""
    return Message.objects.due(Now()).filter(may_leave())


def overdue_problem() -> str:
    """Health check: mail that is overdue. Silent while sending is stopped."""
    patience, switch = settings.HEALTH["DUE_MAIL"], switch_read()
    if not patience or switch.killed:
        return ""
    due = messages_due().filter(next_at__lte=Now() - timedelta(seconds=patience))
    found = due.order_by().aggregate(number=Count("pk"), oldest=Min("next_at"), now=Max(Now()))
    if not found["number"]:
        return ""
    minutes = (found["now"] - found["oldest"]).total_seconds() / 60
    why = hold_reason(switch) or _("See whether the worker runs and the mail server answers.")
    said = ngettext(
        "%(n)s email is overdue. The oldest should have been sent %(minutes)s minutes ago.",
        "%(n)s emails are overdue. The oldest should have been sent %(minutes)s minutes ago.",
        found["number"],
    ) % {"n": found["number"], "minutes": f"{minutes:.0f}"}
    return f"{said} {why}"


def messages_waiting(*, policy: str = "") -> MessageQuerySet:
    rows = Message.objects.without_contents().filter(state__in=MessageState.WAITING)
    return rows.filter(policy=policy) if policy else rows


def messages_in_final() -> MessageQuerySet:
    """Rows whose final step began: the server may have them."""
    return Message.objects.without_contents().filter(state=MessageState.FINAL).order_by("lease_until")


def messages_in_doubt() -> MessageQuerySet:
    return Message.objects.without_contents().filter(state=MessageState.IN_DOUBT).order_by("updated_at")


def with_subjects(rows: MessageQuerySet) -> list[Message]:
    """The rows with subject and recipient, or words in place of those that cannot be decrypted."""
    fields = ("subject", "to_address")
    try:
        return list(rows.defer(None).defer("text_body", "html_body", "reply_to", "envelope_from"))
    except UnreadableValue:
        found = list(rows)
    for row in found:
        try:
            row.refresh_from_db(fields=fields)
        except UnreadableValue:
            row.subject = row.to_address = _("Cannot be decrypted")
    return found


def recipient_hashes(message: Message) -> set[str]:
    """The hashes of its recipient under every configured key."""
    hashes = {message.to_hash}
    if len(settings.LOOKUP_KEYS) > 1:
        with suppress(UnreadableValue):  # the row's own hash must do; trying to send it will say what is wrong
            hashes |= {found.digest for found in lookup_hashes(message.to_address)}
    return hashes


def address_is_suppressed(message: Message) -> bool:
    return bool(suppression_causes([message]))


def suppression_causes(messages: Collection[Message]) -> dict[UUID, str]:
    """Why nothing may be sent to the recipients of those messages that go to a suppressed address."""
    hashes = {message.pk: recipient_hashes(message) for message in messages}
    every = set().union(*hashes.values())
    found = dict(Suppression.objects.filter(address_hash__in=every).values_list("address_hash", "cause"))
    causes = {pk: next((found[each] for each in own if each in found), None) for pk, own in hashes.items()}
    return {
        pk: SUPPRESSED if cause == Suppression.Cause.COMPLAINT else BLOCKED for pk, cause in causes.items() if cause
    }


def waiting_explanation(message: Message, held: str | None = None) -> str:
    """Why this row waits; what holds everything back comes first. `held` is the hold_reason, if it was read before."""
    if message.state not in MessageState.WAITING:
        return message.explained
    reason = hold_reason(switch_read()) if held is None else held
    if reason:
        return reason
    if message.policy == Policy.ONCE and not message.authorisation and settings.POSTBOX["MODE"] != "sink":
        return str(UNAUTHORISED)
    return message.explained


def answers_received(*, matched: bool) -> QuerySet[InboundMail]:
    """Mail to our reply addresses without its contents, newest first; unmatched mail answers no message of ours."""
    rows = InboundMail.objects.filter(message__isnull=not matched).defer("raw", "text")
    return rows.order_by("-received_at", "-id")
