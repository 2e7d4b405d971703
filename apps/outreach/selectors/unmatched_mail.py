"""Mail that names none of ours, and the letters that it may be about."""

from django.db.models import QuerySet

from apps.campaigns.models import Campaign
from apps.postbox.models import InboundMail

from ..models import Delivery
from .inbound_guesses import inbound_guesses

#: mails looked at where there are several campaigns; what nobody files is deleted after 90 days
MOST = 500


def mails_without_letter() -> QuerySet[InboundMail]:
    """Of the whole installation, newest first."""
    return InboundMail.objects.filter(message=None, reply=None).defer("raw").order_by("-received_at", "-pk")


def unmatched_mails(campaign: Campaign, rows: QuerySet[InboundMail]) -> QuerySet[InboundMail]:
    """Those of `rows` that the campaign may see: all of them in an installation's only campaign, else those that are
    guessed to be about a letter of this one, by more than what campaigns may share."""
    if only_campaign():
        return rows
    guesses = inbound_guesses(rows[:MOST], campaign)
    return rows.filter(pk__in=[pk for pk, found in guesses.items() if found and not found[0].is_weak])


def only_campaign() -> bool:
    return Campaign.objects.count() == 1


def letters_to_choose(campaign: Campaign) -> QuerySet[Delivery]:
    """Letters that a mail may be about, by government, the newest first."""
    rows = Delivery.objects.filter(dispatch__campaign=campaign, message__accepted_at__isnull=False)
    return (
        rows.select_related("member", "recipient__office", "dispatch__letter")
        .defer("envelope")
        .order_by("member__sort_en", "-pk")
    )
