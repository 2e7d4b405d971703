"""What may be exported, and what was."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.coalitions.labels import ORGANISATION_KINDS
from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.selectors import newest_call
from apps.coalitions.selectors.signatory_lists import SignatoryRow
from apps.governments.models import Recipient
from apps.letters.models import Letter
from apps.recipient_imports.columns import COLUMNS

from .models import ExportRecord

#: the headings of the recipients' list: those that an import knows
RECIPIENT_COLUMNS = [column.export_heading for column in COLUMNS]


@dataclass(frozen=True)
class LetterTotals:
    """Of one letter's signatories: how many each audience gets by name, and how many are in no list.

    `hidden` says that all names are hidden now.
    """

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
    """Every export of the campaign, newest first."""
    return ExportRecord.objects.filter(campaign=campaign).select_related("made_by").order_by("-id")


def letters_to_export(campaign: Campaign) -> QuerySet[Letter]:
    """The campaign's letters that were ever open for signature, newest first."""
    called = SignOnCall.objects.filter(letter=OuterRef("pk"))
    return Letter.objects.filter(Exists(called), campaign=campaign).order_by("-number")


def totals_of(letter: Letter) -> LetterTotals | None:
    """The totals for the version that is, or was last, open for signature; None before that."""
    call = newest_call(letter)
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


def kind_in_words(row: SignatoryRow) -> str:
    """ "Trade union", "Person": in the language of the moment; a kind we have no word for as it is."""
    if row.kind == SignOn.Kind.PERSON:
        return _("Person")
    return str(dict(ORGANISATION_KINDS).get(row.organisation_kind, row.organisation_kind))


def recipients_to_export(campaign: Campaign) -> QuerySet[Recipient]:
    """Whoever is written to, by country and office."""
    return (
        Recipient.objects.filter(campaign=campaign, active=True)
        .select_related("office__member")
        .order_by("office__member__sort_en", "office__kind", "office__name", "pk")
    )


def recipient_rows(campaign: Campaign) -> Iterator[list[str]]:
    """One row a recipient, in the order of RECIPIENT_COLUMNS; addresses that are used no more are left out."""
    for row in recipients_to_export(campaign).prefetch_related("addresses").iterator(chunk_size=2000):
        yield [column.export(row) for column in COLUMNS]
