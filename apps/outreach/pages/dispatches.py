"""What the pages of outreach show beside the progress of a dispatch."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from ..models import Delivery, Dispatch, Exclusion

Reason = Exclusion.Reason


@dataclass(frozen=True)
class ExclusionLine:
    """Who is left out, why, and where to correct it (url "" where nothing can be corrected)."""

    exclusion: Exclusion
    why: str
    act: str
    url: str


def exclusion_lines(dispatch: Dispatch) -> list[ExclusionLine]:
    """Who is left out, by government, each with what to do about it."""
    rows = dispatch.exclusions.select_related("member", "recipient__office").order_by("member__sort_en", "pk")
    return [_exclusion_line(dispatch, row) for row in rows]


def _exclusion_line(dispatch: Dispatch, row: Exclusion) -> ExclusionLine:
    why = str(Reason(row.reason).label)
    if row.detail:
        why = f"{why}: {row.detail}" if row.reason == Reason.MISSING_VALUE else f"{why}. {row.detail}"
    acts = {
        Reason.NO_RECIPIENT: _("Add one"),
        Reason.NO_ADDRESS: _("Add one"),
        Reason.BOUNCED: _("Find one"),
        Reason.MISSING_VALUE: _("Fill it in"),
        Reason.ALREADY_SENT: _("See it"),
    }
    campaign = dispatch.campaign.slug
    if row.reason in acts:
        url = reverse("dashboard:government", args=[campaign, row.member.code])
        return ExclusionLine(row, why, acts[Reason(row.reason)], url)
    if row.reason == Reason.NO_EDITION:
        url = reverse("letters:version", args=[campaign, dispatch.letter.number, dispatch.version.number])
        return ExclusionLine(row, why, _("See the texts"), url)
    return ExclusionLine(row, why, "", "")


def languages_in_words(deliveries: Iterable[Delivery]) -> list[tuple[str, int]]:
    """(language's name, number of letters), the most first."""
    found = Counter(delivery.language for delivery in deliveries)
    return [(language_name(code), n) for code, n in found.most_common()]


def language_name(code: str) -> str:
    """ "en" → "English", in the page's language; a code Django does not know stays as it is."""
    try:
        return _(get_language_info(code)["name"])
    except KeyError:
        return code


def count_governments(deliveries: Iterable[Delivery | Exclusion]) -> int:
    """How many governments the rows (with member_id) are about."""
    return len({row.member_id for row in deliveries})
