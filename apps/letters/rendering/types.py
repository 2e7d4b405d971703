"""What the renderer is handed beside an edition's body."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError


class MissingValue(DomainError):
    """A field of the letter has neither a value nor a fallback. `keys` names them."""

    def __init__(self, keys: list[str], labels: list[str]) -> None:
        super().__init__(_("No value and no fallback for: %(fields)s.") % {"fields": ", ".join(labels)})
        self.keys = keys


@dataclass(frozen=True)
class AnnexSection:
    """The names from one country (its code), in the order to print them; "" for a name that was removed."""

    country: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class AnnexData:
    """The list of signatories as of a moment. `unnamed` are counted and not named; `people` sign for themselves."""

    frozen_at: datetime
    sha256: str
    organisations: int
    people: int
    countries: int
    unnamed: int
    sections: tuple[AnnexSection, ...]


@dataclass(frozen=True)
class Letterhead:
    """Who writes: a name, and lines under it (postal address, address for answers)."""

    name: str
    lines: tuple[str, ...] = ()
