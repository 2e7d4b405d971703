"""What the pages of outreach show beside the progress of a dispatch."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.coalitions.selectors import newest_call
from apps.letters.models import LetterVersion
from apps.postbox.models import MessageState

from ..models import Delivery, Dispatch, Exclusion, Reply
from .progress import dispatches_of

Reason = Exclusion.Reason


@dataclass(frozen=True)
class ReadyVersion:
    """A frozen version that no dispatch has taken yet, with the call that collected its signatures (or None)."""

    version: LetterVersion
    call: SignOnCall | None

    @property
    def deliver_on(self) -> date | None:
        return self.call.deliver_on if self.call else None


@dataclass(frozen=True)
class ExclusionLine:
    """Who is left out, why, and where one mends it (url "" where there is no such place)."""

    exclusion: Exclusion
    why: str
    mend: str
    url: str


def dispatch_in(campaign: Campaign, dispatch_id: int) -> Dispatch:
    """One dispatch of the campaign. Raises Http404, for another campaign's too."""
    found = dispatches_of(campaign).filter(pk=dispatch_id).first()
    if found is None:
        raise Http404
    return found


def delivery_in(campaign: Campaign, dispatch_id: int, delivery_id: int) -> Delivery:
    """One letter of a dispatch of the campaign. Raises Http404."""
    rows = Delivery.objects.filter(pk=delivery_id, dispatch_id=dispatch_id, dispatch__campaign=campaign)
    found = rows.select_related(
        "dispatch__campaign", "dispatch__letter", "dispatch__version", "dispatch__annex", "member",
        "recipient__office__member", "address", "edition", "message", "pdf",
    )  # fmt: skip
    delivery = found.first()
    if delivery is None:
        raise Http404
    return delivery


def replies_of(campaign: Campaign) -> QuerySet[Reply]:
    """Answers of governments, newest first; automatic ones are none."""
    return Reply.objects.filter(campaign=campaign, kind=Reply.Kind.REPLY).select_related(
        "member", "mail", "delivery__dispatch__letter", "delivery__recipient__office"
    )


def reply_in(campaign: Campaign, reply_id: int) -> Reply:
    """One answer, automatic or not. Raises Http404."""
    found = Reply.objects.filter(campaign=campaign, pk=reply_id).select_related(
        "member", "mail", "delivery__dispatch__letter", "delivery__dispatch__version", "delivery__recipient__office"
    )
    reply = found.first()
    if reply is None:
        raise Http404
    return reply


def dispatch_summaries(campaign: Campaign) -> QuerySet[Dispatch]:
    """Dispatches with `letters`, `accepted`, `bounced` and `answered` counted."""
    accepted = [MessageState.ACCEPTED, MessageState.DELIVERED]
    bounced = [MessageState.BOUNCED, MessageState.REFUSED]
    state = "deliveries__message__state__in"
    return dispatches_of(campaign).annotate(
        letters=Count("deliveries"),
        accepted=Count("deliveries", filter=Q(**{state: accepted})),
        bounced=Count("deliveries", filter=Q(**{state: bounced})),
        answered=Count("deliveries", filter=Q(deliveries__message__replied_at__isnull=False)),
    )


def versions_to_send(campaign: Campaign) -> QuerySet[LetterVersion]:
    """Every frozen version of the campaign's letters, the newest letters first."""
    return (
        LetterVersion.objects.filter(letter__campaign=campaign)
        .select_related("letter__campaign")
        .order_by("-letter__number", "-number")
    )


def versions_ready(campaign: Campaign) -> list[ReadyVersion]:
    """The newest version of each letter of which no version is prepared, under way or sent."""
    taken = Dispatch.objects.filter(
        campaign=campaign,
        state__in=[Dispatch.State.PREPARED, Dispatch.State.AUTHORISED, Dispatch.State.FINISHED],
    )
    newest = (
        LetterVersion.objects.filter(letter__campaign=campaign)
        .exclude(letter_id__in=taken.values("letter_id"))
        .order_by("letter_id", "-number")
        .distinct("letter_id")
    )
    return [ReadyVersion(version, newest_call(version.letter)) for version in newest.select_related("letter")]


def exclusion_lines(dispatch: Dispatch) -> list[ExclusionLine]:
    """Who is left out, by government, each with what to do about it."""
    rows = dispatch.exclusions.select_related("member", "recipient__office").order_by("member__sort_en", "pk")
    return [_exclusion_line(dispatch, row) for row in rows]


def _exclusion_line(dispatch: Dispatch, row: Exclusion) -> ExclusionLine:
    why = str(Reason(row.reason).label)
    if row.detail:
        why = f"{why}: {row.detail}" if row.reason == Reason.MISSING_VALUE else f"{why}. {row.detail}"
    acts = {
        Reason.NO_RECIPIENT: _("Add one"),
        Reason.NO_ADDRESS: _("Add one"),
        Reason.BOUNCED: _("Find one"),
        Reason.MISSING_VALUE: _("Fill it in"),
        Reason.ALREADY_SENT: _("See it"),
    }
    campaign = dispatch.campaign.slug
    if row.reason in acts:
        url = reverse("dashboard:government", args=[campaign, row.member.code])
        return ExclusionLine(row, why, acts[Reason(row.reason)], url)
    if row.reason == Reason.NO_EDITION:
        url = reverse("letters:version", args=[campaign, dispatch.letter.number, dispatch.version.number])
        return ExclusionLine(row, why, _("See the texts"), url)
    return ExclusionLine(row, why, "", "")


def languages_in_words(deliveries: Iterable[Delivery]) -> list[tuple[str, int]]:
    """(language's name, number of letters), the most first."""
    found = Counter(delivery.language for delivery in deliveries)
    return [(language_name(code), n) for code, n in found.most_common()]


def language_name(code: str) -> str:
    """ "en" → "English", in the page's language; a code Django does not know stays as it is."""
    try:
        return _(get_language_info(code)["name"])
    except KeyError:
        return code


def governments_of(deliveries: Iterable[Any]) -> int:
    """How many governments the rows (with member_id) are about."""
    return len({row.member_id for row in deliveries})
