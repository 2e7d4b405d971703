"""The list of signatories as it would be frozen now: for the look and the test before a dispatch is authorised."""

from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.coalitions.countries import country_name, country_sort_key
from apps.coalitions.models import SignOn
from apps.coalitions.selectors import SignatoryCounts
from apps.coalitions.selectors.counts import version_counts
from apps.letters.models import LetterVersion
from apps.letters.rendering import AnnexData, AnnexSection


def annex_preview(version: LetterVersion) -> tuple[AnnexData, SignatoryCounts]:
    """What a letter to a government would print as of now. Nothing is frozen, so in place of the
    hash it says that."""
    counts = version_counts(version)
    rows = SignOn.objects.covering(version).named_to_governments().order_by("country", "name_key", "id")
    by_country = {
        country: tuple(_printed(sign_on) for sign_on in group)
        for country, group in groupby(rows, key=lambda row: row.country)
    }
    sections = [
        AnnexSection(country_name(code), names)
        for code, names in sorted(by_country.items(), key=lambda item: country_sort_key(item[0]))
    ]
    named = sum(len(names) for names in by_country.values())
    annex = AnnexData(
        frozen_at=timezone.now(),
        sha256=_("not frozen yet"),
        organisations=counts.organisations,
        people=counts.people,
        countries=counts.countries,
        unnamed=counts.total - named,
        sections=tuple(sections),
    )
    return annex, counts


def signatories_now(version: LetterVersion) -> SignatoryCounts:
    """How many have signed this text so far."""
    return version_counts(version)


def _printed(sign_on: SignOn) -> str:
    """As annexes print it: the own name, and the English one behind it."""
    english = sign_on.org_name_english if sign_on.kind == SignOn.Kind.ORGANISATION else ""
    return f"{sign_on.shown_name} ({english})" if english and english != sign_on.shown_name else sign_on.shown_name
