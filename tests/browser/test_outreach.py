"""Sending and exporting in a real browser: the pages are usable, say what happens, and axe finds nothing."""

import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.coalitions.services.calls import sign_on_call_open
from apps.exports.models import Export
from apps.letters.models import LetterTemplate, LetterVersion
from apps.letters.services.approvals import letter_text_approve, letter_text_ask_review
from apps.letters.services.drafts import letter_create
from apps.letters.services.versions import letter_version_freeze
from apps.outreach.models import Dispatch
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import Message
from apps.postbox.services.delivery_reports import message_event_record
from apps.postbox.services.inbound import Arrival, mails_receive
from tests.factories.campaigns import give_second_factor
from tests.factories.exports import take, wanted
from tests.factories.outreach import move_messages
from tests.factories.signing import make_sign_on

DATA = Path(__file__).resolve().parents[2] / "data" / "mc11"
pytestmark = pytest.mark.django_db(transaction=True)

NAMES = [
    ("Mesa Federal de Pequeños Productores", "", "AR", "public"),
    ("গ্রামীণ কৃষক মঞ্চ", "Rural Farmers’ Platform", "BD", "public"),
    ("Rede de Cooperativas de Tecnologia do Nordeste", "", "BR", "public"),
    ("Union des pêcheurs artisanaux de Kribi", "", "CM", "public"),
    ("Arbeitsgemeinschaft bäuerlicher Saatgutvermehrungsbetriebe Süd", "", "DE", "public"),
    ("किसान डेटा मंच", "Farmers’ Data Forum", "IN", "public"),
    ("Kisumu Data Rights Forum", "", "KE", "public"),
    ("Highland Tea Growers’ Union", "", "KE", "government"),
    ("جمعية المستهلك الأطلسي", "Association du consommateur de l’Atlantique", "MA", "public"),
    ("Counted Only Traders", "", "KE", "counted"),
]


@pytest.fixture
def demo(demo_campaign: Campaign) -> SimpleNamespace:
    """The demo campaign with its cast, whose second factor is set up."""
    people = {user.email.split("@")[0]: user for user in User.objects.filter(memberships__campaign=demo_campaign)}
    for user in people.values():
        give_second_factor(user)
    return SimpleNamespace(campaign=demo_campaign, **people)


@pytest.fixture
def version(demo: SimpleNamespace) -> LetterVersion:
    """The base letter to all members, frozen."""
    template = LetterTemplate.objects.get(campaign=demo.campaign, key="base", language="en")
    letter = letter_create(
        campaign=demo.campaign, actor=demo.naledi, template=template, title="No new rules on electronic commerce",
        to_all=True,
    )  # fmt: skip
    text = letter.texts.get()
    letter_text_ask_review(text=text, actor=demo.naledi)
    text.refresh_from_db()
    letter_text_approve(text=text, actor=demo.ivo, sha256=text.sha256)
    return letter_version_freeze(letter=letter, actor=demo.ada)


@pytest.fixture
def call(version: LetterVersion, demo: SimpleNamespace) -> SignOnCall:
    call = sign_on_call_open(
        version=version, actor=demo.ada, opens_at=None, closes_at=timezone.now() + timedelta(days=9), moderation="none"
    )
    for name, english, country, visibility in NAMES:
        make_sign_on(call, name, english=english, country=country, visibility=visibility)
    return call


@pytest.fixture
def prepared(call: SignOnCall, demo: SimpleNamespace) -> Dispatch:
    return dispatch_prepare(version=call.version, actor=demo.ada)


@pytest.fixture
def sending(prepared: Dispatch, demo: SimpleNamespace) -> Dispatch:
    """Half-way: letters accepted, refused, in doubt, waiting, queued; Kenya's cabinet has answered."""
    count = prepared.deliveries.count()
    dispatch = dispatch_authorise(dispatch=prepared, actor=demo.lena, typed_count=count, plan=prepared.plan)
    dispatches_advance()
    for turn, delivery in enumerate(dispatch.deliveries.select_related("message", "recipient")):
        rows = Message.objects.filter(pk=delivery.message_id)
        gone = delivery.address.address.startswith("gone")
        if gone:
            move_messages(rows, "accepted")
            message_event_record(
                message=rows.get(), kind="bounced", provider_id=f"b{turn}", code="5.1.1",
                detail="550 5.1.1 No such mailbox",
            )  # fmt: skip
        elif turn < 12:
            move_messages(rows, "accepted")
        elif turn == 12:
            move_messages(rows, "in_doubt")
            rows.update(explanation="Handed over, the server did not answer.")
        elif turn == 13:
            move_messages(rows, "deferred")
            rows.update(
                last_reply="451 4.7.1 Greylisted, try again later", next_at=timezone.now() + timedelta(minutes=9)
            )
        if "cabinet.secretary" in delivery.address.address:
            answered(rows.get())
    return dispatch


def answered(message: Message) -> None:
    raw = (
        f"From: Trade policy <trade.policy@trade-ke.example>\r\nTo: {message.reply_to}\r\n"
        "Subject: Re: No new rules on electronic commerce\r\nMessage-ID: <a1@trade-ke.example>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        "We have received the letter of ten organisations with interest. Kenya will follow the decision of the\r\n"
        "African Group.\r\n\r\nTrade Policy Section, Nairobi\r\n\r\n> Excellency,\r\n> We write to you …\r\n"
    )
    mails_receive(arrivals=[Arrival("trade.policy@trade-ke.example", message.reply_to, raw.encode())], sink=True)


def test_pages_before_the_first_letter(assert_sound, demo):
    assert_sound(demo.lena, "/work/mc11/outreach/", "outreach-empty")
    assert_sound(demo.lena, "/work/mc11/outreach/prepare/", "outreach-prepare-empty")
    assert_sound(demo.tomas, "/work/mc11/exports/", "exports-empty")


def test_pages_of_a_prepared_dispatch(assert_sound, demo, call):
    assert_sound(demo.lena, "/work/mc11/outreach/", "outreach-ready")
    assert_sound(demo.lena, "/work/mc11/outreach/prepare/", "outreach-prepare")
    prepared = dispatch_prepare(version=call.version, actor=demo.ada)
    address = f"/work/mc11/outreach/{prepared.pk}/"
    assert_sound(demo.lena, address, "outreach-dispatch")
    assert_sound(demo.ada, address, "outreach-dispatch-preparer")
    assert_sound(demo.lena, f"{address}letters/{prepared.deliveries.first().pk}/", "outreach-letter")


def test_pages_of_a_dispatch_under_way(assert_sound, demo, sending):
    assert_sound(demo.lena, "/work/mc11/outreach/", "outreach-index")
    assert_sound(demo.lena, f"/work/mc11/outreach/{sending.pk}/", "outreach-live")
    kenya = sending.deliveries.filter(member__code="KE")
    bounced = kenya.get(message__state="bounced")
    assert_sound(demo.lena, f"/work/mc11/outreach/{sending.pk}/letters/{bounced.pk}/", "outreach-letter-bounced")
    reply = kenya.exclude(pk=bounced.pk).get().replies.get()
    assert_sound(demo.lena, f"/work/mc11/outreach/replies/{reply.pk}/", "outreach-reply")


def test_pages_of_exports(assert_sound, demo, call):
    filters = {"letter": str(call.letter.number), "version": str(call.version.pk)}
    take(demo.campaign, demo.tomas, wanted("signatories", "public", filters=filters))
    assert_sound(demo.tomas, "/work/mc11/exports/", "exports")
    assert_sound(demo.tomas, "/work/mc11/exports/new/signatories/?purpose=internal", "exports-choice")
    assert_sound(demo.tomas, f"/work/mc11/exports/{Export.objects.get().pk}/", "exports-one")


def test_two_people_press_the_buttons(open_page, demo, prepared):
    """The sender types a wrong number, then the right one; what is under way comes without reloading."""
    page = open_page(demo.lena)
    page.goto(f"/work/mc11/outreach/{prepared.pk}/")
    count = prepared.deliveries.count()
    page.get_by_label("Type the number of letters").fill(str(count + 1))
    page.get_by_role("button", name="Authorise: send").click()
    expect(page.get_by_text(f"This mailing has {count} letters.").first).to_be_visible()
    page.get_by_label("Type the number of letters").fill(str(count))
    page.get_by_role("button", name="Authorise: send").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sending letter 1, version 1")
    assert Dispatch.objects.get(pk=prepared.pk).state == "authorised"
    page.clock.install()
    page.reload()
    expect(page.locator("#letters")).to_contain_text("Being made")
    dispatches_advance()
    page.clock.run_for(11_000)
    expect(page.locator("#letters")).to_contain_text("Queued")
    expect(page.locator("#letters")).not_to_contain_text("Being made")


def test_the_file_comes_down(open_page, demo, call):
    page = open_page(demo.tomas)
    page.goto("/work/mc11/exports/")
    page.get_by_role("link", name="Signatories", exact=True).click()
    page.get_by_label("For whom").select_option("government")
    page.get_by_role("button", name="Preview the export").click()
    page.get_by_label("Why you need this list").fill("For the ministry")
    with page.expect_download() as coming:
        page.get_by_role("button", name=re.compile(r"^Export \d+ rows?$")).click()
    assert coming.value.suggested_filename.startswith("mc11-signatories-government-")
    content = Path(coming.value.path()).read_text(encoding="utf-8-sig")
    assert "Highland Tea Growers’ Union" in content
    assert "Counted Only Traders" not in content
