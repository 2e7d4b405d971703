"""Which letter is open for signature, and since when."""

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.core.registries import LetterDeparture, letter_departures
from apps.letters.models import Letter, LetterVersion

from ..models import AnnexEntry, SignOn, SignOnCall


def campaign_calls(campaign: Campaign) -> QuerySet[SignOnCall]:
    """The campaign's calls, newest first, with letter and version."""
    return (
        SignOnCall.objects.filter(campaign=campaign)
        .select_related("campaign", "letter", "version", "opened_by")
        .order_by("-opens_at", "-id")
    )


def newest_call(letter: Letter) -> SignOnCall | None:
    """The call that was opened last: its version is the text the letter's public page shows and counts for."""
    return (
        SignOnCall.objects.filter(letter=letter, opens_at__lte=timezone.now())
        .select_related("campaign", "letter", "version")
        .order_by("-opens_at", "-id")
        .first()
    )


def open_call(letter: Letter) -> SignOnCall | None:
    """The call in which one may sign the letter now."""
    call = newest_call(letter)
    return call if call is not None and call.is_open() else None


def main_letter(campaign: Campaign) -> Letter | None:
    """The letter whose call was opened last: public pages lead to it. None before the first call."""
    call = campaign_calls(campaign).filter(opens_at__lte=timezone.now()).first()
    return call.letter if call is not None else None


def public_call(campaign: Campaign, number: int) -> SignOnCall | None:
    """The newest call of the campaign's letter of that number; letters without one are not public."""
    letter = Letter.objects.filter(campaign=campaign, number=number).first()
    return newest_call(letter) if letter is not None else None


def versions_to_open(campaign: Campaign) -> QuerySet[LetterVersion]:
    """The newest frozen version of every letter of the campaign that has no call running."""
    newest = (
        LetterVersion.objects.filter(letter__campaign=campaign)
        .values("letter_id")
        .annotate(newest=Max("id"))
        .values("newest")
    )
    running = SignOnCall.objects.filter(campaign=campaign, closed_at__isnull=True, closes_at__gt=timezone.now())
    return (
        LetterVersion.objects.filter(pk__in=newest)
        .exclude(letter_id__in=running.values("letter_id"))
        .select_related("letter")
        .order_by("-frozen_at")
    )


def state_counts(campaign: Campaign) -> dict[int, dict[str, int]]:
    """{call id: {state: number}}; "waiting" counts the confirmed ones nobody has looked at, in moderated calls."""
    found: dict[int, dict[str, int]] = {}
    every = SignOn.objects.filter(campaign=campaign).order_by()
    for call_id, state, number in every.values_list("call_id", "state").annotate(n=Count("id")):
        found.setdefault(call_id, {})[state] = number
    for call_id, number in every.waiting().values_list("call_id").annotate(n=Count("id")):
        found[call_id]["waiting"] = number
    return found


def letter_departure(version: LetterVersion) -> LetterDeparture | None:
    """How the letter left for governments; None while it has not. Who sends letters answers: that lies above us."""
    found = (departure(version.pk) for _name, departure in letter_departures.items())
    return next((departure for departure in found if departure is not None), None)


def is_on_sent_list(sign_on: SignOn, sent: LetterDeparture) -> bool:
    """Whether the list that left with the letter counts this signature."""
    return AnnexEntry.objects.filter(annex_id=sent.annex_id, sign_on_id=sign_on.pk).exists()
