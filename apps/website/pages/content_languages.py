"""The languages of a campaign's texts, which may differ from the language of the interface."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.http import urlencode

from apps.campaigns.models import Campaign
from apps.core.languages import primary_language
from apps.talkingpoints.models import TalkingPoint
from apps.talkingpoints.translated_words import public_titles


def original_language(campaign: Campaign) -> str:
    return campaign.original_language


@dataclass(frozen=True)
class ContentLanguage:
    """The language in which a page shows the campaign's texts.

    `available` starts with the campaign's own language; `default` is shown without ?language=. `requested` also
    applies to citations and names, which may be translated into languages that the reasons are not.
    """

    requested: str
    default: str
    available: list[str]

    @property
    def language(self) -> str:
        return self.requested if self.requested in self.available else self.original

    @property
    def original(self) -> str:
        return self.available[0]

    @property
    def queries(self) -> dict[str, str]:
        """{language: query string of the page in that language}, "" for the default."""
        return {code: "" if code == self.default else f"?{urlencode({'language': code})}" for code in self.available}

    @property
    def is_a_choice(self) -> bool:
        """Whether the texts have a language that the interface lacks, or one was chosen apart from it."""
        apart = set(self.available) - set(dict(settings.LANGUAGES))
        return len(self.available) > 1 and bool(apart or self.query)

    @property
    def query(self) -> str:
        return self.queries[self.language]


def content_language(campaign: Campaign, requested: str, interface: str) -> ContentLanguage:
    """The `requested` language if the campaign has texts in it, otherwise the language of the interface."""
    available, short = _available_languages(campaign), primary_language(interface)
    return ContentLanguage(
        requested=requested if requested in available else short,
        default=short if short in available else available[0],
        available=available,
    )


def _available_languages(campaign: Campaign) -> list[str]:
    """The campaign's own language, then those with a public title, in the campaign's order."""
    points = TalkingPoint.objects.filter(campaign=campaign).only("title", "claim").prefetch_related("translations")
    public = {language for point in points for language in public_titles(point)}
    listed = [code for code in campaign.languages if code in public]
    return list(dict.fromkeys([original_language(campaign), *listed, *sorted(public)]))
