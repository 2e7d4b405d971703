"""What came back to the demonstration's letter, and what the team made of it."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from functools import partial

from apps.campaign_files.schema import Entry
from apps.campaigns.roles import Role
from apps.governments.selectors import PositionContent
from apps.outreach.models import Delivery, MailTriage, Reply
from apps.outreach.services.answer_summaries import answer_summary_publish
from apps.outreach.services.follow_ups import follow_up_add
from apps.outreach.services.reply_positions import reply_position_record
from apps.outreach.services.touches import Contact, touch_record
from apps.outreach.services.triage import mail_sort
from apps.postbox.inbound.parsing import parse_mail
from apps.postbox.models import InboundMail, SinkMail
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.postbox.services.local_inbox import answer_mail, report_mail

from .story import Story

#: action, status and diagnostic code (RFC 3464)
REPORTS = {
    "delay": ("delayed", "4.4.1", "smtp; 451 4.4.1 the server does not answer; will be tried again for five days"),
    "bounce": ("failed", "5.2.2", "smtp; 552 5.2.2 mailbox full"),
}
WORDS = {
    "delay": "Your message could not be delivered yet. It will be tried again for five days.",
    "bounce": "Your message could not be delivered.",
}
AUTOMATIC = {"absence", "receipt"}


def answers_tell(*, story: Story, mails: list[Entry]) -> None:
    for entry in mails:
        at = story.moment(entry["at"])
        story.at(at, partial(_arrive, story, entry, at))


def _arrive(story: Story, entry: Entry, at: datetime) -> None:
    delivery = _delivery(story, entry)
    assert delivery.message, "the letter has left"
    sent = SinkMail.objects.get(message_id=delivery.message.message_id)
    mails_receive(arrivals=[_arrival(sent, entry)], sink=True)
    mail = InboundMail.objects.filter(message=delivery.message).order_by("-pk")[0]
    next_day = at.replace(hour=9) + timedelta(days=1)
    if entry.keys() & {"position", "next_step", "summary"}:
        story.at(next_day, partial(_work_on, story, entry, delivery, mail))
    if "meeting" in entry:
        story.at(story.moment(entry["meeting"]["at"]) + timedelta(hours=5), partial(_meet, story, entry, delivery))


def _delivery(story: Story, entry: Entry) -> Delivery:
    rows = Delivery.objects.filter(dispatch__letter=story.letters[entry["letter"]]).select_related("address", "message")
    return next(row for row in rows if row.address.address == entry["to"])


def _arrival(sent: SinkMail, entry: Entry) -> Arrival:
    """A raw mail as the recipient, or a mail server, would send it."""
    read, kind = parse_mail(bytes(sent.raw)), entry["kind"]
    if kind in REPORTS:
        content = report_mail(sent.envelope_to, sent.envelope_from, entry.get("text", WORDS[kind]), REPORTS[kind])
        return Arrival("", sent.envelope_from, content.as_bytes())
    to = parseaddr(read.header("Reply-To"))[1]
    content = _answer(sent, to, read.subject, read.header("Message-ID"), entry)
    return Arrival("" if kind in AUTOMATIC else sent.envelope_to, to, content.as_bytes())


def _answer(sent: SinkMail, to: str, subject: str, answers: str, entry: Entry) -> EmailMessage:
    return answer_mail(sent.envelope_to, to, subject, answers, entry["text"], automatic=entry["kind"] in AUTOMATIC)


def _work_on(story: Story, entry: Entry, delivery: Delivery, mail: InboundMail) -> None:
    """The day after: the position, the sentence for the public page, the next step."""
    reply, coordinator = Reply.objects.get(mail=mail), story.person(Role.COORDINATOR)
    if "position" in entry:
        content = PositionContent(**entry["position"], on=mail.received_at.date(), confidence="high")
        reply_position_record(reply=reply, content=content, actor=story.person(Role.DRAFTER))
    if "summary" in entry:
        answer_summary_publish(reply=reply, actor=coordinator, text=entry["summary"], language="en")
    if step := entry.get("next_step"):
        follow_up_add(
            campaign=story.campaign, member=delivery.member, actor=coordinator, what=step["what"],
            due_on=story.day(step["due_in"]), assignee=story.person(step["who"]), mail=mail,
        )  # fmt: skip
    mail_sort(
        campaign=story.campaign, mail=mail, member=delivery.member, actor=coordinator, assignee=coordinator,
        label=MailTriage.Label.ANSWER, closed=True,
    )  # fmt: skip


def _meet(story: Story, entry: Entry, delivery: Delivery) -> None:
    met = entry["meeting"]
    at = story.moment(met["at"])
    contact = Contact(
        channel=met["channel"], on=at.date(), at=at.time(), place_and_people=met["where"], summary=met["summary"],
        answered=True,
    )  # fmt: skip
    touch_record(campaign=story.campaign, member=delivery.member, actor=story.person(Role.COORDINATOR), contact=contact)
