"""Salutations that a post suggests, by language and form of address. A person takes it, or writes another.

Courtesy to a minister or an ambassador is the same in letters of all languages, whatever the person's own tongue.
"""

import re

from apps.core.languages import LANGUAGES, RANKS
from apps.core.text import fold, sort_key

#: where the post says nothing
RANK_OF_OFFICE = {"mission": "ambassador", "head": "president"}
FORMS = ("masculine", "feminine", "unknown")


def salutation_suggested(*, language: str, post: str, form: str, kind: str) -> str:
    """ "Madame la Ministre" for a feminine minister in French; "" in a language that we have no words for."""
    if language[:2] not in LANGUAGES:
        return ""
    forms: tuple[str, ...] = getattr(LANGUAGES[language[:2]].salutations, rank_of(post, kind))
    return forms[FORMS.index(form) if form in FORMS else 2]


def rank_of(post: str, kind: str) -> str:
    """Which of RANKS the post has, by its words in any language; else the one that goes with the kind of office."""
    plain = _plain(post)
    for rank in RANKS:
        if any(_plain(word) in plain for language in LANGUAGES.values() for word in language.posts.get(rank, ())):
            return rank
    return RANK_OF_OFFICE.get(kind, "other")


def _plain(text: str) -> str:
    """Folded words between spaces, without hamza and the Arabic article; open at the end if the text ends with "*"."""
    folded = " ".join(re.sub(r"\bال", "", fold(sort_key(text))).split())
    return f" {folded}" if text.endswith("*") else f" {folded} "
