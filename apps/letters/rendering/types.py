"""What renderers take beside an edition's body."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core.errors import DomainError
from apps.core.site_url import site_url
from apps.core.text import joined
from apps.core.types import Label

from ..models import Edition, Letter, LetterVersion


class MissingValue(DomainError):
    """Fields (`keys`) have neither a value nor a fallback."""

    def __init__(self, keys: list[str], labels: list[str]) -> None:
        super().__init__(_("No value and no fallback for: %(fields)s.") % {"fields": joined(labels)})
        self.keys = keys


@dataclass(frozen=True)
class AnnexSection:
    """The names from one country (a code), in order; "" for a removed name."""

    country: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class AnnexData:
    """The list of signatories. `unnamed` are only counted; `frozen_at` is local time at `place`. `sha256` is ""
    until the list is frozen, None for one that never is."""

    frozen_at: datetime
    sha256: str | None
    organisations: int
    people: int
    countries: int
    unnamed: int
    sections: tuple[AnnexSection, ...]
    place: Label = "UTC"


@dataclass(frozen=True)
class Letterhead:
    """A name, and lines under it."""

    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class VerificationLink:
    """Where anybody checks a frozen text: its short address, letter and version, its SHA-256. `frozen_at` is local
    time."""

    url: str
    letter: int
    version: int
    sha256: str
    frozen_at: datetime


def campaign_letterhead(campaign: Campaign) -> Letterhead:
    lines = [line for line in (campaign.postal_address, campaign.contact_address) if line]
    return Letterhead(campaign.name, tuple(lines))


def edition_verification_link(
    edition: Edition, version: LetterVersion, letter: Letter, campaign: Campaign
) -> VerificationLink:
    """Version, letter and campaign are those of the edition, as whoever asks has loaded them. The address holds the
    beginning of the fingerprint, so that nobody can guess it."""
    return VerificationLink(
        url=site_url(reverse("language:frozen", args=[f"{edition.code}/"])),
        letter=letter.number,
        version=version.number,
        sha256=edition.sha256,
        frozen_at=timezone.localtime(version.frozen_at, ZoneInfo(campaign.time_zone)),
    )
