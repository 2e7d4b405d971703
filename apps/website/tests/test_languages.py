"""Content in the campaign's languages while the interface keeps its own: chosen by ?language=, on public pages."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.core.interface_languages import address_in_language
from apps.governments.models import Member
from apps.sources.models import Source
from apps.talkingpoints.models import Fact, PointTranslation, TalkingPoint
from apps.talkingpoints.translation_status import original_hash
from tests.factories import html_of, make_campaign, make_group, make_member
from tests.factories.pages import without_switch

pytestmark = pytest.mark.django_db

CHOICE = ("home", "points", "point", "bibliography")


def url(name: str, query: str = "", slug: str = "mc11") -> str:
    return reverse(f"website:{name}", args=[slug, *([1] if name == "point" else [])]) + query


def read(client: Client, name: str, query: str = "", interface: str = "en") -> str:
    answer = client.get(address_in_language(url(name, query), interface))
    assert answer.status_code == 200
    return re.sub(r"[ \n]+", " ", without_switch(html_of(answer)))


def translated(point: TalkingPoint, language: str, **values: Any) -> PointTranslation:
    return PointTranslation.objects.create(
        point=point, language=language, **{"source_hash": original_hash(point, language), **values}
    )


@pytest.fixture
def point(campaign: Campaign) -> TalkingPoint:
    Campaign.objects.filter(pk=campaign.pk).update(languages=["en", "fr", "es"])
    source = Source.objects.create(
        campaign=campaign, key="src-bank", kind="report", authors=["World Bank"], title="Digital Dividends", year=2016,
        form="article", url="https://bank.example/wdr", checked_on=date(2017, 12, 1),
    )  # fmt: skip
    egypt = make_member("EG", "Egypt", name_fr="Égypte", name_es="Egipto")
    make_member("KE", "Kenya", name_es="Kenia")
    make_group("african-group", egypt, label="African Group")
    made = TalkingPoint.objects.create(
        campaign=campaign,
        number=1,
        slug="taxes",
        title="Lost taxes",
        claim="A claim.",
        related_groups=["african-group"],
    )
    TalkingPoint.objects.create(campaign=campaign, number=2, slug="jobs", title="Lost jobs", claim="Another claim.")
    Fact.objects.create(
        campaign=campaign, point=made, key="tp01-f01", position=1, source=source, statement="A statement.",
        kind="claim", verification="verified", applies_to=["EG"],
    )  # fmt: skip
    translated(made, "fr", title="Moins d’impôts")
    return made


def test_an_address_asks_for_content_in_a_language_and_the_interface_stays(client: Client, point: TalkingPoint) -> None:
    for interface in ("en", "ar"):
        text = read(client, "point", "?language=fr", interface)
        assert f'<html lang="{interface}"' in text
        against = ' lang="fr" dir="ltr"' if interface == "ar" else ""
        assert f'<h1{against}><bdi lang="fr">Moins d’impôts</bdi></h1>' in text
        assert "«\u202fDigital Dividends\u202f»" in text
        assert "consulté le 1er décembre 2017" in text
        assert '<bdi lang="fr">Égypte</bdi>' in text
        assert '<bdi lang="en">African Group</bdi>' in text, "the group has no French name"
        assert '<p class="fact"><bdi lang="en">A statement.</bdi>' in text
        original = f'<a href="/language/en/{interface}/c/mc11/reasons/1/" hreflang="en" rel="nofollow">'
        assert f'{original}<bdi lang="en">Lost taxes</bdi></a>' in text
    assert "Only the title is in French yet: the rest is shown in English." in read(client, "point", "?language=fr")
    assert "as it was written" not in read(client, "point")
    assert "Égypte" in read(client, "home", "?language=fr")
    assert "Moins d’impôts" in read(client, "points", "?language=fr")
    assert '<span lang="fr" dir="ltr">' in read(client, "bibliography", "?language=fr")


def test_a_point_without_a_translation_stands_as_it_was_written_and_says_so(
    client: Client, point: TalkingPoint
) -> None:
    text = html_of(client.get(reverse("website:point", args=["mc11", 2]) + "?language=fr"))
    assert '<h1><bdi lang="en">Lost jobs</bdi></h1>' in text
    assert "This reason is not in French yet: it is shown in English." in text
    listed = read(client, "points", "?language=fr")
    assert "What is not in French yet is shown in English." in listed
    assert '<bdi lang="en">Lost jobs</bdi>' in listed
    assert "What is not in French yet" in read(client, "home", "?language=fr")
    assert "What is not in" not in read(client, "home") + read(client, "points")
    assert "Terms are explained in English only" in read(client, "glossary", "?language=fr")
    assert "Events are described in English only" in read(client, "timeline", "?language=fr")


def test_only_what_is_fit_for_the_public_is_chosen_from(client: Client, point: TalkingPoint) -> None:
    row = translated(point, "es", title="Borrador", claim="Una tesis.", written_at=timezone.now())
    assert "Español" not in read(client, "point"), "a draft is no content"
    for name in CHOICE:
        assert "Borrador" not in read(client, name, "?language=es")
    PointTranslation.objects.filter(pk=row.pk).update(reviewed_at=timezone.now())
    text = read(client, "point", "?language=es")
    assert '<h1><bdi lang="es">Borrador</bdi></h1>' in text
    assert '<bdi lang="es">Una tesis.</bdi>' in text
    assert "Facts are shown in English." in text
    TalkingPoint.objects.filter(pk=point.pk).update(claim="Corrected since.")
    text = read(client, "point", "?language=es")
    assert "Una tesis." not in text, "the original changed since"
    assert "Corrected since." in text
    assert "Borrador" not in text, "its title may say what the original no longer says"


@pytest.mark.parametrize("asked", ["xx", "es", "FR", "%00", "<script>", "fr" * 300, "fr&language=xx"])
def test_a_language_without_content_shows_the_usual_one(client: Client, point: TalkingPoint, asked: str) -> None:
    for name in (*CHOICE, "glossary", "timeline"):
        text = read(client, name, f"?language={asked}")
        assert "<script>" not in text
        assert "Moins d’impôts</bdi></h" not in text
        assert "?language=xx" not in re.sub(r'<ul class="days">.*?</ul>', "", text)


def test_one_chooses_among_the_languages_that_are_there_and_links_keep_it(client: Client, point: TalkingPoint) -> None:
    for name in CHOICE:
        [choice] = re.findall(r'<nav class="languages".*?</nav>', read(client, name, "?language=fr"))
        assert re.findall(r'href="([^"]+)" lang="(\w+)" hreflang="\w+"( aria-current="true")?', choice) == [
            (url(name), "en", ""), (url(name) + "?language=fr", "fr", ' aria-current="true"'),
        ]  # fmt: skip
    text = read(client, "point", "?language=fr")
    for kept in ("", "reasons/", "sources/", "glossary/", "timeline/", "reasons/2/"):
        assert f'href="/en/c/mc11/{kept}?language=fr"' in text, kept
    cited = 'class="point-number" href="/en/c/mc11/reasons/1/?language=fr"'
    assert cited in read(client, "bibliography", "?language=fr")
    assert '?language=' not in re.sub(r"<nav class=.languages.*?</nav>|<link [^>]+>|<div class=.data.*?</div>", "",
                                      read(client, "point"))  # fmt: skip
    assert 'class="languages"' not in read(client, "glossary"), "terms have one language"
    PointTranslation.objects.all().delete()
    assert 'class="languages"' not in read(client, "point")
    assert "?language=" not in read(client, "point")


def test_search_engines_are_told_which_page_is_which(client: Client, point: TalkingPoint) -> None:
    translated(point, "pt", title="Menos impostos", claim="Uma tese.", reviewed_at=timezone.now())
    for name in CHOICE:
        place = "http://testserver" + url(name)
        french, portuguese = place.replace("/en/", "/fr/"), f"{place}?language=pt"
        for query, canonical in (
            ("", place), ("?language=fr", french), ("?language=en", place), ("?language=xx", place),
            ("?language=pt&fbclid=1", portuguese),
        ):  # fmt: skip
            text = read(client, name, query)
            assert re.findall(r'<link rel="canonical" href="([^"]+)">', text) == [canonical]
            assert re.findall(r'<meta property="og:url" content="([^"]+)">', text) == [canonical]
            found = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', text))
            assert (found["en"], found["fr"], found["pt"]) == (place, french, portuguese)
            assert found["x-default"] == place.replace("/en/", "/")


def test_whoever_reads_french_gets_french_and_may_choose_the_original(client: Client, point: TalkingPoint) -> None:
    assert '<h1><bdi lang="fr">' in read(client, "point", interface="fr")
    text = read(client, "point", "?language=en", interface="fr")
    assert '<h1><bdi lang="en">Lost taxes</bdi></h1>' in text
    assert 'href="/fr/c/mc11/reasons/2/?language=en"' in text


def test_a_language_that_runs_from_the_right_does_so(client: Client, point: TalkingPoint) -> None:
    translated(point, "ar", title="ضرائب ضائعة", claim="حجة.", reviewed_at=timezone.now())
    text = read(client, "point", "?language=ar")
    assert '<html lang="en" dir="ltr"' in text
    assert '<h1 lang="ar" dir="rtl"><bdi lang="ar">ضرائب ضائعة</bdi></h1>' in text
    assert '<p class="claim" lang="ar" dir="rtl">' in text
    assert '<span lang="ar" dir="rtl">' in text
    assert '<h2 lang="ar" dir="rtl">' in read(client, "points", "?language=ar")
    assert 'lang="ar" hreflang="ar"' in text


def test_another_campaigns_translations_are_no_content_of_this_one(client: Client, point: TalkingPoint) -> None:
    other = make_campaign("mc12")
    row = TalkingPoint.objects.create(campaign=other, number=1, slug="x", title="X", claim="C")
    translated(row, "es", title="Ajena")
    assert "Español" not in read(client, "point")


def test_choosing_costs_one_question_however_many_translations(client: Client, point: TalkingPoint) -> None:
    def asked(query: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            read(client, "points", query)
        return len(caught)

    few = asked("?language=fr")
    for number in range(3, 30):
        row = TalkingPoint.objects.create(
            campaign=point.campaign, number=number, slug=f"p{number}", title="T", claim="C"
        )
        for language in ("fr", "es", "pt", "de"):
            translated(row, language, title="Titre")
    assert asked("?language=fr") == asked("?language=de") == few


def test_the_roll_call_is_sorted_in_its_language(client: Client, point: TalkingPoint) -> None:
    make_member("DE", "Germany", name_fr="Allemagne", name_es="Alemania")
    Member.objects.update(sort_fr="", sort_en="", sort_es="")
    for query, language, names in (
        ("?language=fr", "fr", ["Allemagne", "Égypte", "Kenya"]), ("", "en", ["Egypt", "Germany", "Kenya"]),
    ):  # fmt: skip
        [listed] = re.findall(rf'<ul lang="{language}">(.*?)</ul>', read(client, "home", query))
        assert re.findall("<li>([^<]+)</li>", listed) == names


def test_a_letter_without_a_text_in_the_readers_language_says_so(call: SignOnCall, client: Client) -> None:
    page = "/ar/c/mc11/letters/1/"
    note = '<p class="small language-note">'
    assert note in html_of(client.get(page))
    assert note not in html_of(client.get(f"{page}?language=en")), "it was chosen"
    assert note not in html_of(client.get("/en/c/mc11/letters/1/"))
