"""The search of the team: what it finds, how it reads what is typed, and what it shows to whom."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Role
from apps.coalitions.models import Coalition, Organisation
from apps.coalitions.services.calls import names_hide
from apps.coalitions.services.organisation_merges import organisation_merge
from apps.core.search_query import SearchQuery
from apps.dashboard.pages.search import KINDS, search_everything, suggestions
from apps.governments.models import Member
from apps.letters.services.drafts import letter_text_save
from apps.outreach.models import Reply
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import InboundMail
from apps.postbox.services.queue import message_queue
from tests.factories import add_team_member, make_campaign, make_group, make_member, make_user
from tests.factories import documents as d
from tests.factories.campaigns import CAST, make_cast
from tests.factories.evidence import make_fact, make_point
from tests.factories.governments import make_recipient
from tests.factories.letters import limit_drafter, make_version
from tests.factories.signing import make_call, make_sign_on, make_sign_ons, organisation, person, signed, submit

SEES_CONTACTS = {"coordinator", "sender", "data_officer"}


def make_reply(delivery: Any, subject: str, text: str) -> Reply:
    mail = InboundMail.objects.create(
        sha256=f"{delivery.pk}{subject}", raw=b"Subject: x", sender="minister@trade.example", subject=subject,
        text=text, kind="reply", size=10,
    )  # fmt: skip
    return Reply.objects.create(
        campaign=delivery.dispatch.campaign, delivery=delivery, member=delivery.member, mail=mail, kind="reply",
        received_at=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def world(campaign: Campaign, cast: SimpleNamespace) -> SimpleNamespace:
    """A letter to Kenya in two versions, signatures, a mailing with an answer, evidence."""
    kenya = make_member("KE", "Kenya", code3="KEN", name_fr="Kenya", capital="Nairobi")
    make_member("CI", "Côte d'Ivoire", code3="CIV")
    make_group("african-group", kenya, label="African Group")
    recipient = make_recipient(campaign, kenya, "Principal Secretary", "wk.1963@trade.example", name="Wanjiru Kamau")
    version = make_version(campaign, cast, kenya, title="Keep data policy free")
    call = make_call(version, cast, moderated=False)
    make_sign_ons(call, ["किसान डेटा मंच", "农民数据论坛", "اتحاد المزارعين"])
    signed(call, organisation("Coopérative des maraîchères", org_name_english="Lama Gardeners’ Cooperative"))
    Coalition.objects.create(campaign=campaign, name="Peoples’ Network").organisations.set(Organisation.objects.all())
    point = make_point(campaign, 7, title="Data flows")
    make_fact(campaign, "f7", point, position=2, statement="Trade grew.")
    dispatch = dispatch_prepare(version=version, actor=cast.coordinator)
    reply = make_reply(dispatch.deliveries.get(), "Confidential words", "We refuse politely.")
    return SimpleNamespace(
        reply=reply,
        dispatch=dispatch,
        cast=cast,
        campaign=campaign,
        kenya=kenya,
        recipient=recipient,
        version=version,
        call=call,
    )


def hits_of(member: Any, campaign: Campaign, typed: str, kind: str = "") -> dict[str, list[Any]]:
    """{kind: hits} on the page of results."""
    client = Client()
    client.force_login(member)
    page = client.get(reverse("dashboard:search", args=[campaign.slug]), {"q": typed, "kind": kind})
    assert page.status_code == 200
    return {found.key: found.hits for found in page.context["found"]}


def titles(hits: dict[str, list[Any]], kind: str) -> list[str]:
    return [hit.title for hit in hits.get(kind, [])]


#: what is typed, the kind of what it finds, and its title
FOUND_BY_ALL = [
    ("kenya", "governments", "Kenya"),
    ("KE", "governments", "Kenya"),
    ("kenia", "governments", "Kenya"),
    ("Kenyya", "governments", "Kenya"),
    ("nairobi", "governments", "Kenya"),
    ("كينيا", "governments", "Kenya"),
    ("Кения", "governments", "Kenya"),
    ("肯尼亚", "governments", "Kenya"),
    ("cote d’ivoire", "governments", "Côte d'Ivoire"),
    ("\u200fKenya\u200e", "governments", "Kenya"),
    ("african", "governments", "African Group"),
    ("keep DATA", "letters", "Keep data policy free"),
    ("free keep", "letters", "Keep data policy free"),
    ("polcy", "letters", "Keep data policy free"),
    ("refuse a new mandate", "letters", "Keep data policy free"),
    ("letter 1", "letters", "Keep data policy free"),
    ("1", "letters", "Keep data policy free"),
    ("secretary principal", "recipients", "Principal Secretary"),
    ("secretary kenya", "recipients", "Principal Secretary"),
    ("كينيا", "recipients", "Principal Secretary"),
    ("maraicheres", "organisations", "Coopérative des maraîchères"),
    ("maraicheres", "signatures", "Coopérative des maraîchères"),
    ("lama cooperative", "signatures", "Coopérative des maraîchères"),
    ("किसान", "signatures", "किसान डेटा मंच"),
    ("农民", "signatures", "农民数据论坛"),
    ("مزارع", "organisations", "اتحاد المزارعين"),
    ("peoples network", "organisations", "Peoples’ Network"),
    ("7", "points", "Data flows"),
    ("point 7", "points", "Data flows"),
    ("7.2", "facts", "Trade grew."),
    ("wold report", "sources", "World Report"),
    ("kenya", "answers", "Answer, Kenya"),
    ("ivo", "team", "Ivo Hrubý"),
    ("hruby", "team", "Ivo Hrubý"),
    ("settings", "pages", "Team"),
    ("people", "pages", "Team"),
    ("govermnents", "pages", "Governments"),
]


def test_every_team_member_finds(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    missed = []
    for typed, kind, title in FOUND_BY_ALL:
        hits = hits_of(cast.observer, world.campaign, typed)
        if title not in titles(hits, kind):
            missed.append((typed, kind, title, {key: titles(hits, key) for key in hits}))
    assert missed == []


@pytest.fixture
def secrets(world: SimpleNamespace, cast: SimpleNamespace) -> dict[str, set[str]]:
    """{what is typed: who may find something by it}, each planted once."""
    call = world.call
    make_sign_on(call, "Quietus Growers", visibility="government")
    make_sign_on(call, "Countess Union", visibility="counted")
    submit(call, organisation("Unconfirmed Weavers", email="weaver@signers.example"))
    signed(call, person("Zebulon Hiddenname", email="zebulon@signers.example", visibility="counted"))
    kept, other = (signed(call, organisation(name, email=f"{name}@signers.example")) for name in ("Openly", "Formerly"))
    organisation_merge(kept=kept.organisation, other=other.organisation, actor=cast.coordinator)
    veiled = make_call(make_version(world.campaign, cast, world.kenya, title="Second"), cast, moderated=False)
    make_sign_on(veiled, "Veiled Farmers")
    names_hide(call=veiled, actor=cast.coordinator)
    invited = make_user("Guest", email="guestaddress@coalition.example")
    add_team_member(invited, world.campaign, Role.OBSERVER)
    plant_elsewhere(world.kenya)
    return {
        "wanjiru": SEES_CONTACTS,
        "wk.1963@trade.example": SEES_CONTACTS,
        "WK.1963@TRADE.example": SEES_CONTACTS,
        "wk.1963": set(),
        "confidential words": SEES_CONTACTS,
        "politely": SEES_CONTACTS,
        "minister@trade.example": SEES_CONTACTS,
        "quietus": SEES_CONTACTS,
        "countess": SEES_CONTACTS,
        "unconfirmed weavers": SEES_CONTACTS,
        "weaver@signers.example": SEES_CONTACTS,
        "zebulon": set(),
        "hiddenname": set(),
        "zebulon@signers.example": SEES_CONTACTS,
        "formerly": SEES_CONTACTS,
        "veiled": SEES_CONTACTS,
        "guestaddress": {"coordinator"},
        "elsewhere": set(),
    }


def plant_elsewhere(kenya: Member) -> None:
    """One row of each kind in another campaign, with the same word."""
    campaign = make_campaign("mc12", name="Elsewhere")
    cast = make_cast(campaign)
    make_recipient(campaign, kenya, "Elsewhere minister", "elsewhere@trade.example", office="Elsewhere office")
    version = make_version(campaign, cast, kenya, title="Elsewhere letter", body=d.doc(d.par("Elsewhere text.")))
    make_sign_on(make_call(version, cast, moderated=False), "Elsewhere union")
    Coalition.objects.create(campaign=campaign, name="Elsewhere coalition")
    make_fact(campaign, "elsewhere", make_point(campaign, 1, title="Elsewhere point"), statement="Elsewhere.")
    make_reply(dispatch_prepare(version=version, actor=cast.coordinator).deliveries.get(), "Elsewhere", "Elsewhere")
    add_team_member(make_user("Elsewhere Person"), campaign, Role.COORDINATOR)


def test_nobody_finds_what_they_may_not_see(
    world: SimpleNamespace, cast: SimpleNamespace, secrets: dict[str, set[str]]
) -> None:
    limit_drafter(world.campaign, cast.drafter, Member.objects.get(code="CI"))
    wrong = []
    for role in CAST:
        membership = TeamMember.objects.get(campaign=world.campaign, user=getattr(cast, role))
        for typed, allowed in secrets.items():
            found = search_everything(membership, SearchQuery.parse(typed))
            if bool(found) != (role in allowed):
                wrong.append((typed, role, [(each.key, [hit.title for hit in each.hits]) for each in found]))
            if role == "observer" and suggestions(membership, SearchQuery.parse(typed)):
                wrong.append((typed, role, "suggested"))
    assert wrong == []


def test_every_result_leads_to_a_page_that_its_finder_may_open(
    world: SimpleNamespace, cast: SimpleNamespace, secrets: dict[str, set[str]], signed_in: Any
) -> None:
    """One of each page for each: who sees contact data and moderates, who only sees it, who does not."""
    refused, opened = [], 0
    for role in ("data_officer", "sender", "observer"):
        client = signed_in(getattr(cast, role))
        membership = TeamMember.objects.get(campaign=world.campaign, user=getattr(cast, role))
        urls = {
            resolve(urlsplit(hit.url).path).view_name: hit.url.partition("#")[0]
            for typed in ("kenya", "letter", "weaver@signers.example", "tokens", world.version.sha256[:8])
            for found in search_everything(membership, SearchQuery.parse(typed))
            for hit in found.hits
        }
        refused += [(role, url) for url in urls.values() if client.get(url).status_code != 200]
        opened += len(urls)
    assert refused == []
    assert opened > 20


def test_an_outsider_finds_no_search(world: SimpleNamespace, cast: SimpleNamespace, client: Client) -> None:
    client.force_login(cast.outsider)
    for name in ("search", "search_suggestions"):
        assert client.get(reverse(f"dashboard:{name}", args=[world.campaign.slug]), {"q": "kenya"}).status_code == 404


HOSTILE = [
    "", " ", "%", "_", "\\",
    "'", '"', "%%%", "a\x00b", "\u202e\u200f", "a" * 5000, "😀", "' OR 1=1 --", "<b>", "\ud800",
    "x " * 400, "(((", "١٢٣", "９９９９", "-", "@", "a@b", "<a@b>", "0" * 64, "٪", "../..", "{{ x }}", "9" * 19,
]  # fmt: skip


def test_nothing_typed_is_an_error(world: SimpleNamespace, cast: SimpleNamespace, client: Client) -> None:
    client.force_login(cast.coordinator)
    for typed in HOSTILE:
        asked = urlencode({"q": typed}, errors="surrogatepass")
        for name in ("search", "search_suggestions"):
            page = client.get(f"{reverse(f'dashboard:{name}', args=[world.campaign.slug])}?{asked}")
            assert page.status_code == 200, typed
            assert "“<b>" not in page.content.decode()


def test_percent_and_underscore_only_part_words(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    """No pattern reaches the database; an address with them is compared as it is."""
    assert SearchQuery.parse("g%rd_n\\rs").words == ("g", "rd", "n", "rs")
    for typed in ("gard%xyz%ers", "%@kdrf.example", "o_were@kdrf.example"):
        assert "signatures" not in hits_of(cast.coordinator, world.campaign, typed), typed
    assert "signatures" in hits_of(cast.coordinator, world.campaign, "o.were@kdrf.example")


def test_the_numbers_of_things(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    """A fingerprint, a Message-ID, the id of a message, the number of an answer and of a mailing."""
    delivery = world.dispatch.deliveries.get()
    message = message_queue(
        kind="letter", policy="once", to_address="wk.1963@trade.example", subject="Letter", text_body="Letter"
    )
    delivery.message = message
    delivery.save()
    edition = world.version.editions.exclude(member=None)[0]
    slug, letter = world.campaign.slug, world.version.letter.number
    sent = reverse("outreach:delivery", args=[slug, world.dispatch.pk, delivery.pk])
    expected = {
        world.version.sha256[:10]: reverse("letters:version", args=[slug, letter, 1]),
        edition.sha256[:12].upper(): reverse("letters:edition", args=[slug, letter, 1, "KE", "en"]),
        f"{letter} v1": reverse("letters:version", args=[slug, letter, 1]),
        message.message_id: sent,
        message.message_id.strip("<>"): sent,
        str(message.pk): sent,
        f"#{world.reply.mail_id}": reverse("outreach:mail", args=[slug, world.reply.mail_id]),
        f"mailing {world.dispatch.pk}": reverse("outreach:dispatch", args=[slug, world.dispatch.pk]),
    }
    for typed, url in expected.items():
        found = hits_of(cast.observer, world.campaign, typed)
        assert url in [hit.url for hits in found.values() for hit in hits], typed


def test_a_frozen_text_is_found_after_its_letter_says_something_else(
    world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    text = world.version.letter.texts.get()
    body = d.doc(d.par("Zanzibar alone."))
    letter_text_save(text=text, actor=cast.drafter, revision=text.revision, subject=text.subject, body=body)
    [draft] = hits_of(cast.observer, world.campaign, "zanzibar")["letters"]
    assert draft.url == reverse("letters:workspace", args=[world.campaign.slug, world.version.letter.number])
    assert "Zanzibar alone." in draft.details
    [version] = hits_of(cast.observer, world.campaign, "new mandate")["letters"]
    assert version.url == reverse("letters:version", args=[world.campaign.slug, world.version.letter.number, 1])
    assert "refuse a new mandate" in " ".join(version.details)


def test_the_same_title_goes_before_its_beginning_and_that_before_a_word_within(
    world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    make_sign_ons(world.call, ["The Tealeaf Union", "Tealeaf Union of the Hills", "Tealeaf Union", "Steal eaf"])
    names = titles(hits_of(cast.observer, world.campaign, "tealeaf union"), "signatures")
    assert names == ["Tealeaf Union", "Tealeaf Union of the Hills", "The Tealeaf Union"]


def test_statements_do_not_grow_with_rows(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    membership = TeamMember.objects.get(campaign=world.campaign, user=cast.coordinator)

    def statements() -> dict[str, int]:
        numbers = {}
        for kind in KINDS:
            with CaptureQueriesContext(connection) as asked:
                search_everything(membership, SearchQuery.parse("kenya"), kind)
            numbers[kind] = len(asked)
        return numbers

    def plant(first: int, last: int) -> None:
        make_sign_ons(world.call, [f"Kenya union {number}" for number in range(first, last)])
        for number in range(first, last):
            make_fact(world.campaign, f"k{number}", make_point(world.campaign, number, title=f"Kenya {number}"))
            make_recipient(world.campaign, world.kenya, f"Kenya post {number}", f"k{number}@trade.example")
            add_team_member(make_user(f"Kenya {number}"), world.campaign, Role.OBSERVER)
            make_version(world.campaign, cast, world.kenya, title=f"Kenya {number}")

    plant(10, 12)
    statements()  # names of members are kept
    few = statements()
    plant(12, 16)
    assert statements() == few
    assert max(few.values()) <= 14
    assert sum(few.values()) <= 70


def test_a_point_shows_why_it_was_found(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    claim = f"{'Small firms pay for rules that others write. ' * 9}Ports lose their duties."
    make_point(world.campaign, 8, title="Fees", claim=claim, related_countries=["CI"])
    for typed, shown in {
        "ivoire": "“ivoire” in whom it concerns Small firms pay",
        "ports": "Ports lose their duties.",
        "fees": "Point 8 Small firms pay",
    }.items():
        [hit] = hits_of(cast.observer, world.campaign, typed)["points"]
        assert shown in " ".join(hit.details), typed


def test_words_are_marked_and_nothing_typed_becomes_markup(
    world: SimpleNamespace, cast: SimpleNamespace, client: Client
) -> None:
    make_sign_on(world.call, "<i>Tealeaf</i> & Co")
    client.force_login(cast.observer)
    page = client.get(reverse("dashboard:search", args=[world.campaign.slug]), {"q": "tealeaf"}).content.decode()
    assert "&lt;i&gt;<mark>Tealeaf</mark>&lt;/i&gt; &amp; Co" in page


def test_a_signature_without_moderator_is_shown_alone(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    make_sign_ons(world.call, ["Tealeaf Union", "Other Union"])
    client = Client()
    client.force_login(cast.observer)
    [hit] = hits_of(cast.observer, world.campaign, "tealeaf")["signatures"]
    page = client.get(hit.url)
    assert [row.org_name for row in page.context["page"].object_list] == ["Tealeaf Union"]


def test_other_campaigns_are_named_and_searched_by_themselves(
    world: SimpleNamespace, cast: SimpleNamespace, client: Client
) -> None:
    other = make_campaign("mc12")
    add_team_member(cast.observer, other, Role.OBSERVER)
    client.force_login(cast.observer)
    page = client.get(reverse("dashboard:search", args=[world.campaign.slug]), {"q": "kenya"})
    assert f"{reverse('dashboard:search', args=['mc12'])}?q=kenya" in page.content.decode()
