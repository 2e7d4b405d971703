"""A frozen text as whoever holds it on paper finds it again."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.coalitions.selectors.calls import public_call
from apps.core.site_url import site_url
from apps.letters.models import Edition, LetterVersion
from apps.letters.rendering import render_html
from apps.letters.selectors.editions import edition_envelope

from .letters import check_command, edition_name, published_versions


@dataclass(frozen=True)
class FrozenText:
    """`html`, the files and the call are empty while the public cannot read the letter. `addressee` is the name of the
    government as of the freezing, empty for the general text."""

    edition: Edition
    version: LetterVersion
    addressee: str
    html: str = ""
    text_url: str = ""
    check_command: str = ""
    call: SignOnCall | None = None
    #: other versions, of this letter or others, with exactly this text
    others: Sequence[LetterVersion] = ()

    @property
    def later(self) -> LetterVersion | None:
        """The version in the place of this one."""
        version = self.call.version if self.call else None
        return version if version is not None and version.number > self.version.number else None


def frozen_text_page(campaign: Campaign, found: Sequence[Edition], language: str) -> FrozenText:
    """Of the last edition with this text, if possible of one that the public can read."""
    own = [edition for edition in found if edition.version.letter.campaign_id == campaign.pk]
    public = [edition for edition in own if _is_published(campaign, edition.version)]
    edition = (public or own)[0]
    version, letter, member = edition.version, edition.version.letter, edition.member
    addressee = member.name_on(version.frozen_on, language) if member else ""
    if not public:
        return FrozenText(edition, version, addressee)
    address = [campaign.slug, letter.number, version.number]
    return FrozenText(
        edition,
        version,
        addressee,
        html=render_html(edition.body, edition_envelope(edition, version), gaps=True),
        text_url=site_url(reverse("files:edition_json", args=[*address, edition_name(edition)])),
        check_command=check_command(version),
        call=public_call(campaign, letter.number),
        others=[other.version for other in public[1:]],
    )


def _is_published(campaign: Campaign, version: LetterVersion) -> bool:
    return published_versions(campaign, version.letter.number).filter(pk=version.pk).exists()
