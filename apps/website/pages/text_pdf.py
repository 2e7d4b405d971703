"""The text of a version as PDF, without signatures: made once a day for each language."""

from contextlib import suppress

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import get_language
from redis.exceptions import RedisError

from apps.coalitions.models import SignOnCall
from apps.coalitions.selectors.calls import offered_language
from apps.core.site_url import site_url
from apps.letters.models import Edition, LetterVersion
from apps.letters.rendering import campaign_letterhead, edition_verification_link, render_pdf
from apps.letters.selectors.editions import edition_envelope

#: seconds
KEPT = 24 * 3600


def version_text_pdf(version: LetterVersion, edition: Edition) -> bytes:
    """The same bytes for the same text and letterhead. Raises PdfFailed."""
    key = f"website:text-pdf:{edition.sha256}"
    with suppress(RedisError):
        kept: bytes | None = cache.get(key)
        if kept is not None:
            return kept
    letter, campaign = version.letter, version.letter.campaign
    content = render_pdf(
        edition.body, edition_envelope(edition, version), None, campaign_letterhead(campaign),
        proof=edition_verification_link(edition, version, letter, campaign), gaps=True,
    )  # fmt: skip
    with suppress(RedisError):
        cache.set(key, content, timeout=KEPT)
    return content


def text_pdf_url(call: SignOnCall, language: str = "") -> str:
    """Of the text in that language, or in the page's."""
    language = language or offered_language(call, get_language() or "en")
    return site_url(
        reverse("files:text_pdf", args=[call.campaign.slug, call.letter.number, call.version.number, language])
    )
