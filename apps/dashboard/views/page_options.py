"""Query parameters of pages about governments: day, language of names, filters."""

from dataclasses import dataclass, fields
from typing import Any

from django.utils.http import urlencode
from django.utils.translation import get_language

from apps.campaigns.access import StaffRequest
from apps.governments.models import name_languages, names_language
from apps.governments.pages.as_of_date import AsOfDate, parse_as_of_date

from ..pages.government_directory import DirectoryQuery


@dataclass(frozen=True)
class PageOptions:
    """The day and the language of names."""

    shown: AsOfDate
    language: str

    @property
    def context(self) -> dict[str, Any]:
        """For templates. `languages` are (code, label, value of ?names=); `asks` ("?…") and `also` ("&…") are the query
        strings with which links keep both options, `keep` the (name, value) pairs for forms."""
        usual = names_language(get_language() or "en")
        names = "" if self.language == usual else self.language
        query = urlencode({name: value for name, value in (("on", self.shown.on), ("names", names)) if value})
        return {
            "shown": self.shown,
            "day": self.shown.day,
            "names_language": self.language,
            "languages": [(code, words, "" if code == usual else code) for code, words in name_languages().items()],
            "keep": [("names", names)],
            "asks": f"?{query}" if query else "",
            "also": f"&{query}" if query else "",
        }


def page_options(request: StaffRequest) -> PageOptions:
    """?on=2017-12-13 and ?names=fr. Names are in the reader's language by default, in English for an unknown one."""
    names = request.GET.get("names", "")
    own = names_language(get_language() or "en")
    language = (names if names in name_languages() else "en") if names else own
    return PageOptions(parse_as_of_date(request.campaign, request.GET.get("on", "")), language)


def directory_query(request: StaffRequest) -> DirectoryQuery:
    return DirectoryQuery(**{field.name: request.GET.get(field.name, "")[:80] for field in fields(DirectoryQuery)})
