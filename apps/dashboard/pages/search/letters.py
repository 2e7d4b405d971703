"""Letters, frozen versions and editions among what a search found."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from apps.core.search_query import Rank
from apps.letters.selectors.drafts import letter_state
from apps.letters.selectors.letter_search import LetterFound, editions_with_fingerprint, letters_matching

from .hits import Hit, Search, State

STATES: dict[str, State] = {
    "frozen": ("ok", "lock", pgettext_lazy("letter", "Frozen")),
    "approved": ("ok", "ok", pgettext_lazy("letter", "Approved, not frozen")),
    "in_review": ("warn", "clock", pgettext_lazy("letter", "In review")),
    "drafting": ("idle", "pen", pgettext_lazy("letter", "Being drafted")),
}


def letter_hits(search: Search) -> list[Hit]:
    hits = [_hit(search, rank, found) for rank, found in letters_matching(search.membership, search.query, search.most)]
    return hits + _edition_hits(search)


def _hit(search: Search, rank: Rank, found: LetterFound) -> Hit:
    letter, version = found.letter, found.version
    excerpt = search.query.excerpt(found.text)
    if version is None:
        number = _("Letter %(number)s") % {"number": letter.number}
        url = search.url("letters:workspace", letter.number)
        return Hit(rank, letter.title, url, tuple(filter(None, (number, excerpt))), STATES[letter_state(letter)])
    number = _("Letter %(number)s, version %(version)s") % {"number": letter.number, "version": version.number}
    url = search.url("letters:version", letter.number, version.number)
    return Hit(rank, letter.title, url, tuple(filter(None, (number, excerpt))), STATES["frozen"])


def _edition_hits(search: Search) -> list[Hit]:
    """Of a fingerprint: the texts of single governments, which print their own."""
    if not search.query.fingerprint:
        return []
    hits = []
    for edition in editions_with_fingerprint(search.membership, search.query, search.most):
        version, member = edition.version, edition.member
        parts = version.letter.number, version.number, member.code if member else "general", edition.language
        values = {"number": version.letter.number, "version": version.number}
        details = _("Letter %(number)s, version %(version)s") % values, edition.language, edition.sha256
        title = member.name_in(search.language) if member else version.letter.title
        hits.append(Hit(Rank.EXACT, title, search.url("letters:edition", *parts), details, STATES["frozen"]))
    return hits
