"""The evidence in public: footnoted, in the page's language, shareable, never with what was withdrawn."""

import gzip
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.campaign_files.services import campaign_load
from apps.campaigns.models import Campaign
from apps.core.interface_languages import address_in_language
from apps.governments.models import Member
from apps.sources.models import Source
from apps.talkingpoints.models import CalendarEntry, Fact, GlossaryTerm, PointTranslation, TalkingPoint
from apps.talkingpoints.translation_status import original_hash
from apps.website.pages.points import shown_points
from tests.factories import html_of, make_group, make_member

pytestmark = pytest.mark.django_db

PAGES = ("point", "bibliography", "glossary", "timeline", "points", "home")


def url(name: str, campaign: Campaign) -> str:
    return reverse(f"website:{name}", args=[campaign.slug, *([1] if name == "point" else [])])


def read(client: Client, name: str, campaign: Campaign, language: str = "en") -> str:
    answer = client.get(address_in_language(url(name, campaign), language))
    assert answer.status_code == 200, name
    return re.sub(r"[ \n]+", " ", html_of(answer))


def plain(html: str) -> str:
    """The words of a note or source, whose parts stand apart."""
    words = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    return re.sub(r" (?=[.,;)])|(?<=\() ", "", words)


@pytest.fixture
def document(campaign: Campaign) -> Source:
    return Source.objects.create(
        campaign=campaign, key="src-document", kind="document", authors=["Deborah James"], title="Twelve Reasons",
        date="2017-05-12", year=2017, extra={"point_word": {"en": "reason", "fr": "raison"}},
    )  # fmt: skip


@pytest.fixture
def bank(campaign: Campaign) -> Source:
    return Source.objects.create(
        campaign=campaign, key="src-bank", kind="report", authors=["World Bank"], title="Digital Dividends", year=2016,
        form="article", url="https://bank.example/wdr", archived_url="https://archive.example/wdr",
        checked_on=date(2017, 12, 1),
    )  # fmt: skip


@pytest.fixture
def point(campaign: Campaign) -> TalkingPoint:
    Campaign.objects.filter(pk=campaign.pk).update(languages=["en", "fr", "es"])
    made = TalkingPoint.objects.create(campaign=campaign, number=1, slug="taxes", title="Lost taxes", claim="A claim.")
    PointTranslation.objects.create(
        point=made, language="fr", title="Moins d’impôts", source_hash=original_hash(made, "fr")
    )
    return made


def make_fact(point: TalkingPoint, position: int, source: Source, **values: Any) -> Fact:
    defaults = {"statement": f"Statement {position}.", "kind": "claim", "verification": "verified"}
    return Fact.objects.create(
        campaign=point.campaign, point=point, key=f"tp01-f{position:02}", position=position, source=source,
        **{**defaults, **values},
    )  # fmt: skip


def test_a_note_for_each_source_with_the_places_and_the_way_back(
    campaign: Campaign, point: TalkingPoint, document: Source, bank: Source, client: Client
) -> None:
    make_fact(point, 1, document, locator={"point": 1, "where": "second sentence"})
    both = make_fact(point, 2, bank, locator={"point": 1, "where": "third sentence"})
    both.additional_sources.add(document)

    text = read(client, "point", campaign)

    first, second = re.findall(r'<li id="(note-[^"]+)">(.*?)</li>', text)
    assert first[0] == "note-src-document"
    assert plain(first[1]) == (
        "1 Deborah James, Twelve Reasons, 12 May 2017. "
        "Cited in 1.1 (reason 1, second sentence), 1.2 (reason 1, third sentence)"
    )
    assert "<cite><bdi>Twelve Reasons</bdi></cite>" in first[1]
    assert plain(second[1]) == (
        "2 World Bank, “Digital Dividends”, 2016, https://bank.example/wdr (accessed on 1 December 2017). "
        "Archived copy: https://archive.example/wdr. Cited in 1.2 (reason 1, third sentence)"
    )
    assert re.findall(r'class="footnote" href="#([^"]+)" aria-label="Note (\d)"', text) == [
        ("note-src-document", "1"), ("note-src-bank", "2"), ("note-src-document", "1"),
    ]  # fmt: skip
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids)), "no name twice"
    assert set(re.findall(r'href="#([^"]+)"', text)) - {"main"} <= set(ids), "every link of the page arrives"


def test_the_document_is_named_whole_in_one_note(
    campaign: Campaign, point: TalkingPoint, document: Source, client: Client
) -> None:
    for number, title in ((1, "proposal on e-commerce"), (2, "remark on barriers")):
        source = Source.objects.create(
            campaign=campaign, key=f"src-{number}", kind="inline", form="described", title=title
        )
        make_fact(point, number, source)
    text = read(client, "point", campaign)
    notes = [plain(note) for note in re.findall(r'<li id="note-[^"]+">(.*?)</li>', text)]
    assert notes == [
        "1 Proposal on e-commerce, cited in Deborah James, Twelve Reasons, 12 May 2017. Cited in 1.1",
        "2 Remark on barriers, cited in James, Twelve Reasons, note 1 above. Cited in 1.2",
    ]
    assert "note 1 ci-dessus" in read(client, "point", campaign, "fr")
    listed = plain(read(client, "bibliography", campaign))
    assert listed.count("cited in Deborah James, Twelve Reasons, 12 May 2017") == 2, "a list stays full"


def test_a_fact_says_of_when_its_figure_is_and_whom_it_concerns(
    campaign: Campaign, point: TalkingPoint, bank: Source, client: Client
) -> None:
    make_group("african-group", make_member("KE", "Kenya", code3="KEN"))
    figures = [{"value": 62.5, "unit": "percent of people", "year": 2016}]
    make_fact(point, 1, bank, figures=figures, applies_to=["african-group", "KE", "global", "nobody"])
    text = read(client, "point", campaign)
    assert "62.5 percent of people</bdi> <small>2016</small>" in text
    assert "Concerns African Group, Kenya" in plain(text)


def test_names_of_facts_stay_when_facts_move(
    campaign: Campaign, point: TalkingPoint, bank: Source, client: Client
) -> None:
    fact = make_fact(point, 1, bank)
    Fact.objects.filter(pk=fact.pk).update(position=5)
    assert 'id="fact-tp01-f01"' in read(client, "point", campaign)


def test_a_caution_says_why_and_what_was_withdrawn_is_nowhere(
    campaign: Campaign, point: TalkingPoint, document: Source, bank: Source, client: Client
) -> None:
    make_fact(point, 1, document, verification="caution", caution="A wide range.")
    make_fact(point, 2, document, verification="caution")
    make_fact(point, 3, bank, statement="Withdrawn words.", retired_at=timezone.now())

    text = read(client, "point", campaign)
    assert "A wide range." in text
    assert "disputed. Look at the source" in text
    for name in PAGES:
        text = read(client, name, campaign)
        assert "Withdrawn words" not in text, name
        assert "Digital Dividends" not in text, "a source of nothing in force"
    assert "2 facts" in read(client, "points", campaign)


def test_a_point_without_facts_says_what_comes(campaign: Campaign, point: TalkingPoint, client: Client) -> None:
    text = read(client, "point", campaign)
    assert "This reason has no facts yet." in text
    assert "<h2>Notes</h2>" not in text
    assert "No sources are cited yet." in read(client, "bibliography", campaign)
    assert "No terms are explained yet." in read(client, "glossary", campaign)
    assert "There are no events yet." in read(client, "timeline", campaign)


def test_pages_can_be_shared_without_a_third_party(campaign: Campaign, point: TalkingPoint, client: Client) -> None:
    TalkingPoint.objects.update(claim='Say "no" <b>' + "x" * 300)
    for name in PAGES:
        text = read(client, name, campaign)
        address = "http://testserver" + url(name, campaign)
        assert f'<link rel="canonical" href="{address}">' in text
        assert f'<meta property="og:url" content="{address}">' in text
        assert re.search(r'<meta name="description" content="[^"]+">', text), name
        assert re.search(r'<meta property="og:title" content="[^"]+">', text), name
        assert "og:image" not in text
    text = client.get(url("point", campaign) + "?fbclid=1").content.decode()
    assert f'<link rel="canonical" href="http://testserver{url("point", campaign)}">' in text
    [description] = re.findall(r'<meta name="description" content="([^"]+)">', text)
    assert description.startswith("Say &quot;no&quot; &lt;b&gt;")
    assert len(description) < 240


def test_a_title_that_somebody_typed_is_public_once_it_is_reviewed(
    campaign: Campaign, point: TalkingPoint, client: Client
) -> None:
    row = PointTranslation.objects.filter(point=point, language="fr")
    row.update(title="Brouillon", written_at=timezone.now())
    for page in ("point", "points", "home"):
        assert "Brouillon" not in read(client, page, campaign, "fr")
    assert "Brouillon" not in read(client, "point", campaign), "not under “Also in” either"
    row.update(reviewed_at=timezone.now(), claim="Une thèse.")
    assert '<h1><bdi lang="fr">Brouillon</bdi></h1>' in read(client, "point", campaign, "fr")
    for page in ("point", "points", "home"):
        assert '<bdi lang="fr">Une thèse.</bdi>' in read(client, page, campaign, "fr")
    row.update(reviewed_at=None)
    assert "Une thèse." not in read(client, "point", campaign, "fr")


def test_a_title_in_another_language_falls_back_when_the_original_changed_since(
    campaign: Campaign, point: TalkingPoint, client: Client
) -> None:
    """As claims do: what is shown in French says what the reason says now, or is not shown."""
    assert "Moins d’impôts" in read(client, "point", campaign)
    assert '<h1><bdi lang="fr">Moins d’impôts</bdi></h1>' in read(client, "point", campaign, "fr")
    TalkingPoint.objects.filter(pk=point.pk).update(title="More customs duties")
    assert "Moins d’impôts" not in read(client, "point", campaign), "not under “Also in” either"
    for page in ("point", "points", "home"):
        assert '<bdi lang="en">More customs duties</bdi>' in read(client, page, campaign, "fr")


def test_reasons_stand_in_their_order_however_they_came(campaign: Campaign, bank: Source, client: Client) -> None:
    for number in (9, 2, 12, 8, 1, 11, 4, 10, 3, 6, 5, 7):
        row = TalkingPoint.objects.create(campaign=campaign, number=number, slug=f"p{number}", title="T", claim="C.")
        Fact.objects.create(
            campaign=campaign, point=row, key=f"f{number}", source=bank, statement="S.", kind="claim",
            verification="verified",
        )  # fmt: skip
    assert [shown.number for shown in shown_points(campaign, "en")] == list(range(1, 13))
    text = client.get(reverse("website:point", args=[campaign.slug, 9])).content.decode()
    assert re.findall(r'reasons/(\d+)/" rel="(\w+)"', text) == [("8", "prev"), ("10", "next")]


def test_the_list_of_reasons_asks_for_its_translations_once(campaign: Campaign, point: TalkingPoint) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            shown_points(campaign, "fr")
        return len(caught)

    few = queries()
    for number in range(2, 12):
        other = TalkingPoint.objects.create(campaign=campaign, number=number, slug=f"p{number}", title="T", claim="C.")
        PointTranslation.objects.create(point=other, language="fr", title="Titre", source_hash="")
    assert queries() == few


def test_content_speaks_the_language_of_the_page_where_it_can(
    campaign: Campaign, point: TalkingPoint, document: Source, bank: Source, client: Client
) -> None:
    make_fact(point, 1, bank, locator={"point": 1, "where": "third sentence"})
    egypt = make_member("EG", "Egypt", code3="EGY")
    Member.objects.filter(pk=egypt.pk).update(name_fr="Égypte", sort_fr="egypte", sort_en="egypt")
    group = make_group("african-group", egypt)
    type(group).objects.filter(pk=group.pk).update(label_fr="Groupe africain")
    TalkingPoint.objects.update(related_groups=["african-group"])

    text = read(client, "point", campaign, "fr")
    assert '<h1><bdi lang="fr">Moins d’impôts</bdi></h1>' in text
    assert '<bdi lang="en">Lost taxes</bdi>' in text, "also in English"
    assert "Groupe africain" in text
    assert '<p class="fact"><bdi lang="en">Statement 1.</bdi>' in text
    assert "«\u202fDigital Dividends\u202f»" in text
    assert "consulté le 1er décembre 2017" in text
    assert 'raison 1, <bdi lang="en">third sentence</bdi>' in text
    home = read(client, "home", campaign, "fr")
    assert "Égypte" in home
    assert '<ul lang="fr">' in home
    assert "مصر" in read(client, "home", campaign, "ar")
    arabic = read(client, "point", campaign, "ar")
    assert '<span lang="ar" dir="rtl">' in arabic
    assert "اطُّلع عليه في ١ كانون الأول/ديسمبر ٢٠١٧" in arabic
    assert '<h1><bdi lang="en">Lost taxes</bdi></h1>' in read(client, "point", campaign, "es")


def test_the_bibliography_lists_what_facts_and_events_rest_on(
    campaign: Campaign, point: TalkingPoint, document: Source, bank: Source, client: Client
) -> None:
    described = Source.objects.create(
        campaign=campaign, key="src-eu", kind="inline", form="described", authors=["European Union"], title="proposal"
    )
    Source.objects.create(campaign=campaign, key="src-unused", kind="inline", title="Cited by nothing")
    make_fact(point, 1, described, locator={"point": 1})
    make_fact(point, 2, bank)

    text = read(client, "bibliography", campaign)
    entries = [plain(entry) for entry in re.findall(r'<li id="source-[^"]+">(.*?)</li>', text)]
    assert entries == [
        "European Union, proposal, n.d., cited in Deborah James, Twelve Reasons, 12 May 2017. Reason 1",
        "James, Deborah, Twelve Reasons, 12 May 2017.",
        "World Bank, “Digital Dividends”, 2016, https://bank.example/wdr (accessed on 1 December 2017). "
        "Archived copy: https://archive.example/wdr. Reason 1",
    ]
    assert 'href="https://bank.example/wdr" rel="noreferrer"' in text


def make_term(campaign: Campaign, key: str, term: str, **values: Any) -> GlossaryTerm:
    return GlossaryTerm.objects.create(
        campaign=campaign, key=key, term=term, **{"kind": "concept", "definition": "Explained.", **values}
    )


def test_the_glossary_is_by_letter_in_any_script(campaign: Campaign, point: TalkingPoint, client: Client) -> None:
    make_term(campaign, "tisa", "TiSA", kind="negotiation", extra={"points": [1, 99], "in_document": True})
    make_term(campaign, "etat", "État")
    make_term(campaign, "ecommerce", "e-commerce")
    make_term(campaign, "50bn", "50 billion devices")
    make_term(campaign, "arab", "تجارة إلكترونية", definition="تعريف")
    make_term(campaign, "evil", '<script>alert("x")</script>', kind='"><b>', definition="</dd><img src=x>")

    text = read(client, "glossary", campaign)

    assert re.findall(r'<a href="#letter-[^"]+">(.)</a>', text) == ["#", "E", "T", "ت"]
    assert re.findall(r'<div id="term-([^"]+)"', text) == ["50bn", "evil", "ecommerce", "etat", "tisa", "arab"]
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in text
    assert '<a href="#term-arab"><bdi lang="und-Arab">تجارة إلكترونية</bdi></a>' in text
    assert "negotiation" in text
    assert f'Reason <a class="point-number" href="{url("point", campaign)}">1</a>' in text
    assert ">99<" not in text, "there is no reason 99"
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)


def make_event(campaign: Campaign, key: str, when: str, **extra: Any) -> CalendarEntry:
    return CalendarEntry.objects.create(campaign=campaign, key=key, date=when, title=f"Event {key}", extra=extra)


def test_the_timeline_is_as_exact_as_dates_are_known(
    campaign: Campaign, point: TalkingPoint, document: Source, bank: Source, client: Client
) -> None:
    make_event(campaign, "day", "2016-10-01", precision="day", basis="document", points=[1, 99])
    make_event(campaign, "month", "2016-10-18", precision="month")
    make_event(campaign, "year", "2016", precision="year", sources=["src-bank", "src-gone"])
    make_event(campaign, "span", "2017-12-10", end_date="2017-12-13", precision="day", after_document=True)
    make_event(campaign, "bare", "2017-05-11")
    make_event(campaign, "later", "2018")
    make_event(campaign, "none", "")
    make_event(campaign, "odd", "spring")

    text = read(client, "timeline", campaign)
    rows = dict(re.findall(r'<li id="event-(\w+)"(.*?)</li>', text))
    when = {key: plain(re.search(r'<p class="when">(.*?)</p>', row)[1]) for key, row in rows.items()}  # type: ignore[index]
    assert when == {
        "year": "2016", "day": "1 October 2016", "month": "October 2016", "bare": "11 May 2017",
        "span": "10 to 13 December 2017", "later": "2018", "odd": "spring", "none": "Undated",
    }  # fmt: skip
    assert list(when)[-1] == "none"
    after = {key for key, row in rows.items() if "After the document was written" in row}
    assert after >= {"span", "later"}
    assert not after & {"year", "day", "month", "bare", "none"}
    assert f'{url("bibliography", campaign)}#source-src-bank"' in rows["year"]
    assert f'{url("bibliography", campaign)}#source-src-document"' in rows["day"]
    listed = read(client, "bibliography", campaign)
    assert 'id="source-src-bank"' in listed
    assert 'id="source-src-document"' in listed
    french = read(client, "timeline", campaign, "fr")
    assert "1er octobre 2016" in french
    assert "10 au 13 décembre 2017" in french
    assert "10 al 13 de diciembre de 2017" in read(client, "timeline", campaign, "es")


@pytest.fixture
def many(campaign: Campaign, point: TalkingPoint, document: Source, bank: Source) -> int:
    """300 facts with sources of their own, 300 terms and 300 events."""
    sources = Source.objects.bulk_create(
        Source(campaign=campaign, key=f"s{i}", kind="inline", title=f"Source {i}", form="described") for i in range(300)
    )
    Fact.objects.bulk_create(
        Fact(
            campaign=campaign, point=point, key=f"f{i}", position=i, source=sources[i], kind="claim",
            statement=f"Statement {i}, which is as long as they usually are in a campaign of this kind.",
            verification="caution", caution=f"Caution {i}.", locator={"point": 1, "where": "last sentence"},
        )
        for i in range(300)
    )  # fmt: skip
    GlossaryTerm.objects.bulk_create(
        GlossaryTerm(campaign=campaign, key=f"t{i}", kind="concept", term=f"{chr(65 + i % 26)} {i}", definition="D")
        for i in range(300)
    )
    CalendarEntry.objects.bulk_create(
        CalendarEntry(campaign=campaign, key=f"e{i}", date=f"{1900 + i % 130}", title="E", extra={"basis": "document"})
        for i in range(300)
    )
    return 300


def queries(client: Client, name: str, campaign: Campaign) -> int:
    with CaptureQueriesContext(connection) as caught:
        read(client, name, campaign)
    return len(caught)


def weight_of(text: str) -> int:
    """Bytes that a first visit fetches: the page, its styles and its font, compressed."""
    weight = len(gzip.compress(text.encode()))
    for path in set(re.findall(r'(?:href|src)="/static/([^"]+)"', text)):
        content = (Path(project.BASE_DIR) / "static" / path).read_bytes()
        weight += len(content if path.endswith("woff2") else gzip.compress(content))
    return weight


def test_300_rows_ask_the_database_as_often_as_one_and_stay_light(
    campaign: Campaign, many: int, client: Client
) -> None:
    counts = {}
    for name in PAGES:
        counts[name] = queries(client, name, campaign)
        assert weight_of(read(client, name, campaign)) < 60_000, name
    for model in (Fact, GlossaryTerm, CalendarEntry):
        rows = model.objects.order_by("pk")  # type: ignore[attr-defined]
        rows.exclude(pk__in=rows.values("pk")[:1]).delete()
    assert {name: queries(client, name, campaign) for name in PAGES} == counts


def test_the_shipped_campaign_weighs_little_and_every_link_arrives(client: Client) -> None:
    campaign_load(folder=Path(project.BASE_DIR) / "data" / "mc11")
    campaign = Campaign.objects.get(slug="mc11")
    addresses = [reverse("website:point", args=["mc11", number]) for number in range(1, 13)]
    addresses += [url(name, campaign) for name in PAGES if name != "point"]
    texts = {address: client.get(address).content.decode() for address in addresses}
    names = {address: set(re.findall(r' id="([^"]+)"', text)) for address, text in texts.items()}
    for address, text in texts.items():
        assert weight_of(text) < 50_000, address
        for path, name in re.findall(r'href="(/en/c/[^"#]*)?#([^"]+)"', text):
            if name in {"main", "sign"}:
                continue
            assert name in names[path or address], (address, path, name)
    assert "leave out of letters" not in "".join(texts.values()), "a remark for drafters"
