"""A letter goes to 164 governments in three languages. What comes back is read, corrected once and answered for: a
position, a next step and a meeting stand on the governments' pages.

By clients without scripts, each as its person. Every letter leaves through the postbox over SMTP.
"""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.governments.models import Member, RecipientAddress
from apps.governments.selectors import members_on, reference_day
from apps.letters.models import LetterVersion
from apps.outreach.models import Delivery, Dispatch, Reply
from apps.outreach.pages.contacts import contacts_page
from apps.outreach.selectors.tracking import campaign_today
from apps.outreach.services.deliveries import dispatches_advance
from apps.postbox.models import InboundMail, Message
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.postbox.services.send_worker import messages_deliver
from tests.factories import html_of
from tests.factories.governments import make_recipient
from tests.factories.letters import make_mc11_version
from tests.factories.postbox import make_due
from tests.factories.smtp_server import ScriptedServer

pytestmark = pytest.mark.django_db
MAILS = Path(__file__).parents[2] / "apps" / "postbox" / "tests" / "mails"
LANGUAGES = ("en", "fr", "es")
GREYLISTING = ("CH", "NO", "JP")
UNKNOWN = "CM"
ATTACHED = b"%PDF-1.4 the minister's answer"


@pytest.fixture
def campaign(mc11_campaign: Campaign) -> Campaign:
    return mc11_campaign


@pytest.fixture
def people(cast: SimpleNamespace, signed_in: Any) -> SimpleNamespace:
    """A client of each."""
    return SimpleNamespace(**{name: signed_in(user) for name, user in vars(cast).items()})


@pytest.fixture
def server(settings: Any) -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        settings.POSTBOX = {**settings.POSTBOX, "PORT": server.port}
        yield server


def test_what_comes_back_from_164_governments(
    campaign: Campaign, cast: SimpleNamespace, people: SimpleNamespace, server: ScriptedServer
) -> None:
    members = list(members_on(reference_day(campaign)))
    assert len(members) == 164
    for member in members:
        language = member.working_language if member.working_language in LANGUAGES else "en"
        make_recipient(campaign, member, "Minister", address_in(member.code), language=language, salutation={})
    version = make_mc11_version(campaign, cast, *members)
    send(version, people, server)
    bounces_and_machines_answer(people, campaign)
    mail = a_colleague_answers(people, campaign)
    a_wrong_answer_is_corrected(people, campaign)
    the_answer_is_followed(people, campaign, cast, mail)
    a_meeting_counts(people, campaign)


def address_in(code: str) -> str:
    return f"minister@trade.{code.lower()}.example"


def at(name: str, campaign: Campaign, *more: Any) -> str:
    return reverse(name, args=[campaign.slug, *more])


def letter_to(code: str) -> Message:
    message = Delivery.objects.get(member__code=code).message
    assert message is not None
    return message


def numbers(campaign: Campaign) -> dict[str, int]:
    found = contacts_page(campaign, timezone.localdate(), show="unanswered", group="", language="en")
    return {key: number for key, _words, number in found.numbers}


def send(version: LetterVersion, people: SimpleNamespace, server: ScriptedServer) -> None:
    """One server asks to come back later for three of them, and knows one address not at all."""
    campaign = version.letter.campaign
    server.first_answers = {address_in(code): "451 4.7.1 Greylisted, come back later" for code in GREYLISTING}
    server.first_answers[address_in(UNKNOWN)] = "550 5.1.1 No such user here"
    made = people.sender.post(at("outreach:prepare", campaign), {"version": version.pk})
    assert made.status_code == 302, made.context["form"].errors
    dispatch = Dispatch.objects.get()
    assert set(dispatch.deliveries.values_list("language", flat=True)) == set(LANGUAGES)
    authorise = {"typed_count": "164", "plan": dispatch.plan}
    assert people.sender.post(at("outreach:authorise", campaign, dispatch.pk), authorise).status_code == 302
    assert Dispatch.objects.get().state == "prepared", "who prepared it does not authorise it"
    assert people.coordinator.post(at("outreach:authorise", campaign, dispatch.pk), authorise).status_code == 302
    while dispatch.deliveries.filter(message=None).exists():
        dispatches_advance()
    messages_deliver()
    states = list(Message.objects.filter(kind="letter").values_list("state", flat=True))
    assert {state: states.count(state) for state in set(states)} == {"accepted": 160, "queued": 3, "refused": 1}
    make_due()
    messages_deliver()
    assert len(server.taken) == 163
    assert max(server.acceptances.values()) == 1
    shown = html_of(people.observer.get(at("outreach:dispatch", campaign, dispatch.pk)))
    assert "163" in shown


def arrives(message: Message, raw: bytes, sender: str) -> InboundMail:
    mails_receive(arrivals=[Arrival(sender, message.reply_to, raw)], sink=True)
    return InboundMail.objects.latest("pk")


def comes_back(code: str, name: str, sender: str = "") -> InboundMail:
    """A mail of the folder, as it would come back to the letter to that government."""
    message = letter_to(code)
    raw = next(MAILS.glob(f"{name}-*.eml")).read_bytes()
    values = {b"{RCPT}": message.to_address, b"{TO}": message.reply_to, b"{MID}": message.message_id}
    for placeholder, value in values.items():
        raw = raw.replace(placeholder, value.encode())
    return arrives(message, raw, sender)


def bounces_and_machines_answer(people: SimpleNamespace, campaign: Campaign) -> None:
    for code, name in {"TD": "B1", "NE": "B2", "ML": "B6"}.items():
        assert comes_back(code, name).kind == "bounce"
        assert letter_to(code).state == "bounced"
    assert comes_back("SN", "R12-fr2", "minister@trade.sn.example").kind == "auto_reply"
    assert comes_back("PE", "B4").kind == "delay"
    assert letter_to("SN").state == letter_to("PE").state == "accepted"
    health = RecipientAddress.objects.values_list("recipient__office__member__code", "health")
    dead = {code for code, health in health if health == RecipientAddress.Health.BOUNCED}
    assert dead == {"TD", "NE", "ML", UNKNOWN}
    assert not Reply.objects.filter(kind=Reply.Kind.REPLY).exists()
    assert numbers(campaign)["answered"] == 0
    shown = html_of(people.coordinator.get(at("outreach:inbox", campaign)))
    assert "Senegal" in shown
    assert "Peru" in shown


def written(sender: str, text: str, subject: str, message: Message) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, message.reply_to, subject
    mail["Message-ID"], mail["In-Reply-To"] = f"<{abs(hash(text))}@ministry.example>", message.message_id
    mail.set_content(text)
    return mail


def a_colleague_answers(people: SimpleNamespace, campaign: Campaign) -> InboundMail:
    """From an address that nobody has written to, with a file."""
    message = letter_to("KE")
    text = "Dear all,\n\nKenya does not support new rules. Our reasons are attached.\n\nThe desk of trade in services"
    mail = written("Trade Desk <services-desk@foreign.ke.example>", text, "Re: your letter", message)
    mail.add_attachment(ATTACHED, maintype="application", subtype="pdf", filename="answer.pdf")
    answer = arrives(message, mail.as_bytes(), "services-desk@foreign.ke.example")
    assert answer.kind == "reply"
    shown = html_of(people.coordinator.get(at("outreach:mail", campaign, answer.pk)))
    assert "Kenya does not support new rules." in shown
    assert "answer.pdf" in shown
    file = at("outreach:mail_file", campaign, answer.pk, 1)
    opened = people.coordinator.get(file)
    assert opened.content == ATTACHED
    assert opened["Content-Disposition"].startswith("attachment")
    for refused in (people.observer, people.outsider):
        assert refused.get(file).status_code in {403, 404}
    assert numbers(campaign)["answered"] == 1
    return answer


def a_wrong_answer_is_corrected(people: SimpleNamespace, campaign: Campaign) -> None:
    """What reads like a person's words was a receipt of the registry."""
    message = letter_to("TG")
    text = (
        "Bonjour,\n\nNous avons bien pris note de votre lettre et la transmettons au ministre.\n\nLe bureau du courrier"
    )
    mail = written("bureau@courrier.tg.example", text, "Votre lettre", message)
    answer = arrives(message, mail.as_bytes(), "bureau@courrier.tg.example")
    assert numbers(campaign)["answered"] == 2
    changed = people.coordinator.post(at("outreach:mail_kind", campaign, answer.pk), {"kind": "acknowledgement"})
    assert changed.status_code == 302
    assert numbers(campaign)["answered"] == 1
    assert Message.objects.get(pk=message.pk).replied_at is None


def the_answer_is_followed(
    people: SimpleNamespace, campaign: Campaign, cast: SimpleNamespace, mail: InboundMail
) -> None:
    """Somebody takes it, records what it says, and notes what to do next, today."""
    taken = {"assignee": cast.coordinator.pk, "label": "answer", "closed": "on"}
    assert people.coordinator.post(at("outreach:mail_sort", campaign, mail.pk), taken).status_code == 302
    reply = Reply.objects.get(mail=mail)
    today = campaign_today(campaign)
    said = {"stance": "opposes", "on": today.isoformat(), "confidence": "high", "statement": "Refuses new rules."}
    record = at("dashboard:government_position", campaign, "KE")
    week_ago = (today - timedelta(days=7)).isoformat()
    assert people.coordinator.post(record, {**said, "stance": "undecided", "on": week_ago}).status_code == 302
    assert people.coordinator.post(f"{record}?reply={reply.pk}", said).status_code == 302
    step = {"what": "Thank the desk", "due_on": today.isoformat(), "assignee": cast.coordinator.pk}
    assert people.coordinator.post(at("outreach:follow_up_new", campaign, "KE"), step).status_code == 302
    assert "1 next step is due" in html_of(people.coordinator.get(at("dashboard:overview", campaign)))
    page = html_of(people.observer.get(at("dashboard:government", campaign, "KE")))
    for words in ("Opposes new rules", "Thank the desk", "Refuses new rules."):
        assert words in page
    assert numbers(campaign)["changed"] == 1


def a_meeting_counts(people: SimpleNamespace, campaign: Campaign) -> None:
    """The letter to Chad came back; a meeting reaches it all the same."""
    before = numbers(campaign)
    met = campaign_today(campaign) - timedelta(days=1)
    contact = {"channel": "meeting", "on": met.isoformat(), "summary": "They will study the letter.", "answered": ""}
    assert people.coordinator.post(at("outreach:touch_new", campaign, "TD"), contact).status_code == 302
    after = numbers(campaign)
    assert after["touched"] == before["touched"] + 1
    page = html_of(people.observer.get(at("dashboard:government", campaign, "TD")))
    assert "They will study the letter." in page
    assert Member.objects.get(code="TD").name in page
