"""The languages of the campaign's content, which are not those of the interface: in which of them a page speaks."""

from dataclasses import dataclass

from django.utils.http import urlencode

from apps.campaigns.models import Campaign
from apps.talkingpoints.models import TalkingPoint
from apps.talkingpoints.translation_status import public_titles


def original_language(campaign: Campaign) -> str:
    """The language of the campaign's own texts where they have no form in another."""
    return str(campaign.languages[0]) if campaign.languages else "en"


@dataclass(frozen=True)
class Spoken:
    """In which language a page shows content. `languages` are those in which there is some, the campaign's own first;
    `usual` is what an address without ?language= shows; `asked` is the language of the rest of the page where nobody
    chose one: citations and names may have words in it even if the reasons have none."""

    asked: str
    usual: str
    languages: list[str]

    @property
    def language(self) -> str:
        """The one of `languages` that is shown."""
        return self.asked if self.asked in self.languages else self.languages[0]

    @property
    def written(self) -> str:
        return self.languages[0]

    @property
    def queries(self) -> dict[str, str]:
        """{language: what follows the address of a page to have it in that language}, empty for the usual one."""
        return {code: "" if code == self.usual else f"?{urlencode({'language': code})}" for code in self.languages}

    @property
    def query(self) -> str:
        """What links carry on to keep the language."""
        return self.queries[self.language]


def page_language(campaign: Campaign, said: str, interface: str) -> Spoken:
    """What ?language=`said` asks for, as far as there is content in it; else the language of the interface."""
    languages = content_languages(campaign)
    own = interface[:2] if interface[:2] in languages else languages[0]
    return Spoken(asked=said if said in languages else interface[:2], usual=own, languages=languages)


def content_languages(campaign: Campaign) -> list[str]:
    """The campaign's own language, then those in which anybody may read a title, in the campaign's order."""
    points = TalkingPoint.objects.filter(campaign=campaign).only("title", "claim").prefetch_related("translations")
    public = {language for point in points for language in public_titles(point)}
    known = [code for code in campaign.languages if code in public]
    return list(dict.fromkeys([original_language(campaign), *known, *sorted(public)]))
