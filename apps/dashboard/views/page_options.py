"""What the address of a page asks for: a day, the language of names, and the filters of the directory."""

from dataclasses import dataclass, fields
from typing import Any

from django.utils.http import urlencode
from django.utils.translation import get_language

from apps.campaigns.access import StaffRequest
from apps.governments.names import NAME_LANGUAGES, names_language
from apps.governments.pages.shown_day import ShownDay, day_shown

from ..pages.governments import DirectoryQuery


@dataclass(frozen=True)
class PageOptions:
    """How a page about governments shows them: as at a day, with their names in a language."""

    shown: ShownDay
    language: str

    @property
    def context(self) -> dict[str, Any]:
        """For templates: `shown`, `day`, `language`, and the `languages` of names as (code, words, value of ?names=).

        `asks` ("?…") and `also` ("&…") are what links to other such pages carry on: day and language, where they are
        not the usual ones. `keep` is what a form that asks for another day carries on, as (name, value).
        """
        usual = names_language(get_language() or "en")
        names = "" if self.language == usual else self.language
        query = urlencode({name: value for name, value in (("on", self.shown.on), ("names", names)) if value})
        return {
            "shown": self.shown,
            "day": self.shown.day,
            "names_language": self.language,
            "languages": [(code, words, "" if code == usual else code) for code, words in NAME_LANGUAGES.items()],
            "keep": [("names", names)],
            "asks": f"?{query}" if query else "",
            "also": f"&{query}" if query else "",
        }


def page_options(request: StaffRequest) -> PageOptions:
    """?on=2017-12-13 and ?names=fr. Names are the reader's own where nothing is asked for, English where something is
    in which members have no names."""
    names = request.GET.get("names", "")
    own = names_language(get_language() or "en")
    language = (names if names in NAME_LANGUAGES else "en") if names else own
    return PageOptions(day_shown(request.campaign, request.GET.get("on", "")), language)


def directory_query(request: StaffRequest) -> DirectoryQuery:
    """The filters and the order in the URL."""
    return DirectoryQuery(**{field.name: request.GET.get(field.name, "")[:80] for field in fields(DirectoryQuery)})
