"""Links with which readers pass on a letter: plain ones, without scripts of others."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core.site_url import site_url
from apps.letters.selectors.editions import public_title

from ..models import SignOnCall


@dataclass(frozen=True)
class Sharing:
    """`title` in the reader's language; `address` of the public page in it; `text` asks to read, and to sign while the
    letter is open; `mastodon` is our page that asks for the reader's server."""

    title: str
    address: str
    text: str
    mastodon: str

    @property
    def links(self) -> list[tuple[str, str]]:
        """(name, address) of services that take a text from a link."""
        return [
            ("WhatsApp", f"https://wa.me/?{_query(text=f'{self.text} {self.address}')}"),
            ("Telegram", f"https://t.me/share/url?{_query(url=self.address, text=self.text)}"),
        ]

    @property
    def mailto(self) -> str:
        return f"mailto:?{_query(subject=self.title, body=f'{self.text}\r\n\r\n{self.address}\r\n')}"

    def on_mastodon(self, server: str) -> str:
        """Where that server, a host name, lets its people write the text."""
        return f"https://{server}/share?{_query(text=f'{self.text} {self.address}')}"


def letter_sharing(call: SignOnCall, text_language: str = "") -> Sharing | None:
    """For the page of that call in the reader's language, or with the text in another one that it offers; None while
    only the team sees the letter."""
    if call.embargoed_until:
        return None
    place = [call.campaign.slug, call.letter.number]
    other = text_language if text_language in call.offered_languages else ""
    query = f"?{_query(language=other)}" if other else ""
    title = public_title(call.version, other or get_language() or "en")
    words = _("Read and sign this letter: %(title)s") if call.is_open() else _("Read this letter: %(title)s")
    return Sharing(
        title=title,
        address=site_url(reverse("website:letter", args=place)) + query,
        text=words % {"title": title},
        mastodon=reverse("website:share_mastodon", args=place) + query,
    )


def _query(**values: str) -> str:
    return urlencode(values, quote_via=quote)
