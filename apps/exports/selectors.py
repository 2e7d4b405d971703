"""Rows and numbers of the lists that can be exported."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.models.sign_on_fields import EXPORTED
from apps.coalitions.pages.sign_on_labels import ORGANISATION_KINDS
from apps.coalitions.selectors.calls import newest_call
from apps.coalitions.selectors.signatory_lists import signatories_for_export
from apps.core.territories import territory_name
from apps.core.types import JsonObject
from apps.governments.models import Recipient
from apps.letters.models import Letter
from apps.recipient_imports.columns import COLUMNS

from .models import ExportRecord

#: as an import reads them
RECIPIENT_COLUMNS = [column.export_heading for column in COLUMNS]
#: English, since people and programs read the file
SIGNATORY_COLUMNS = [*EXPORTED.values(), "version"]
SIGNATORY_COLUMNS.insert(SIGNATORY_COLUMNS.index("country_code") + 1, "country")


@dataclass(frozen=True)
class LetterTotals:
    """How many signatories each audience sees by name. `hidden`: all names are hidden now."""

    letter: Letter
    version: int
    confirmed: int
    public: int
    government: int
    hidden: bool

    @property
    def government_only(self) -> int:
        return self.government - self.public

    @property
    def unnamed(self) -> int:
        return self.confirmed - self.government


def exports_of(campaign: Campaign) -> QuerySet[ExportRecord]:
    return ExportRecord.objects.filter(campaign=campaign).select_related("made_by").order_by("-id")


def letters_to_export(campaign: Campaign) -> QuerySet[Letter]:
    """Letters that were ever open for signature, newest first."""
    called = SignOnCall.objects.filter(letter=OuterRef("pk"))
    return Letter.objects.filter(Exists(called), campaign=campaign).order_by("-number")


def totals_of(letter: Letter) -> LetterTotals | None:
    """For the version that is, or was last, open for signature; None before that."""
    call = newest_call(letter, embargoed=True)
    if call is None:
        return None
    every = SignOn.objects.covering(call.version)
    return LetterTotals(
        letter=letter,
        version=call.version.number,
        confirmed=every.confirmed().count(),
        public=every.named_publicly().count(),
        government=every.named_to_governments().count(),
        hidden=call.names_hidden_at is not None,
    )


def signatory_rows(letter: Letter, audience: str) -> Iterator[JsonObject]:
    """{column: cell} of each signatory whose name the audience may see."""
    call = newest_call(letter, embargoed=True)
    for values in signatories_for_export(letter, audience):
        row = {column: values[field] for field, column in EXPORTED.items()}
        is_person, signed_at = values["kind"] == SignOn.Kind.PERSON, row["signed_at_utc"]
        row |= {
            "name": values["display_name"] if is_person else row["name"],
            "kind": _("Person") if is_person else str(dict(ORGANISATION_KINDS).get(row["kind"], row["kind"])),
            "country": territory_name(row["country_code"]),
            "signed_at_utc": signed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if signed_at else None,
            "version": call.version.number if call else None,
        }
        yield {column: row[column] for column in SIGNATORY_COLUMNS}


def recipients_to_export(campaign: Campaign) -> QuerySet[Recipient]:
    """Active recipients, by country and office."""
    return (
        Recipient.objects.filter(campaign=campaign, active=True)
        .select_related("office__member")
        .order_by("office__member__sort_en", "office__kind", "office__name", "pk")
    )


def recipient_rows(campaign: Campaign) -> Iterator[list[str]]:
    """Rows in the order of RECIPIENT_COLUMNS."""
    for row in recipients_to_export(campaign).prefetch_related("addresses").iterator(chunk_size=2000):
        yield [column.export(row) for column in COLUMNS]
