"""What webhooks are told of letters that were sent: what became of each, and that an answer was filed. A government is
named by its code; recipients, addresses and the words of mails are not told."""

from functools import partial
from typing import NamedTuple

from apps.campaigns.models import Campaign
from apps.core.batches import write_together
from apps.core.page_cache import near_value
from apps.postbox.models import Message, MessageState
from apps.webhooks.models import EventKind
from apps.webhooks.services.recording import webhook_event_record

from ..models import Delivery, Reply

#: kinds of mail events that change what became of a letter, besides that it was taken
CHANGES = frozenset({"refused", "bounced", "delivered", "in_doubt", "expired", "cancelled", "suppressed", "corrected"})


class Change(NamedTuple):
    delivery: Delivery
    state: str
    kind: str
    code: str


def letter_left_record(*, message: Message, code: str) -> None:
    """That a server took it, in the caller's transaction. Thousands within `written_together` take as many statements
    as one; where nobody wants to know, one in NEAR_SECONDS at most."""
    write_together(_left_record, (message, code))


def _left_record(left: list[tuple[Message, str]]) -> None:
    wanting = near_value("campaigns told of letters", _campaigns_wanting)
    codes = {int(message.origin_id): code for message, code in left if message.campaign_id in wanting}
    if codes:
        for delivery in Delivery.objects.filter(pk__in=codes).select_related("dispatch__campaign"):
            change = Change(delivery, MessageState.ACCEPTED, "accepted", codes[delivery.pk])
            write_together(_changes_record, change)


def _campaigns_wanting() -> frozenset[int]:
    rows = Campaign.objects.filter(webhook_events__contains=[EventKind.DELIVERY_CHANGED])
    return frozenset(rows.values_list("pk", flat=True))


def delivery_change_record(*, delivery: Delivery, state: str, kind: str, code: str) -> None:
    """In the caller's transaction; with `dispatch.campaign` at hand it asks the database nothing where nobody wants to
    know. Thousands within `written_together` take as many statements as one."""
    if kind in CHANGES and EventKind.DELIVERY_CHANGED in delivery.dispatch.campaign.webhook_events:
        write_together(_changes_record, Change(delivery, state, kind, code))


def _changes_record(changes: list[Change]) -> None:
    rows = Delivery.objects.filter(pk__in={change.delivery.pk for change in changes})
    about = {pk: names for pk, *names in rows.values_list("pk", "dispatch__letter__number", "member__code")}
    for change in changes:
        delivery, (letter, member) = change.delivery, about[change.delivery.pk]
        values = {
            "mailing": delivery.dispatch_id, "letter": letter, "member": member, "state": change.state,
            "event": change.kind, "code": change.code,
        }  # fmt: skip
        webhook_event_record(
            campaign=delivery.dispatch.campaign, kind=EventKind.DELIVERY_CHANGED, key=delivery.pk,
            data=partial(dict, values),
        )  # fmt: skip


def reply_filed_record(*, reply: Reply, delivery: Delivery) -> None:
    webhook_event_record(
        campaign=delivery.dispatch.campaign,
        kind=EventKind.REPLY_FILED,
        key=delivery.pk,
        data=lambda: {
            "reply": reply.pk,
            "kind": reply.kind,
            "mailing": delivery.dispatch_id,
            "letter": delivery.dispatch.letter.number,
            "member": delivery.member.code,
            "received_at": reply.received_at.isoformat().replace("+00:00", "Z"),
        },
    )
