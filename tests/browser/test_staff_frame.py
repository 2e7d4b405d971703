"""The frame of the staff pages in a real browser: signing in, the team, the overview, governments, the record."""

import re
import time
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.campaigns.services.invitations import team_invite
from apps.coalitions.models import SignOn
from apps.governments.models import Member, Position, Recipient
from apps.governments.services.recipient_corrections import correction_propose
from apps.governments.services.recipients import recipient_add
from apps.letters.models import FactUse, Letter, LetterTemplate
from apps.letters.services.approvals import letter_text_ask_review
from apps.letters.services.drafts import letter_create
from apps.outreach.models import Delivery
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import Message
from apps.postbox.services.delivery_reports import message_event_record
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.sources.services import source_fingerprint
from apps.talkingpoints.services.facts import fact_correct, fact_fingerprint
from apps.talkingpoints.services.source_corrections import source_correct
from apps.talkingpoints.services.translations import translation_save
from apps.talkingpoints.translation_status import original_hash
from tests.factories.browsers import Look
from tests.factories.campaigns import give_second_factor
from tests.factories.letters import make_version
from tests.factories.outreach import move_messages
from tests.factories.signing import make_call, make_sign_on

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def busy(demo: SimpleNamespace) -> SimpleNamespace:
    """A letter to Kenya that left: one address is dead, one answered; another text waits for review."""
    cast, campaign = demo.cast, demo.campaign
    version = make_version(campaign, cast, demo.kenya, title="Kenya and the e-commerce mandate")
    call = make_call(version, cast, moderated=False)
    for name, visibility in (("Kisumu Data Rights Forum", "public"), ("جمعية المستهلك الأطلسي", "public"),
                             ("Highland Tea Growers’ Union", "government")):  # fmt: skip
        make_sign_on(call, name, visibility=visibility)
    dispatch = dispatch_prepare(version=version, actor=cast.coordinator)
    count = dispatch.deliveries.count()
    dispatch_authorise(dispatch=dispatch, actor=cast.sender, typed_count=count, plan=dispatch.plan)
    dispatches_advance()
    for delivery in Delivery.objects.filter(dispatch=dispatch).select_related("address"):
        rows = Message.objects.filter(pk=delivery.message_id)
        move_messages(rows, "accepted")
        message_event_record(message=rows.get(), kind="accepted", provider_id=f"a{delivery.pk}", detail="250 Ok")
        if delivery.address.address.startswith("gone"):
            message_event_record(
                message=rows.get(),
                kind="bounced",
                provider_id=f"b{delivery.pk}",
                code="5.1.1",
                detail="No such mailbox.",
            )
        else:
            answer(rows.get())
    template = LetterTemplate.objects.get(campaign=campaign, key="base", language="en")
    letter = letter_create(
        campaign=campaign, actor=cast.drafter, template=template, title="To all members", to_all=True
    )
    letter_text_ask_review(text=letter.texts.get(), actor=cast.drafter)
    team_invite(
        campaign=campaign, actor=cast.coordinator, name="Afi Mensah", email="afi@coalition.example",
        roles=["drafter", "reviewer"],
    )  # fmt: skip
    return demo


def answer(message: Message) -> None:
    raw = (
        f"From: Trade policy <trade.policy@trade-ke.example>\r\nTo: {message.reply_to}\r\nSubject: Re: your letter\r\n"
        "Message-ID: <a1@trade-ke.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        "We have received the letter with interest. Kenya will follow the decision of the African Group.\r\n"
    )
    mails_receive(arrivals=[Arrival("trade.policy@trade-ke.example", message.reply_to, raw.encode())], sink=True)


def test_pages_before_anything_happened(assert_sound: Look, demo: SimpleNamespace) -> None:
    assert_sound(demo.cast.observer, "/work/mc11/", "overview-empty")
    assert_sound(demo.cast.observer, "/work/mc11/governments/?q=nowhere", "governments-none")
    assert_sound(demo.cast.observer, "/work/mc11/governments/TV/" if Member.objects.filter(code="TV").exists()
         else "/work/mc11/governments/TO/", "government-quiet")  # fmt: skip
    assert_sound(demo.cast.outsider, "/work/", "campaigns-none")


def test_pages_of_a_campaign_under_way(assert_sound: Look, busy: SimpleNamespace) -> None:
    assert_sound(busy.cast.coordinator, "/work/mc11/", "overview")
    assert_sound(busy.cast.coordinator, "/work/mc11/governments/?group=african-group&names=fr", "governments")
    assert_sound(busy.cast.sender, "/work/mc11/governments/KE/", "government")
    assert_sound(busy.cast.observer, "/work/mc11/governments/KE/", "government-observer")
    assert_sound(busy.cast.observer, "/work/mc11/record/", "record")


def test_pages_about_recipients(assert_sound: Look, busy: SimpleNamespace) -> None:
    sender, kenya, campaign = busy.cast.sender, busy.kenya, busy.campaign
    first = Recipient.objects.filter(campaign=campaign, office__member=kenya).order_by("pk").first()
    twin = recipient_add(
        campaign=campaign, member=kenya, actor=sender, kind="mission", office="Permanent Mission in Geneva",
        post="Deputy Permanent Representative", name="سفيرة كينيا", language="en",
        address=first.addresses.first().address,
    )  # fmt: skip
    typed = {"wrong": "The minister changed in October; the ministry has a new name.", "kind": "capital",
             "source": "https://gazette.example/2017/10", "post": "Cabinet Secretary for Commerce", "office": "",
             "name": "أمينة وانجيرو", "address": "cabinet@commerce-ke.example", "mail": "a@press.example"}  # fmt: skip
    proposed = correction_propose(campaign=campaign, member=kenya, typed=typed, suspect=False)
    here = "/work/mc11/recipients"
    assert_sound(sender, f"{here}/new/KE/", "recipient-new")
    assert_sound(sender, f"{here}/{first.pk}/", "recipient")
    assert_sound(sender, f"{here}/{first.pk}/merge/{twin.pk}/", "recipient-merge")
    assert_sound(sender, f"{here}/problems/", "recipient-problems")
    assert_sound(sender, f"{here}/corrections/", "corrections")
    assert_sound(sender, f"{here}/corrections/{proposed.pk}/", "correction")
    assert_sound(None, "/en/c/mc11/corrections/", "public-corrections")
    assert_sound(None, "/en/c/mc11/corrections/sent/", "public-correction-sent")


def test_pages_of_the_evidence(assert_sound: Look, busy: SimpleNamespace) -> None:
    drafter, campaign = busy.cast.drafter, busy.campaign
    cited = FactUse.objects.filter(text__letter__campaign=campaign).first().fact
    fact_correct(
        fact=cited, actor=drafter, seen=fact_fingerprint(cited), reason="The report was corrected in November.",
        statement=f"{cited.statement} Nearly.", verification="caution", caution="The second edition says otherwise.",
    )  # fmt: skip
    source = cited.source
    source_correct(
        source=source, actor=drafter, seen=source_fingerprint(source), title=f"{source.title}, second edition"
    )
    point = campaign.points.get(number=3)
    for revision, language in ((1, "fr"), (0, "ar")):
        translation_save(
            point=point, language=language, actor=drafter, revision=revision,
            original=original_hash(point, language), title="Emplois" if language == "fr" else "وظائف مهددة",
        )  # fmt: skip
    work = "/work/mc11/evidence"
    assert_sound(busy.cast.observer, f"{work}/", "evidence")
    assert_sound(busy.cast.observer, f"{work}/?q=argentnia+jobs", "evidence-found")
    assert_sound(busy.cast.observer, f"{work}/?topic=tax&verification=caution", "evidence-filtered")
    assert_sound(busy.cast.observer, f"{work}/?country=AR", "evidence-country")
    assert_sound(busy.cast.observer, f"{work}/context/", "evidence-context")
    assert_sound(busy.cast.observer, f"{work}/?q=xyzzy&kind=figure", "evidence-nothing")
    assert_sound(drafter, f"{work}/3/", "evidence-point")
    assert_sound(drafter, f"{work}/3/ar/", "evidence-translation")
    assert_sound(busy.cast.reviewer, f"{work}/3/fr/", "evidence-translation-reviewer")
    assert_sound(drafter, f"{work}/facts/{cited.key}/", "evidence-fact")
    assert_sound(drafter, f"{work}/facts/{cited.key}/correct/", "evidence-fact-correct")
    assert_sound(drafter, f"{work}/facts/{cited.key}/retire/", "evidence-fact-retire")
    assert_sound(drafter, f"{work}/facts/new/?point=3", "evidence-fact-new")
    assert_sound(drafter, f"{work}/points/new/", "evidence-point-new")
    assert_sound(drafter, f"{work}/3/edit/", "evidence-point-edit")
    assert_sound(drafter, f"{work}/sources/", "evidence-sources")
    assert_sound(drafter, f"{work}/sources/?checked=never", "evidence-sources-never")
    assert_sound(drafter, f"{work}/sources/{cited.source.key}/", "evidence-source")
    assert_sound(drafter, f"{work}/sources/{cited.source.key}/edit/", "evidence-source-edit")


def test_pages_of_the_map_and_the_directory(assert_sound: Look, busy: SimpleNamespace) -> None:
    assert_sound(busy.cast.drafter, "/work/mc11/map/", "map")
    assert_sound(busy.cast.observer, "/work/mc11/map/?by=delivery", "map-delivery")
    assert_sound(busy.cast.observer, "/work/mc11/map/?by=recipients&on=2026-01-01", "map-recipients")
    assert_sound(busy.cast.drafter, "/work/mc11/governments/?q=argentna&on=2016-12-01", "governments-close")
    assert_sound(busy.cast.drafter, "/work/mc11/governments/KE/?on=2017-03-01", "government-earlier")


def test_pages_that_record_positions(assert_sound: Look, open_page: Any, findings: Any, shoot: Any, demo: Any) -> None:
    """The forms, and the 71 of a statement: seen by keyboard and eye before they are written."""
    drafter, kenya = demo.cast.drafter, Position.objects.filter(member=demo.kenya).first()
    assert_sound(drafter, "/work/mc11/governments/KE/position/", "position-new")
    assert_sound(drafter, f"/work/mc11/positions/{kenya.pk}/withdraw/", "position-withdraw")
    page: Page = open_page(drafter)
    page.goto("/work/mc11/positions/")
    assert findings(page) == []
    page.get_by_label("Group").select_option(label="Joint Statement on Electronic Commerce")
    page.get_by_label("Governments", exact=False).first.fill("Kenja\nComoros")
    page.get_by_text("Joined a statement for negotiations").click()
    page.get_by_label("Day on which it was said").fill("2017-12-13")
    page.get_by_label("Statement (optional)").fill("Joint Statement on Electronic Commerce")
    page.get_by_role("button", name="Check the governments").click()
    expect(page.locator("h1")).to_have_text("Record it for 71 governments")
    assert findings(page) == []
    shoot(page, "positions-preview-1280")
    page.set_viewport_size({"width": 360, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []
    shoot(page, "positions-preview-360")
    page.get_by_label("Kenja").select_option(label="Leave it out")
    page.get_by_role("button", name="Record it for the ticked governments").click()
    expect(page.get_by_text("Recorded for 71 governments.")).to_be_visible()
    assert Position.objects.filter(on="2017-12-13").count() == 71


def test_pages_of_the_team(assert_sound: Look, busy: SimpleNamespace) -> None:
    membership = busy.campaign.team.get(user=busy.cast.drafter)
    last = busy.campaign.team.get(user=busy.cast.coordinator)
    assert_sound(busy.cast.coordinator, "/work/mc11/team/", "team")
    assert_sound(busy.cast.coordinator, "/work/mc11/team/invite/", "team-invite")
    assert_sound(busy.cast.coordinator, f"/work/mc11/team/{membership.pk}/", "team-member")
    assert_sound(busy.cast.coordinator, f"/work/mc11/team/{last.pk}/end/", "team-end")


def test_pages_of_ones_own_tokens(
    assert_sound: Look, open_page: Any, findings: Any, shoot: Any, demo: SimpleNamespace
) -> None:
    assert_sound(demo.cast.observer, "/work/mc11/team/tokens/", "tokens-none")
    page: Page = open_page(demo.cast.observer, width=360)
    page.goto("/work/mc11/team/")
    page.get_by_role("link", name="Your tokens").click()
    for name in ("Spreadsheet of the Geneva office", "جدول المكتب"):
        page.get_by_label("What it is for").fill(name)
        page.get_by_role("button", name="Create the token").click()
        expect(page.get_by_role("heading", name="Your new token")).to_be_visible()
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 1100})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"too wide at {width}"
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert findings(page) == []
            shoot(page, f"token-made-{width}-{scheme}")
    page.get_by_role("link", name="End it Spreadsheet of the Geneva office").click()
    assert findings(page) == []
    shoot(page, "token-end")
    page.get_by_role("button", name="End the token").click()
    expect(page.get_by_text("It no longer works.")).to_be_visible()
    shoot(page, "tokens-ended")


def test_pages_of_ones_own_account(assert_sound: Look, demo: SimpleNamespace) -> None:
    assert_sound(None, "/accounts/sign-in/", "sign-in")
    assert_sound(demo.cast.sender, "/accounts/second-factor/?next=/work/mc11/outreach/prepare/", "second-factor")
    assert_sound(demo.cast.sender, "/accounts/second-factor/set-up/", "second-factor-set-up")
    assert_sound(demo.cast.sender, "/accounts/profile/", "profile")
    assert_sound(demo.cast.sender, "/accounts/sessions/", "sessions")
    assert_sound(demo.cast.sender, "/accounts/sign-out/", "sign-out")
    give_second_factor(demo.cast.coordinator)
    assert_sound(demo.cast.coordinator, "/accounts/second-factor/", "second-factor-on")


def test_the_demos_sign_in(assert_sound: Look, demo: SimpleNamespace, settings: Any) -> None:
    settings.DEMO = True
    assert_sound(None, "/accounts/demo/", "demo")
    assert_sound(None, "/accounts/demo/start-over/", "demo-start-over")
    assert_sound(demo.cast.drafter, "/work/mc11/tour/", "demo-tour")
    assert_sound(demo.cast.drafter, "/work/mc11/", "demo-card")


def test_the_style_guide(assert_sound: Look, demo: SimpleNamespace) -> None:
    assert_sound(demo.cast.observer, "/styleguide/", "styleguide")
    assert_sound(demo.cast.observer, "/styleguide/?lang=ar-xb", "styleguide-mirrored")


def test_the_style_guide_mirrors_for_one_answer_only(open_page: Any, demo: SimpleNamespace) -> None:
    """What stands at the start of a line stands at the other end when the page runs the other way."""
    page = open_page(demo.cast.observer)

    def starts_at(address: str) -> tuple[str, float, float]:
        page.goto(address)
        bar, name = page.locator(".top .campaign-name").bounding_box(), page.locator(".page-head h1").bounding_box()
        return page.locator("html").get_attribute("dir"), bar["x"], name["x"]

    assert starts_at("/styleguide/")[0] == "ltr"
    direction, bar, heading = starts_at("/styleguide/?lang=ar-xb")
    assert direction == "rtl"
    assert bar > 640
    assert heading > 640
    assert starts_at("/styleguide/")[0] == "ltr", "the address changed nothing for later pages"
    page.goto("/styleguide/?theme=dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 23, 27)"


def test_a_person_signs_in_and_sets_up_the_second_factor(open_page: Any, findings: Any, demo: SimpleNamespace) -> None:
    """From the door by mailed code to a page that needs a second factor, through its set-up, and on."""
    page: Page = open_page(None, width=360)
    page.goto("/work/mc11/outreach/prepare/")
    page.get_by_label("Email address").fill("lena@coalition.example")
    page.get_by_role("button", name="Email me a code").click()
    mail = Message.objects.get(kind="sign_in")
    assert findings(page) == []
    page.get_by_label("Code").fill(re.search(r"^ {4}(\S+)$", mail.text_body, re.MULTILINE)[1])
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Second factor")
    page.get_by_role("link", name="Set it up").click()
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Code of the app").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.locator("h1")).to_have_text("Recovery codes")
    assert findings(page) == []
    page.get_by_role("link", name="I have saved them: continue").click()
    expect(page).to_have_url(re.compile(r"/work/mc11/outreach/prepare/$"))


def test_heads_keep_title_and_acts_on_one_line(demo: SimpleNamespace, open_page: Any) -> None:
    """At 1280 the title is at the same place on every page, and what one can do is beside it, not under it."""
    page = open_page(demo.cast.coordinator)
    page.set_viewport_size({"width": 1280, "height": 900})
    tops = set()
    for path in ("", "letters/", "evidence/", "governments/", "governments/KE/", "map/", "team/", "record/"):
        page.goto(f"/work/mc11/{path}")
        title = page.locator(".page-head h1").bounding_box()
        tops.add(round(title["y"]))
        for act in page.locator(".page-head .buttons .button").all():
            box = act.bounding_box()
            assert box["x"] > title["x"] + 300, path
            assert box["y"] < title["y"] + title["height"], path
    assert len(tops) == 1


def test_long_lists_have_pages_on_a_phone(demo: SimpleNamespace, open_page: Any) -> None:
    """164 governments were a page of 15,000 pixels."""
    version = make_version(demo.campaign, demo.cast)
    dispatch = dispatch_prepare(version=version, actor=demo.cast.coordinator)
    page = open_page(demo.cast.coordinator, width=360)
    heights = {}
    for path in (
        "", "letters/", "evidence/", "evidence/sources/", "governments/", "outreach/", f"outreach/{dispatch.pk}/",
        "sign-on/", "team/", "record/", "map/", f"letters/{version.letter.number}/v{version.number}/",
    ):  # fmt: skip
        page.goto(f"/work/mc11/{path}")
        heights[path] = page.evaluate("document.documentElement.scrollHeight")
    assert {path: height for path, height in heights.items() if height > 10_000} == {}


def test_long_words_do_not_widen_a_page(demo: SimpleNamespace, open_page: Any) -> None:
    """Names of one word, longer than a phone is wide."""
    word = "Donaudampfschifffahrtsgesellschaft" * 4
    User.objects.filter(pk=demo.cast.reviewer.pk).update(name=word[:120])
    Letter.objects.update(title=word)
    Recipient.objects.update(post=word[:120], name=word[:80], verified_on=None)
    SignOn.objects.update(org_name=word)
    page = open_page(demo.cast.coordinator, width=360)
    wide = {}
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for path in ("team/", "recipients/problems/", "letters/", "sign-on/", "outreach/", "governments/KE/"):
            answer = page.goto(f"/work/mc11/{path}")
            assert answer, path
            assert answer.ok, path
            if (shown := page.evaluate("document.documentElement.scrollWidth")) > width:
                wide[width, path] = shown
    assert wide == {}
