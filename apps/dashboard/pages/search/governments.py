"""Governments, their groups and the people written to there, among what a search found."""

from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.campaigns.roles import Permission
from apps.core.search_query import best_first
from apps.governments.models import Group
from apps.governments.pages.stance_labels import NO_STANCE, STANCES
from apps.governments.selectors import recipients_matching, reference_day, stances_on

from ..stance_chart import MARKS
from .hits import Hit, Search, State


def government_hits(search: Search) -> list[Hit]:
    """Governments with their position as of today; then groups."""
    stances = stances_on(search.campaign, reference_day(search.campaign)) if search.members else {}
    hits = []
    for rank, member in search.members[: search.most]:
        stance = stances[member.pk].stance if member.pk in stances else NO_STANCE
        name = member.name_in(search.language)
        others = dict.fromkeys((member.name, member.name_fr, member.name_es, *_earlier(member.earlier_names)))
        known = tuple(other for other in others if other != name and search.query.rank(other) is not None)
        url = search.url("dashboard:government", member.code)
        hits.append(Hit(rank, name, url, (member.code, *known[:2]), _state(stance)))
    return [*hits, *_groups(search)][: search.most]


def _earlier(names: list[dict[str, str]]) -> list[str]:
    return [earlier["name"] for earlier in names if "name" in earlier]


def _state(stance: str) -> State:
    tone, glyph = MARKS[stance]
    return tone, glyph, str(capfirst(STANCES[stance]))


def _groups(search: Search) -> list[Hit]:
    rows = Group.objects.values_list("slug", "label", "label_fr", "label_es")
    found = best_first((search.query.rank(*labels, slug, similar=True), (slug, labels[0])) for slug, *labels in rows)
    url = search.url("dashboard:governments")
    kind = _("Group of governments")
    return [Hit(rank, label, f"{url}?{urlencode({'group': slug})}", (kind,)) for rank, (slug, label) in found]


def recipient_hits(search: Search) -> list[Hit]:
    """Their pages; for people who may not see contact data, those of their governments, and no names."""
    sees = search.membership.may(Permission.SEE_CONTACTS)
    hits = []
    found = recipients_matching(search.membership, search.query, search.named_members, search.most)
    for rank, recipient in found:
        office = recipient.office
        page = ("recipients:recipient", recipient.pk) if sees else ("dashboard:government", office.member.code)
        title = recipient.name if sees and recipient.name else recipient.post
        about = (recipient.post, office.name, office.member.name_in(search.language))
        details = tuple(each for each in about if each and each != title)
        hits.append(Hit(rank, title, search.url(*page), details))
    return hits
