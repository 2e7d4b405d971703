"""Public pages: what they show, what they weigh, that they set no cookie and survive whatever is asked of them."""

import gzip
import re
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.coalitions.services.calls import names_hide
from apps.core.canonical_json import canonical_json, sha256_hex
from apps.core.interface_languages import address_in_language
from apps.governments.models import Member, Position
from apps.sources.models import Source
from apps.talkingpoints.models import Ask, Fact, PointTranslation, TalkingPoint
from apps.talkingpoints.pages.facts import figure_words
from apps.talkingpoints.translation_status import original_hash
from apps.website.pages.letters import edition_name
from tests.factories import html_of, make_campaign
from tests.factories.pages import without_switch
from tests.factories.signing import organisation, person, signed

pytestmark = pytest.mark.django_db


def url(name: str, campaign: Campaign, *more: Any) -> str:
    return reverse(f"website:{name}", args=[campaign.slug, *more])


def file_url(name: str, campaign: Campaign, *more: Any) -> str:
    return reverse(f"files:{name}", args=[campaign.slug, *more])


@pytest.fixture
def points(campaign: Campaign) -> list[TalkingPoint]:
    source = Source.objects.create(
        campaign=campaign, key="src-wb", kind="report", title="Digital Dividends", publisher="World Bank", year=2016,
        url="https://bank.example/wdr", checked_on=date(2017, 11, 14),
    )  # fmt: skip
    made = []
    for number in (1, 2, 3):
        point = TalkingPoint.objects.create(
            campaign=campaign, number=number, slug=f"p{number}", title=f"Reason {number} <b>", claim="A claim.",
        )  # fmt: skip
        PointTranslation.objects.create(
            point=point, language="fr", title="Raison", source_hash=original_hash(point, "fr")
        )
        made.append(point)
        for position in (1, 2):
            Fact.objects.create(
                campaign=campaign, point=point, key=f"tp0{number}-f0{position}", position=position, kind="figure",
                statement="Jobs are at risk.", source=source, verification="caution", caution="A wide range.",
                figures=[{"value": 47, "unit": "percent of jobs", "year": 2016}],
            )  # fmt: skip
    Ask.objects.create(
        campaign=campaign, key="ask", text="Refuse the mandate.", short="Refuse", supports=[2], strength="high",
        basis="document",
    )  # fmt: skip
    return made


#: the one script of public pages
COPY = '<script src="/static/js/copy-link.js" defer>'


def every_page(campaign: Campaign, number: int) -> list[str]:
    return [
        url("home", campaign), url("letter", campaign, number), url("check_mail", campaign, number),
        url("points", campaign), url("point", campaign, 2), url("signatories", campaign), url("privacy", campaign),
        url("bibliography", campaign), url("glossary", campaign), url("timeline", campaign),
    ]  # fmt: skip


def test_start_leads_to_the_only_campaign_or_lists_them(campaign: Campaign, client: Client) -> None:
    assert client.get("/en/")["Location"] == url("home", campaign)
    make_campaign("mc12", title="Another question")
    assert "Another question" in client.get("/en/").content.decode()
    Campaign.objects.update(published=False)
    assert "load_campaign" in client.get("/en/").content.decode()


def test_an_unpublished_campaign_is_not_there(call: SignOnCall, points: Any, client: Client) -> None:
    Campaign.objects.update(published=False)
    number = call.letter.number
    for page in [*every_page(call.campaign, number), file_url("letter_json", call.campaign, number, 1)]:
        assert client.get(page).status_code == 404


def test_another_campaigns_letter_is_not_there(call: SignOnCall, client: Client) -> None:
    other = make_campaign("mc12")
    for page in (
        url("letter", other, call.letter.number), file_url("letter_json", other, call.letter.number, 1),
        file_url("edition_json", other, call.letter.number, 1, "en"), url("check_mail", other, call.letter.number),
        url("signatories", other) + f"?letter={call.letter.number}", url("point", other, 1),
    ):  # fmt: skip
        assert client.get(page).status_code == 404


def test_a_campaign_without_anything_says_what_comes(campaign: Campaign, client: Client) -> None:
    assert "being written" in client.get(url("home", campaign)).content.decode()
    assert "No letter is open" in client.get(url("signatories", campaign)).content.decode()
    assert "There are no reasons" in client.get(url("points", campaign)).content.decode()
    assert client.get(url("letter", campaign, 1)).status_code == 404


def test_one_day_is_written_as_one(call: SignOnCall, client: Client) -> None:
    Campaign.objects.update(retention_days=1)
    for name, *args in (("privacy",), ("corrections",), ("letter", 1)):
        text = " ".join(html_of(client.get(url(name, call.campaign, *args))).split())
        assert "1 day after" in text
        assert "1 days" not in text


def test_home_shows_figures_stances_and_reasons(
    call: SignOnCall, cast: SimpleNamespace, points: Any, client: Client
) -> None:
    signed(call, organisation(), accepted_by=cast.coordinator)
    signed(call, person())
    kenya = Member.objects.get(code="KE")
    Position.objects.create(campaign=call.campaign, member=kenya, stance="opposes", on=date(2017, 10, 1))

    text = re.sub(r"\s+", " ", html_of(client.get(url("home", call.campaign))))

    assert "1 organisation, 1 person" in text
    assert "days</b>" in text
    assert 'aria-label="Positions of 2 governments: opposes new rules (1), no position known (1)"' in text
    assert '<path class="fill-opposes" d="M0 0h4.4v44h-4.4z" />' in text, "one stroke"
    assert "3 reasons" in text
    assert "6 facts with their sources" in text
    assert "Kisumu Data Rights Forum" in text
    assert "Afi Mensah" not in text, "nobody has looked at it yet"
    assert "We ask you to refuse a new mandate" in text


def test_home_counts_days_in_the_campaigns_places(campaign: Campaign, client: Client) -> None:
    today = timezone.now().date()
    Campaign.objects.update(starts_on=today + timedelta(days=20), ends_on=today + timedelta(days=23))
    assert re.search(
        r"(19|20|21) days</b><span>until the conference opens", client.get(url("home", campaign)).content.decode()
    )


def test_the_letter_is_the_frozen_text_with_its_hash(call: SignOnCall, client: Client) -> None:
    text = client.get(url("letter", call.campaign, call.letter.number)).content.decode()

    assert text.count("<h1") == 1
    assert "We ask you to refuse a new mandate." in text
    assert call.version.sha256 in text
    assert "Letter 1, version 1" in text
    assert "To the governments of the 2 members of the World Trade Organization" in text
    assert re.search(r"until \d+ \w+ \d{4}, \d\d:\d\d in Geneva \(\d\d:\d\d UTC\)", text)
    assert "Nobody has signed yet" in text
    assert re.findall("<script[^>]*>", text) in ([], [COPY])
    assert " style=" not in text


def test_the_bytes_of_the_json_have_the_hash_that_was_signed(call: SignOnCall, client: Client) -> None:
    version, page = call.version, client.get(url("letter", call.campaign, 1)).content.decode()
    for name, sha256 in (("letter_json", version.sha256), ("edition_json", version.editions.get(member=None).sha256)):
        [address] = re.findall(rf"curl -s (\S+{'v1.json' if name == 'letter_json' else 'v1.en.json'}) ", page)
        answer = client.get(address)
        assert sha256_hex(answer.content) == sha256
        assert sha256 in page
        assert answer["Content-Type"] == "application/json"
        assert "max-age" in answer["Cache-Control"]
    editions = client.get(file_url("letter_json", call.campaign, 1, 1)).json()["editions"]
    for edition in version.editions.all():
        name = f"{edition.member.code.lower()}-en" if edition.member else "en"
        body = client.get(file_url("edition_json", call.campaign, 1, 1, name))
        assert sha256_hex(body.content) == edition.sha256
        assert edition.sha256 in editions
        assert canonical_json(body.json()) == body.content


def test_editions_in_languages_of_regions_have_their_address(call: SignOnCall, client: Client) -> None:
    """ "pt-br" is a language, not the edition of Portugal in Breton."""
    for edition in call.version.editions.all():
        edition.pk, edition.language = None, "pt-br"
        edition.save(force_insert=True)
        path = file_url("edition_json", call.campaign, 1, 1, edition_name(edition))
        assert path.endswith("pt-br.json")
        assert client.get(path).content == canonical_json(edition.body)


@pytest.mark.parametrize(
    "path", ["v2.json", "v0.json", "v99999999999999999999.json", "v1.fr.json", "v1.xx-en.json", "v1.-en.json"]
)
def test_versions_and_editions_that_are_none(call: SignOnCall, client: Client, path: str) -> None:
    assert client.get(f"/c/{call.campaign.slug}/letters/1/{path}").status_code == 404


def test_a_version_that_was_never_opened_is_not_public(call: SignOnCall, cast: SimpleNamespace, client: Client) -> None:
    from tests.factories.letters import make_next_version

    make_next_version(call.letter, cast)
    assert client.get(file_url("letter_json", call.campaign, 1, 2)).status_code == 404
    assert client.get(file_url("letter_json", call.campaign, 1, 1)).status_code == 200


def test_public_pages_set_no_cookie_and_may_be_kept(call: SignOnCall, points: Any, client: Client) -> None:
    for page in every_page(call.campaign, call.letter.number):
        answer = client.get(page)
        assert answer.status_code == 200
        assert not answer.cookies, page
        assert "public" in answer["Cache-Control"]


def test_who_brings_a_cookie_gets_a_page_that_is_not_shared(campaign: Campaign, signed_in: Any, cast: Any) -> None:
    answer = signed_in(cast.observer).get(url("home", campaign))
    assert "private" in answer["Cache-Control"]


def test_pages_load_nothing_from_elsewhere_and_weigh_little(
    call: SignOnCall, cast: SimpleNamespace, points: Any, client: Client
) -> None:
    for i in range(60):
        claim = organisation(f"Organisation number {i}", email=f"o{i}@x.example", country=["KE", "TG", "FR"][i % 3])
        signed(call, claim, accepted_by=cast.coordinator)
    second_font = (Path(project.BASE_DIR) / "static" / "fonts" / "stix-two-text-latin-ext.woff2").read_bytes()
    for page in every_page(call.campaign, call.letter.number):
        text = client.get(page).content.decode()
        weight = len(gzip.compress(text.encode()))
        paths = set(re.findall(r'(?:href|src)="/static/([^"]+)"', text))
        assert len(paths) < 7, "with the page itself and a second font at most eight requests"
        for path in paths:
            content = (Path(project.BASE_DIR) / "static" / path).read_bytes()
            weight += len(content if path.endswith("woff2") else gzip.compress(content))
        assert weight < 46_000, (page, weight)
        assert weight + len(second_font) < 60_000, (page, weight, "where a name has letters like ł")
        loaded = re.findall(
            r'<(?:link(?! rel="(?:canonical|alternate)")|img|script|iframe|source)'
            r'[^>]+(?:href|src)="(?!/static/|data:image/svg)([^"]+)"',
            text,
        )
        assert loaded == [], page


def test_the_letter_keeps_the_language_of_the_content_in_its_links(
    call: SignOnCall, points: Any, client: Client
) -> None:
    letter = url("letter", call.campaign, call.letter.number)
    assert f'href="{letter}?language=fr"' in client.get(url("home", call.campaign) + "?language=fr").content.decode()
    text = client.get(f"{letter}?language=fr").content.decode()
    assert f'href="{url("points", call.campaign)}?language=fr"' in text
    assert 'class="languages"' not in without_switch(text), "the letter has its own languages"
    assert "?language=xx" not in without_switch(client.get(f"{letter}?language=xx").content.decode())


def test_a_point_shows_its_evidence(call: SignOnCall, points: Any, client: Client) -> None:
    text = client.get(url("point", call.campaign, 2)).content.decode()
    for words in (
        "Reason 2 of 3", "Reason 2 &lt;b&gt;", "47 percent of jobs", "A wide range.", "Digital Dividends",
        "Refuse the mandate.", "accessed on 14 November 2017", "https://bank.example/wdr", "2.1",
    ):  # fmt: skip
        assert words in text, words
    assert client.get(url("point", call.campaign, 4)).status_code == 404
    assert client.get(url("point", call.campaign, 0)).status_code == 404


def test_signatories_by_country_with_search(call: SignOnCall, cast: SimpleNamespace, client: Client) -> None:
    for name, country, email in (("Forum A", "KE", "a"), ("किसान मंच", "IN", "b"), ("جمعية", "MA", "c")):
        signed(call, organisation(name, country=country, email=f"{email}@x.example"), accepted_by=cast.coordinator)
    signed(call, organisation("Hidden", visibility="counted", email="d@x.example"), accepted_by=cast.coordinator)
    page = url("signatories", call.campaign)

    text = client.get(page).content.decode()
    assert '<bdi lang="und-Deva">किसान मंच</bdi>' in text
    assert '<bdi lang="und-Arab">جمعية</bdi>' in text
    assert "Hidden" not in text
    assert "and 1 without a name" in text
    assert text.index("India") < text.index("Kenya") < text.index("Morocco")
    found = client.get(page, {"q": "forum"}).content.decode()
    assert "Forum A" in found
    assert "किसान" not in found
    one = client.get(page, {"country": "ke"}).content.decode()
    assert "Forum A" in one
    assert "Hidden" not in one
    assert "and 1 without a name" in one, "the country's page adds up to the number beside it"
    nothing = client.get(page, {"q": "<script>alert(1)</script>"}).content.decode()
    assert "&lt;script&gt;" in nothing
    assert "<script" not in nothing
    for query in (
        {"q": "\0"},
        {"q": "a" * 9999},
        {"country": "XX"},
        {"letter": "x"},
        {"letter": "²"},
        {"country": "\0"},
    ):
        assert client.get(page, query).status_code == 200
    assert client.get(page, {"letter": "99"}).status_code == 404

    names_hide(call=call, actor=cast.coordinator)
    for query in ({}, {"q": "forum"}, {"country": "KE"}):
        shown = client.get(page, query).content.decode()
        assert "Forum A" not in shown
        assert "The campaign shows no names of this letter now." in shown
    letter = client.get(url("letter", call.campaign, call.letter.number)).content.decode()
    assert "The campaign shows no names of this letter now." in letter
    assert "A name is shown once" not in letter


def test_countries_are_named_and_sorted_in_the_language_of_the_page(
    call: SignOnCall, cast: SimpleNamespace, client: Client
) -> None:
    for name, country in (("Forum A", "DE"), ("Forum B", "BR")):
        signed(call, organisation(name, country=country, email=f"{country}@x.example"), accepted_by=cast.coordinator)
    page, letter = url("signatories", call.campaign), url("letter", call.campaign, call.letter.number)
    for language, first, second in (("en", "Brazil", "Germany"), ("fr", "Allemagne", "Brésil")):
        text = client.get(address_in_language(page, language)).content.decode()
        assert 0 < text.index(first) < text.index(second)
        found = client.get(address_in_language(page, language), {"q": first}).content.decode()
        assert "Forum" in found
    form = client.get(address_in_language(letter, "fr")).content.decode()
    assert form.index("Afrique du Sud") < form.index("Zambie")


def test_no_public_page_gives_away_who_is_not_public(
    call: SignOnCall, cast: SimpleNamespace, points: Any, client: Client
) -> None:
    for visibility in ("government", "counted"):
        claim = organisation(f"Secret {visibility}", visibility=visibility, email=f"{visibility}@secret.example")
        signed(call, claim, accepted_by=cast.coordinator)
        signed(call, person(f"Hush {visibility}", visibility=visibility, email=f"{visibility}@hush.example"))
    pages = [*every_page(call.campaign, 1), file_url("letter_json", call.campaign, 1, 1)]
    pages += [
        url("signatories", call.campaign) + query for query in ("?q=secret", "?q=hush", "?q=kenya", "?country=KE")
    ]
    for page in pages:
        text = client.get(page).content.decode()
        assert not re.search(r"Secret (government|counted)|Hush |Otieno|secret\.example", text), page


def test_names_cannot_become_markup(call: SignOnCall, cast: SimpleNamespace, client: Client) -> None:
    signed(call, organisation('<script>alert("x")</script> & Sons'), accepted_by=cast.coordinator)
    for page in (url("home", call.campaign), url("letter", call.campaign, 1), url("signatories", call.campaign)):
        text = client.get(page).content.decode()
        assert re.findall("<script[^>]*>", text) in ([], [COPY])
        assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; Sons" in text


def test_a_closed_letter_shows_text_and_names_but_no_form(
    call: SignOnCall, cast: SimpleNamespace, client: Client
) -> None:
    signed(call, organisation(), accepted_by=cast.coordinator)
    SignOnCall.objects.update(
        closes_at=timezone.now() - timedelta(minutes=1), opens_at=timezone.now() - timedelta(days=2)
    )
    answer = client.get(url("letter", call.campaign, 1))
    text = answer.content.decode()
    assert "Closed for signature" in text
    assert "<form method" not in text
    assert "Kisumu Data Rights Forum" in text
    assert not answer.cookies


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ([{"value": 47, "unit": "percent of jobs", "year": 2016}], "47 percent of jobs"),
        ([{"value": 62.5, "unit": "percent of population", "year": None}], "62.5 percent of population"),
        ([{"value": 50_000_000_000, "unit": "connected devices", "year": 2020}], "50 billion connected devices"),
        (
            [{"value": 620e9, "unit": "USD (low estimate)"}, {"value": 970e9, "unit": "USD (high estimate)"}],
            "620 to 970 billion US dollars",
        ),
        ([{"value": 2001, "unit": "year", "year": 2001}], ""),
        ([{"value": "2016-10", "unit": "month", "year": 2016}], ""),
        ([{"value": None, "unit": "people", "as_stated": "millions"}], ""),
        ([{"value": True, "unit": "x"}], ""),
        ([], ""),
    ],
)
def test_figures_in_words(figures: Any, words: str) -> None:
    assert figure_words(figures) == words


def test_errors_are_pages_with_a_way_on(client: Client, campaign: Campaign) -> None:
    missing = client.get("/nothing/here")
    assert missing.status_code == 404
    assert "Page not found" in missing.content.decode()
