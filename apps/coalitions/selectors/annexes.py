"""Frozen lists of signatories, without names that may no longer be shown."""

from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from apps.campaigns.models import Campaign
from apps.core.registries import AddendumDeparture, LetterDeparture, addendum_departures
from apps.core.times import zone_place_lazy
from apps.letters.models import LetterVersion
from apps.letters.rendering.types import AnnexData, AnnexSection

from ..models import Annex, AnnexEntry, SignOn, SignOnCall, SignOnQuerySet
from .calls import letter_departure


@dataclass(frozen=True)
class SentSignature:
    """A version that left with a list that has the signature: by `named` with its name, or only in its counts. `late`:
    the list is an addendum; `mailed` says when that left, None where it was only frozen, or handed over by hand."""

    version: LetterVersion
    sent: LetterDeparture
    named: bool
    late: bool
    mailed: AddendumDeparture | None = None


def annex_data(annex: Annex) -> AnnexData:
    """What a letter prints: hidden names are empty; while all names are hidden, there are only counts."""
    counts, zone = annex.counts, ZoneInfo(annex.campaign.time_zone)
    hidden = SignOnCall.objects.filter(letter_id=annex.letter_id, names_hidden_at__isnull=False).exists()
    sections: list[AnnexSection] = []
    if not hidden:
        rows = AnnexEntry.objects.filter(annex=annex, named=True).order_by("position")
        entries = rows.values_list("country", "name__name")
        for country, group in groupby(entries, key=lambda entry: entry[0]):
            sections.append(AnnexSection(country, tuple(name or "" for _country, name in group)))
    return AnnexData(
        frozen_at=annex.frozen_at.astimezone(zone),
        sha256=annex.sha256,
        organisations=counts["organisations"],
        people=counts["people"],
        countries=counts["countries"],
        unnamed=counts["organisations"] + counts["people"] if hidden else counts["unnamed"],
        sections=tuple(sections),
        place=zone_place_lazy(zone, annex.campaign),
    )


def campaign_addenda(campaign: Campaign) -> QuerySet[Annex]:
    rows = Annex.objects.filter(campaign=campaign, supplements__isnull=False)
    return rows.select_related("campaign", "letter", "version__letter", "supplements")


def addendum_departure(annex: Annex) -> AddendumDeparture | None:
    """How the addendum was mailed by itself; None if it was not. A higher app answers."""
    found = (departure(annex.pk) for _name, departure in addendum_departures.items())
    return next((departure for departure in found if departure is not None), None)


def addenda(annex_id: int) -> QuerySet[Annex]:
    """The further lists of those who signed after it, in the order in which they were frozen."""
    return Annex.objects.filter(supplements=annex_id).order_by("id")


def late_signatures(annex: Annex) -> SignOnQuerySet:
    """The confirmed signatures to its text that are neither in it nor in its addenda."""
    listed = AnnexEntry.objects.filter(Q(annex=annex) | Q(annex__supplements=annex))
    found = SignOn.objects.confirmed().covering(annex.version)
    return found.exclude(pk__in=listed.values("sign_on_id"))


def list_of_signature(sign_on: SignOn, annex_id: int) -> Annex | None:
    """The list that has the signature: that annex or one of its addenda; None if it is on none yet."""
    lists = Annex.objects.filter(Q(pk=annex_id) | Q(supplements=annex_id), entries__sign_on_id=sign_on.pk)
    return lists.order_by("id").first()


def sent_signatures(sign_on: SignOn) -> list[SentSignature]:
    """Where the signature has gone already, by version: its name cannot be called back from there."""
    entries = AnnexEntry.objects.filter(sign_on_id=sign_on.pk).select_related("annex__version")
    found: dict[int, SentSignature] = {}
    for entry in entries.defer("annex__version__evidence").order_by("-annex_id"):
        annex, sent = entry.annex, letter_departure(entry.annex.version)
        late = sent is not None and annex.supplements_id == sent.annex_id
        if sent is not None and (late or annex.pk == sent.annex_id):
            mailed = addendum_departure(annex) if late else None
            found[annex.version_id] = SentSignature(annex.version, sent, entry.named, late, mailed)
    return sorted(found.values(), key=lambda row: row.version.number)


def annex_outdated(annex: Annex) -> bool:
    """Whether somebody in it may no longer be named, so that a letter still to be sent needs a new annex."""
    entries = AnnexEntry.objects.filter(annex=annex)
    standing = SignOn.objects.confirmed().covering(annex.version)
    named = SignOn.objects.covering(annex.version).named_to_governments()
    return (
        entries.exclude(sign_on_id__in=standing.values("id")).exists()
        or entries.filter(named=True).exclude(sign_on_id__in=named.values("id")).exists()
    )
