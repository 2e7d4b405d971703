"""What other sites show of a link to a letter."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone, translation

from apps.coalitions.models import SignOnCall
from apps.coalitions.selectors.signatory_counts import version_counts
from apps.core.interface_languages import interface_language
from apps.core.languages import citation_language, language_for
from apps.core.site_url import site_url
from apps.letters.models import Edition, LetterVersion
from apps.letters.rendering import render_preview_picture
from apps.letters.rendering.preview_picture import HEIGHT, WIDTH

from .letters import addressees_line


@dataclass(frozen=True)
class PreviewPicture:
    url: str
    width: int = WIDTH
    height: int = HEIGHT


def preview_picture_of(call: SignOnCall, language: str) -> PreviewPicture | None:
    """Of the text in that language; None while only the team sees the letter."""
    if call.embargoed_until:
        return None
    place = [call.campaign.slug, call.letter.number, call.version.number, language]
    return PreviewPicture(site_url(reverse("files:preview_picture", args=place)))


def preview_picture(version: LetterVersion, edition: Edition) -> bytes:
    """A PNG with the title, who convenes, whom the letter addresses and how many have signed it as of today, in the
    campaign's zone. Words around a title in a language that we have none in are English. Raises PdfFailed."""
    campaign, language, counts = version.letter.campaign, edition.language, version_counts(version)
    words = language_for(citation_language(language))
    with translation.override(interface_language(language)):
        to = addressees_line(version.letter, version.frozen_on)
    today = timezone.localdate(timezone=ZoneInfo(campaign.time_zone))
    as_of = words.signatures.as_of.format(when=words.day(today))
    return render_preview_picture(
        language=language,
        title=str(edition.body["subject"]),
        by=campaign.text_in("name", language),
        to=to,
        signed=words.signed_by(counts.organisations, counts.people, counts.countries) if counts.total else "",
        as_of=as_of,
    )
