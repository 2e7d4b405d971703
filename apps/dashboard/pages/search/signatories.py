"""Signatures, organisations and coalitions among what a search found."""

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from apps.campaigns.roles import Permission
from apps.coalitions.models import SignOn
from apps.coalitions.pages.sign_on_labels import STATES
from apps.coalitions.selectors.signatory_search import coalitions_matching, organisations_matching, sign_ons_matching
from apps.core.territories import territory_name

from .hits import Hit, Search


def signature_hits(search: Search) -> list[Hit]:
    hits = []
    for rank, row in sign_ons_matching(search.membership, search.query, search.most):
        glyph, tone, words = STATES[row.moderation_state]
        english = row.org_name_english if row.org_name_english != row.org_name else ""
        details = english, territory_name(row.country, search.language), _letter(row.letter.number)
        title = row.shown_name or row.own_name or _("(deleted)")
        hits.append(Hit(rank, title, _url(search, row), tuple(filter(None, details)), (tone, glyph, words)))
    return hits


def _letter(number: int) -> str:
    return _("Letter %(number)s") % {"number": number}


def _url(search: Search, row: SignOn) -> str:
    """For moderators its page, for others its row in the list."""
    if search.membership.may(Permission.MODERATE):
        return search.url("sign_on:sign_on", row.pk) + "#chosen"
    return f"{search.url('sign_on:index')}?{urlencode({'signature': row.pk})}#signatures"


def organisation_hits(search: Search) -> list[Hit]:
    """Organisations, then coalitions."""
    hits = []
    for rank, row in organisations_matching(search.membership, search.query, search.most):
        details = row.name_english, row.acronym, territory_name(row.country, search.language)
        shown = tuple(each for each in details if each and each != row.name)
        hits.append(Hit(rank, row.name, search.url("sign_on:organisation", row.pk), shown))
    organisations, kind = search.url("sign_on:organisations"), _("Coalition")
    for rank, coalition in coalitions_matching(search.membership, search.query, search.most):
        hits.append(Hit(rank, coalition.name, f"{organisations}?coalition={coalition.pk}", (kind,)))
    return hits[: search.most]
