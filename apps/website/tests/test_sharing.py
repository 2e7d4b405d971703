"""Passing a letter on: plain links, our page for Mastodon, what link previews show."""

import re
import struct
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from apps.coalitions.models import SignOnCall
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.core.web_origins import host_name, https_origin
from apps.letters.models import LetterVersion
from apps.letters.rendering import render_preview_picture
from apps.website.pages import preview_picture as preview
from tests.factories.signing import make_call, make_sign_on, organisation, submit

pytestmark = pytest.mark.django_db

TITLES = {
    "en": "No new rules on electronic commerce at the Eleventh Ministerial Conference",
    "fr": "Aucune nouvelle règle sur le commerce électronique à la onzième Conférence ministérielle",
    "ar": "لا قواعد جديدة للتجارة الإلكترونية في المؤتمر الوزاري الحادي عشر",
    "hi": "ग्यारहवें मंत्रिस्तरीय सम्मेलन में इलेक्ट्रॉनिक वाणिज्य पर कोई नए नियम नहीं",
    "my": "ဆယ့်တစ်ကြိမ်မြောက် ဝန်ကြီးအဆင့်ညီလာခံ",
    "ja": "電子商取引に関する新しい規則は必要ありません" * 12,
}


def hrefs(page: str) -> list[str]:
    section = page[page.index('aria-labelledby="share-heading"') :]
    return [unescape(found) for found in re.findall(r'href="([^"]+)"', section[: section.index("</section>")])]


def letter_address(call: SignOnCall, language: str = "en") -> str:
    with translation.override(language):
        return reverse("website:letter", args=[call.campaign.slug, call.letter.number])


@pytest.mark.parametrize("language", ["en", "ar-xb"])
def test_links_carry_the_title_and_the_address_in_the_pages_language(
    call: SignOnCall, client: Client, settings: Any, language: str
) -> None:
    settings.LANGUAGES = [("en", "English"), ("ar-xb", "Right-to-left test")]
    address = letter_address(call, language)
    found = hrefs(client.get(address).content.decode())
    whole, title = settings.SITE_URL + address, call.version.subjects["en"]
    for link in found:
        given = " ".join(value for values in parse_qs(urlsplit(link).query).values() for value in values)
        assert link.endswith("/mastodon/") or (whole in given and title in given), link
    assert [urlsplit(link).netloc for link in found] == ["wa.me", "t.me", "", ""]


def test_the_private_page_shares_the_public_one(call: SignOnCall, client: Client) -> None:
    token = sign_on_confirm(token=submit(call, organisation()).token).manage_token
    page = client.get(reverse("signing:manage", args=[token])).content.decode()
    assert not [link for link in hrefs(page) if token in link]
    assert f">http://testserver{letter_address(call)}</bdi>" in page
    assert 'rel="noopener noreferrer"' in page


def test_nothing_loads_from_other_sites(call: SignOnCall, client: Client) -> None:
    page = client.get(letter_address(call)).content.decode()
    loaded = re.findall(r'<(?:script|img|iframe)[^>]+src="([^"]+)"', page)
    assert loaded == ["/static/js/copy-link.js"], "the one script of our own"


@pytest.mark.parametrize(
    ("typed", "server"),
    [
        ("mastodon.example", "mastodon.example"),
        ("@afi@Social.Example", "social.example"),
        ("social.example/share?x=", "social.example"),
        ("https://social.example/@afi", "social.example"),
        ("tröt.example", "xn--trt-tna.example"),
    ],
)
def test_mastodon_asks_for_the_server_and_gives_a_link(
    call: SignOnCall, client: Client, typed: str, server: str
) -> None:
    page = reverse("website:share_mastodon", args=[call.campaign.slug, call.letter.number])
    assert "/share?text=" not in client.get(page).content.decode()
    answer = client.get(page, {"server": typed})
    assert answer.status_code == 200, "no redirect: it would hide where a link leads"
    assert f'href="https://{server}/share?text=Read%20and%20sign' in answer.content.decode()


@pytest.mark.parametrize("typed", ["", "localhost", "127.0.0.1", "javascript:alert(1)", "a.example:22", "a b.example"])
def test_what_is_no_server_gets_an_error_and_no_link(call: SignOnCall, client: Client, typed: str) -> None:
    page = reverse("website:share_mastodon", args=[call.campaign.slug, call.letter.number])
    text = client.get(page, {"server": typed}).content.decode()
    assert "mastodon.example" in text
    assert "error-message" in text
    assert not re.search(r'href="(?:https?:)?//(?!testserver)|href="javascript', text)


def test_previews_name_the_letter_and_its_picture(call: SignOnCall, client: Client) -> None:
    page = client.get(letter_address(call)).content.decode()
    found = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', page))
    assert found["og:title"] == call.version.subjects["en"]
    assert found["og:url"] == f"http://testserver{letter_address(call)}"
    assert (found["og:locale"], found["twitter:card"]) == ("en_GB", "summary_large_image")
    assert found["og:description"]
    home = client.get(reverse("website:home", args=[call.campaign.slug])).content.decode()
    assert found["og:image"] in home
    picture = client.get(urlsplit(found["og:image"]).path)
    assert picture["Content-Type"] == "image/png"
    width, height = struct.unpack(">II", picture.content[16:24])
    assert [str(width), str(height)] == [found["og:image:width"], found["og:image:height"]]
    assert "public" in picture["Cache-Control"]


def test_the_picture_counts_and_is_not_sent_twice(call: SignOnCall, client: Client, settings: Any) -> None:
    settings.PUBLIC_PAGE_SECONDS = 60
    address = reverse("files:preview_picture", args=[call.campaign.slug, call.letter.number, 1, "en"])
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    settings.PUBLIC_PAGE_SECONDS = 0
    make_sign_on(call, "Kisumu Data Rights Forum")
    assert client.get(address).content != first.content
    assert client.get(address.replace(".en.", ".hi.")).status_code == 404


def test_nothing_of_an_embargoed_letter_is_passed_on(
    version: LetterVersion, cast: Any, client: Client, signed_in: Any
) -> None:
    call = make_call(version, cast, embargo_until=timezone.now() + timedelta(days=1))
    place = [call.campaign.slug, call.letter.number]
    assert client.get(reverse("website:share_mastodon", args=place)).status_code == 404
    assert client.get(reverse("files:preview_picture", args=[*place, 1, "en"])).status_code == 404
    page = signed_in(cast.coordinator).get(letter_address(call)).content.decode()
    assert "og:" not in page
    assert "share-heading" not in page


def test_the_day_of_a_picture_is_that_of_the_campaigns_zone(call: SignOnCall, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the two zones it is never the same day."""
    shown: list[str] = []
    monkeypatch.setattr(preview, "render_preview_picture", lambda **parts: shown.append(parts["as_of"]) or b"")
    version, edition = call.version, call.version.editions.filter(language="en").first()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        version.letter.campaign.time_zone = zone
        preview.preview_picture(version, edition)
    assert shown[0] != shown[1]


@pytest.mark.parametrize("language", TITLES)
def test_pictures_are_small_in_every_script(language: str) -> None:
    made = render_preview_picture(
        language=language, title=TITLES[language], by="Our World Is Not for Sale", to=TITLES["en"] * 3,
        signed="287 organisations and 12 people from 68 countries have signed this letter.", as_of="As of today.",
    )  # fmt: skip
    assert struct.unpack(">II", made[16:24]) == (1200, 630)
    assert len(made) < 150_000


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://www.kdrf.example", "https://www.kdrf.example"),
        ("www.KDRF.example/about?x=1", "https://www.kdrf.example"),
        ("https://kdrf.example:443/", "https://kdrf.example"),
        ("https://kdrf.example:8443", "https://kdrf.example:8443"),
        ("http://kdrf.example", ""),
        ("https://*.kdrf.example", ""),
        ("https://afi@kdrf.example", ""),
        ("https://kdrf.example:99999", ""),
        ("https://10.0.0.1", ""),
        ("https://kdrf.example; script-src *", ""),
        ("data:text/html,x", ""),
    ],
)
def test_origins_are_https_and_a_host(typed: str, origin: str) -> None:
    assert https_origin(typed) == origin


def test_host_names_survive_what_idna_refuses() -> None:
    assert host_name("a" * 64 + ".example") == ""
    assert host_name("..") == ""
