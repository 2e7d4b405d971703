"""A frozen list of signatories, entry by entry as it went with the letter. The file is the same each time, save for
names that were removed or hidden since: their entries stay, and say so."""

from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.coalitions.models import Annex, AnnexEntry, SignOn, SignOnCall
from apps.core.times import written_day
from apps.core.types import Label
from apps.letters.selectors.editions import public_title

from ..models import Purpose
from . import words
from .base import Column, Dataset, Filter, Filters, Printed, Type

KINDS: dict[str, Label] = {
    SignOn.Kind.ORGANISATION: pgettext_lazy("signatory", "Organisation"),
    SignOn.Kind.PERSON: pgettext_lazy("signatory", "Person"),
}
#: why an entry has no name
NOTES: dict[str, Label] = {
    "counted": gettext_lazy("Only counted"),
    "government": gettext_lazy("Shown to governments only"),
    "removed": gettext_lazy("Removed on request"),
    "hidden": gettext_lazy("All names are hidden now"),
}


def _rows(campaign: Campaign, purpose: Purpose) -> QuerySet[Any]:
    hidden = SignOnCall.objects.filter(letter=OuterRef("annex__letter"), names_hidden_at__isnull=False)
    kept_back = Q(name__public=False) if purpose == Purpose.PUBLIC else Q(pk=None)
    note = Case(
        When(named=False, then=Value("counted")),
        When(Exists(hidden), then=Value("hidden")),
        When(name=None, then=Value("removed")),
        When(kept_back, then=Value("government")),
        default=Value(""),
        output_field=CharField(),
    )
    found = AnnexEntry.objects.filter(annex__campaign=campaign).annotate(note=note)
    return found.order_by("annex_id", "position")


def _annexes(campaign: Campaign, _purpose: Purpose, _filters: Filters) -> list[tuple[str, Label]]:
    found = Annex.objects.filter(campaign=campaign).select_related("letter", "version").defer("version__evidence")
    return [
        (
            str(annex.pk),
            _("Letter %(number)d, version %(version)d, list of %(day)s") % {
                "number": annex.letter.number, "version": annex.version.number, "day": written_day(annex.frozen_at),
            },
        )
        for annex in found.order_by("-pk")
    ]  # fmt: skip


def _annex(campaign: Campaign, filters: Filters) -> Annex | None:
    found = Annex.objects.filter(campaign=campaign, pk=filters.get("list") or 0)
    return found.select_related("letter", "version__letter__campaign").first()


def _printed(campaign: Campaign, filters: Filters) -> Printed | None:
    annex = _annex(campaign, filters)
    return Printed(annex.version, annex.frozen_at, annex.sha256) if annex else None


def _about(campaign: Campaign, filters: Filters) -> list[tuple[Label, str]]:
    annex = _annex(campaign, filters)
    if annex is None:
        return []
    return [
        (gettext_lazy("Letter"), f"{annex.letter.number}: {public_title(annex.version, get_language() or 'en')}"),
        (gettext_lazy("Version"), str(annex.version.number)),
        (gettext_lazy("Fingerprint of the version (SHA-256)"), annex.version.sha256),
        (gettext_lazy("Fingerprint of the list (SHA-256)"), annex.sha256),
    ]


ANNEXES = Dataset(
    key="annexes",
    label=gettext_lazy("Frozen lists of signatories"),
    hint=gettext_lazy("The list exactly as it went with a letter."),
    purposes=(Purpose.PUBLIC, Purpose.GOVERNMENT),
    rows=_rows,
    about=_about,
    printed=_printed,
    columns=(
        Column(key="position", label=gettext_lazy("Number"), source="position", type=Type.NUMBER),
        Column(key="country_code", label=gettext_lazy("Country code"), source="country"),
        Column(key="country", label=gettext_lazy("Country"), source="country", words=words.countries),
        Column(key="kind", label=gettext_lazy("Kind"), source="kind", words=words.labels(KINDS)),
        Column(
            key="name", label=gettext_lazy("Name"),
            source=Case(When(note="", then=F("name__name")), default=Value(""), output_field=CharField()),
        ),
        Column(
            key="without_name", label=gettext_lazy("Why there is no name"), source="note", words=words.labels(NOTES)
        ),
    ),
    filters={
        "list": Filter(
            label=gettext_lazy("List"), options=_annexes, required=True,
            apply=lambda found, pk: found.filter(annex=pk),
        ),
    },
)  # fmt: skip
