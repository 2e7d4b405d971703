"""Mail that names none of ours: whose it may be, and which letters it may be about."""

from collections.abc import Iterable

from django.db.models import QuerySet

from apps.campaigns.models import Campaign
from apps.core.encryption import lookup_hashes
from apps.governments.models import Member, RecipientAddress
from apps.postbox.models import InboundMail

from ..models import Delivery

#: mails looked at; what nobody files is deleted after 90 days
MOST = 500


def unmatched_mails(campaign: Campaign, *, set_aside: bool = False) -> list[tuple[InboundMail, Member | None]]:
    """(mail, government that it is probably from), newest first. Where the installation has several campaigns, only
    mail that is probably from a government of this one. Four statements."""
    rows = InboundMail.objects.filter(message=None, reply=None, triage__closed_at__isnull=not set_aside)
    mails = list(rows.defer("raw", "text").order_by("-received_at", "-pk")[:MOST])
    if not mails:
        return []
    found = _guesses(campaign, mails)
    alone = Campaign.objects.count() == 1
    return [(mail, found.get(mail.pk)) for mail in mails if alone or mail.pk in found]


def _guesses(campaign: Campaign, mails: Iterable[InboundMail]) -> dict[int, Member]:
    """By the sender's address, otherwise by its domain where only one government has that."""
    by_hash: dict[str, Member] = {}
    by_domain: dict[str, set[Member]] = {}
    rows = RecipientAddress.objects.filter(recipient__campaign=campaign).select_related("recipient__office__member")
    for row in rows:
        member = row.recipient.office.member
        by_hash[row.address_hash] = member
        by_domain.setdefault(_domain(row.address), set()).add(member)
    found: dict[int, Member] = {}
    for mail in mails:
        known = [by_hash[each.digest] for each in lookup_hashes(mail.sender) if each.digest in by_hash]
        near = by_domain.get(_domain(mail.sender), set())
        if known:
            found[mail.pk] = known[0]
        elif len(near) == 1:
            found[mail.pk] = next(iter(near))
    return found


def _domain(address: str) -> str:
    return address.rpartition("@")[2].strip(" <>").lower()


def letters_to_choose(campaign: Campaign) -> QuerySet[Delivery]:
    """Letters that a mail may be about, by government, the newest first."""
    rows = Delivery.objects.filter(dispatch__campaign=campaign, message__accepted_at__isnull=False)
    return (
        rows.select_related("member", "recipient__office", "dispatch__letter")
        .defer("envelope")
        .order_by("member__sort_en", "-pk")
    )
