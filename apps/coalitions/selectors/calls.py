"""Letters that are or were open for signature."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.core.cache import cache
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, Max, OrderBy, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.core.languages import primary_language
from apps.core.optimistic_locking import fingerprint
from apps.core.prepared_statements import Placeholder, PreparedQuery
from apps.core.registries import LetterDeparture, letter_departures
from apps.letters.models import Letter, LetterVersion
from apps.letters.selectors.editions import first_language

from ..models import Annex, SignOn, SignOnCall
from ..models.sign_ons import moderation_state

#: signatures from which on a list may show their numbers as of so many seconds ago
MANY, COUNTED_ANEW = 20_000, 15
#: large, and not needed to show or sign
UNUSED = ("version__evidence",)
#: calls of a letter that the public sees, the latest first; LIMIT would make planning the joins slow
PUBLIC_CALLS = PreparedQuery(
    lambda: (
        SignOnCall.objects.shown(at=Placeholder("now"))
        .filter(campaign=Placeholder("campaign"), letter__number=Placeholder("number"))
        .select_related("letter", "version")
        .defer(*UNUSED)
        .order_by("-opens_at", "-id")
    )
)
#: the same with its campaign, for pages that know neither yet
PUBLIC_CALLS_AND_CAMPAIGN = PreparedQuery(
    lambda: (
        SignOnCall.objects.shown(at=Placeholder("now"))
        .filter(campaign__slug=Placeholder("slug"), campaign__published=True, letter__number=Placeholder("number"))
        .select_related("campaign", "letter", "version")
        .defer(*UNUSED)
        .order_by("-opens_at", "-id")
    )
)
LAST_SHOWN = PreparedQuery(
    lambda: (
        SignOnCall.objects.shown(at=Placeholder("now"))
        .filter(campaign=Placeholder("campaign"))
        .select_related("letter")
        .order_by(*_open_first(Placeholder("now")))[:1]
    )
)


def _open_first(now: datetime | Placeholder) -> list[OrderBy | str]:
    """An order of calls: those that are open before those that have ended, then the latest first."""
    is_open = ExpressionWrapper(Q(closed_at__isnull=True, closes_at__gt=now), BooleanField())
    return [is_open.desc(), "-opens_at", "-id"]


def campaign_calls(campaign: Campaign) -> QuerySet[SignOnCall]:
    calls = SignOnCall.objects.filter(campaign=campaign).order_by("-opens_at", "-id")
    calls = calls.annotate(has_annex=Exists(Annex.objects.filter(version=OuterRef("version"))))
    return calls.select_related("campaign", "letter", "version", "opened_by")


def call_fingerprint(call: SignOnCall) -> str:
    """What a page showed of how and until when the letter is signed."""
    names = (
        "version_id", "closes_at", "closed_at", "embargo_until", "deliver_on", "who", "moderation", "languages",
        "unasked_fields", "embed_origins",
    )  # fmt: skip
    return fingerprint({name: getattr(call, name) for name in names})


def newest_call(letter: Letter, *, embargoed: bool = False) -> SignOnCall | None:
    """The latest call: the letter's public page shows and counts its version. `embargoed`: also one of which only the
    team knows."""
    return newest_calls([letter.pk], embargoed=embargoed).get(letter.pk)


def newest_calls(letter_ids: Iterable[int], *, embargoed: bool = False) -> dict[int, SignOnCall]:
    shown = SignOnCall.objects.shown(embargoed=embargoed).filter(letter__in=letter_ids)
    newest = shown.order_by("letter_id", "-opens_at", "-id").distinct("letter_id")
    calls = list(newest.select_related("campaign", "letter", "version").defer(*UNUSED))
    for call in calls:
        _relate(call)
    return {call.letter_id: call for call in calls}


def _relate(call: SignOnCall) -> None:
    """What the query brought once, wherever it is asked for."""
    call.letter.campaign, call.version.letter = call.campaign, call.letter


def open_call(letter: Letter) -> SignOnCall | None:
    call = newest_call(letter, embargoed=True)
    return call if call is not None and call.is_open() else None


def main_letter(campaign: Campaign, *, embargoed: bool = False) -> Letter | None:
    """The letter to which public pages link: of those that can be signed, or else of all, the one opened last."""
    if embargoed:
        calls = SignOnCall.objects.shown(embargoed=True).filter(campaign=campaign).select_related("letter")
        call = calls.order_by(*_open_first(timezone.now())).first()
    else:
        call = LAST_SHOWN.row(now=timezone.now(), campaign=campaign.pk)
    return call.letter if call is not None else None


def public_call(campaign: Campaign, number: int) -> SignOnCall | None:
    """The latest call of the letter with that number. Without one, the letter is not public."""
    call = PUBLIC_CALLS.row(now=timezone.now(), campaign=campaign.pk, number=number)
    if call is not None:
        call.campaign = campaign
        _relate(call)
    return call


def public_call_at(slug: str, number: int) -> SignOnCall | None:
    """The same of the published campaign with that slug, which comes with it: one question in place of two."""
    call = PUBLIC_CALLS_AND_CAMPAIGN.row(now=timezone.now(), slug=slug, number=number)
    if call is not None:
        _relate(call)
    return call


def embargoed_call(campaign: Campaign, number: int) -> SignOnCall | None:
    """The call of that letter that the team sees before the public."""
    upcoming = campaign_calls(campaign).filter(letter__number=number, closed_at__isnull=True)
    return next((call for call in upcoming if call.embargoed_until), None)


def offered_language(call: SignOnCall, language: str) -> str:
    """That language, if the call offers a text in it, or the first that it offers."""
    offered = call.offered_languages
    wanted = [language, primary_language(language), first_language(call.version), *offered]
    return next(code for code in wanted if code in offered)


def versions_to_open(campaign: Campaign) -> QuerySet[LetterVersion]:
    """The latest version of each letter that is not open for signature."""
    newest = LetterVersion.objects.filter(letter__campaign=campaign).values("letter_id").annotate(newest=Max("id"))
    running = SignOnCall.objects.filter(campaign=campaign, closed_at__isnull=True, closes_at__gt=timezone.now())
    versions = LetterVersion.objects.filter(pk__in=newest.values("newest")).select_related("letter")
    return versions.exclude(letter_id__in=running.values("letter_id")).order_by("-frozen_at")


def call_to_replace(letter: Letter, version: LetterVersion) -> SignOnCall | None:
    """The letter's latest call, if an earlier text that was signed and has not left has to be replaced by this version
    rather than the version be opened beside it."""
    calls = SignOnCall.objects.filter(letter=letter).order_by("-opens_at", "-id").select_related("letter", "version")
    latest = calls.defer(*UNUSED).first()
    if latest is None or latest.version_id == version.pk or letter_departure(latest.version) is not None:
        return None
    return latest if SignOn.objects.standing().covering(latest.version).exists() else None


def calls_to_replace(versions: Iterable[LetterVersion]) -> list[tuple[LetterVersion, SignOnCall]]:
    """Those of the versions that cannot be opened beside a signed one, each with the call whose text they replace."""
    found = ((version, call_to_replace(version.letter, version)) for version in versions)
    return [(version, call) for version, call in found if call is not None]


def state_counts(campaign: Campaign) -> dict[int, dict[str, int]]:
    """{call id: {moderation state: number}}; "counted" are all confirmed signatures to the text that is signed now,
    "earlier" those only to one before a material change."""
    found: dict[int, Counter[str]] = {}
    every = SignOn.objects.filter(campaign=campaign).order_by()
    columns = ("call_id", "state", "moderation", "version_id", "call__version_id", "call__corrected_versions")
    for call_id, state, moderation, version, now, corrected, number in every.values_list(*columns).annotate(
        n=Count("id")
    ):
        numbers = found.setdefault(call_id, Counter())
        numbers[moderation_state(state, moderation)] += number
        if state == SignOn.State.CONFIRMED:
            numbers["counted" if version == now or version in corrected else "earlier"] += number
    return {call_id: dict(numbers) for call_id, numbers in found.items()}


def listed_state_counts(campaign: Campaign) -> dict[int, dict[str, int]]:
    """The same for the list of signatures: of more than MANY, as of at most COUNTED_ANEW seconds ago. Acts that depend
    on a number ask `state_counts`."""
    key = f"sign-on-states-{campaign.pk}"
    counts: dict[int, dict[str, int]] | None = cache.get(key)
    if counts is None:
        counts = state_counts(campaign)
        if sum(sum(numbers.values()) for numbers in counts.values()) > MANY:
            cache.set(key, counts, COUNTED_ANEW)
    return counts


def kind_counts(call: SignOnCall) -> dict[tuple[str, str], int]:
    """{(kind, moderation state): number} of the call's signatures."""
    found: Counter[tuple[str, str]] = Counter()
    every = SignOn.objects.filter(call=call).order_by().values_list("kind", "state", "moderation")
    for kind, state, moderation, number in every.annotate(n=Count("id")):
        found[kind, moderation_state(state, moderation)] += number
    return dict(found)


def letter_departure(version: LetterVersion) -> LetterDeparture | None:
    """How the letter was sent; None if it was not. A higher app answers."""
    found = (departure(version.pk) for _name, departure in letter_departures.items())
    return next((departure for departure in found if departure is not None), None)
