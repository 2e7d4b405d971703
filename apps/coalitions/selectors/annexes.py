"""Frozen lists of signatories, without names that may no longer be shown."""

from itertools import groupby
from zoneinfo import ZoneInfo

from apps.core.times import zone_place
from apps.letters.rendering.types import AnnexData, AnnexSection

from ..models import Annex, AnnexEntry, SignOn, SignOnCall


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
        place=zone_place(zone, annex.campaign),
    )


def annex_outdated(annex: Annex) -> bool:
    """Whether somebody in it may no longer be named, so that a letter still to be sent needs a new annex."""
    entries = AnnexEntry.objects.filter(annex=annex)
    standing = SignOn.objects.confirmed().covering(annex.version)
    named = SignOn.objects.covering(annex.version).named_to_governments()
    return (
        entries.exclude(sign_on_id__in=standing.values("id")).exists()
        or entries.filter(named=True).exclude(sign_on_id__in=named.values("id")).exists()
    )
