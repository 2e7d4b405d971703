"""The letter's page says when it left, to whom, and what was answered, and nothing more of the answers than a person
published."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.core.interface_languages import address_in_language
from apps.core.models import AuditEvent
from apps.governments.models import Member
from apps.letters.models import LetterVersion
from apps.outreach.models import AnswerSummary, Delivery, Reply
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.mail_outcomes import mail_event_handle
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import InboundMail, Message
from tests.factories import make_member
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version
from tests.factories.outreach import move_messages
from tests.factories.signing import make_call

pytestmark = pytest.mark.django_db
SECRET = "call me on +254 20 271 5555"
ANSWER = {"text": "The minister will raise it.\n\nKenya opposes new rules.", "language": "en"}


@pytest.fixture
def kenya(campaign: Campaign) -> Member:
    return make_member("KE", "Kenya")


@pytest.fixture
def version(campaign: Campaign, cast: Any, kenya: Member) -> LetterVersion:
    """To Kenya, Togo and Fiji; Kenya has two posts."""
    members = [kenya, make_member("TG", "Togo"), make_member("FJ", "Fiji")]
    for member in members:
        make_recipient(campaign, member, "Minister", f"minister@{member.code.lower()}.example")
    make_recipient(campaign, kenya, "Ambassador", "ambassador@ke.example", office="Mission")
    return make_version(campaign, cast, *members)


@pytest.fixture
def call(version: LetterVersion, cast: Any) -> Any:
    return make_call(version, cast, moderated=False)


def send(version: LetterVersion, cast: Any) -> None:
    """Let the letters wait in the postbox."""
    made = dispatch_prepare(version=version, actor=cast.coordinator)
    dispatch_authorise(dispatch=made, actor=cast.sender, typed_count=made.deliveries.count(), plan=made.plan)
    dispatches_advance()


def letter_messages(code: str) -> Any:
    return Message.objects.filter(delivery__member__code=code)


@pytest.fixture
def left(version: LetterVersion, call: Any, cast: Any) -> SimpleNamespace:
    """Togo's came back, Fiji's was delivered, one of Kenya's came back; nobody has answered."""
    send(version, cast)
    move_messages(Message.objects.filter(kind="letter"), "accepted")
    came_back = [letter_messages("TG").get().pk, letter_messages("KE").order_by("pk")[0].pk]
    Message.objects.filter(pk__in=came_back).update(state="bounced", bounced_at=timezone.now())
    letter_messages("FJ").update(state="delivered", delivered_at=timezone.now())
    return SimpleNamespace(page=reverse("website:letter", args=[call.campaign.slug, call.letter.number]), call=call)


@pytest.fixture
def reply(left: SimpleNamespace, kenya: Member) -> Reply:
    return answer_from(kenya)


def answer_from(member: Member, kind: str = "reply") -> Reply:
    mail = InboundMail.objects.create(
        sha256=f"{member.code}{kind}".ljust(64, "0"), raw=b"", subject=SECRET, text=SECRET, kind=kind, size=1
    )
    delivery = Delivery.objects.filter(member=member).order_by("pk")[0]
    return Reply.objects.create(
        campaign=delivery.dispatch.campaign, delivery=delivery, member=member, mail=mail, kind=kind,
        received_at=timezone.now() - timedelta(days=1),
    )  # fmt: skip


def outcome_on(client: Client, page: str) -> str:
    text = " ".join(client.get(page).content.decode().split())
    return text.split('id="outcome"')[1].split("</section>")[0] if 'id="outcome"' in text else ""


def publish(client: Client, reply: Reply, **changed: str) -> Any:
    address = reverse("outreach:summary_publish", args=[reply.campaign.slug, reply.pk])
    return client.post(address, {**ANSWER, **changed})


def test_nothing_is_said_before_a_letter_has_left(call: Any, version: Any, cast: Any, client: Client) -> None:
    send(version, cast)
    assert outcome_on(client, reverse("website:letter", args=[call.campaign.slug, call.letter.number])) == ""


def test_the_page_says_to_whom_and_what_became_of_it(left: SimpleNamespace, client: Client) -> None:
    text = outcome_on(client, left.page)
    assert "As of" in text
    assert "sent to 3 governments" in text
    assert "could not be delivered to 1 of them" in text
    assert "No government has answered yet." in text
    names = [part.split("<")[0].strip() for part in text.split("<li>")[1:]]
    assert names == ["Fiji", "Kenya", "Togo"]
    fiji, kenya, togo = text.split("<li>")[1:]
    assert ", delivered" in fiji
    assert ", accepted by its mail server" in kenya
    assert ", not delivered" in togo
    assert "minister" not in text, "no post and no address"


def test_an_answer_has_its_day_and_no_word_of_the_mail(
    left: SimpleNamespace, reply: Reply, kenya: Member, client: Client
) -> None:
    answer_from(Member.objects.get(code="FJ"), "auto_reply")
    text = outcome_on(client, left.page)
    assert "1 government has answered." in text
    assert text.count("Answered on") == 2
    assert "271" not in text
    home = " ".join(client.get(reverse("website:home", args=[left.call.campaign.slug])).content.decode().split())
    assert "sent to 3 governments" in home
    assert "1 government has answered." in home
    assert f"{left.page}#outcome" in home


def test_a_coordinator_publishes_changes_and_removes_a_summary(
    left: SimpleNamespace, reply: Reply, cast: Any, signed_in: Any, client: Client
) -> None:
    coordinator = signed_in(cast.coordinator)
    assert publish(coordinator, reply, text=" ").status_code == 400
    assert publish(coordinator, reply).status_code == 302
    text = outcome_on(client, left.page)
    assert "<p>The minister will raise it.</p>" in text
    publish(coordinator, reply, text="ستعارض كينيا القواعد الجديدة. <script>", language="ar")
    text = outcome_on(client, left.page)
    assert 'lang="ar" dir="auto"' in text
    assert "ستعارض كينيا" in text
    assert "<script>" not in text
    assert "The minister will raise it." not in text
    page = coordinator.get(reverse("outreach:reply", args=[reply.campaign.slug, reply.pk])).content.decode()
    assert "ستعارض كينيا" in page
    remove = reverse("outreach:summary_remove", args=[reply.campaign.slug, reply.pk])
    assert [coordinator.post(remove).status_code for _twice in range(2)] == [302, 302]
    assert "ستعارض" not in outcome_on(client, left.page)
    verbs = AuditEvent.objects.filter(verb__startswith="answer_summary").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == [
        "answer_summary.publish", "answer_summary.publish", "answer_summary.remove"
    ]  # fmt: skip


def test_a_summary_of_what_turns_out_to_be_no_answer_is_shown_no_more(
    left: SimpleNamespace, reply: Reply, cast: Any, signed_in: Any, client: Client
) -> None:
    coordinator = signed_in(cast.coordinator)
    publish(coordinator, reply)
    kind = reverse("outreach:mail_kind", args=[reply.campaign.slug, reply.mail_id])
    InboundMail.objects.filter(pk=reply.mail_id).update(message=reply.delivery.message)
    coordinator.post(kind, {"kind": "auto_reply"})
    assert "No government has answered yet." in outcome_on(client, left.page)
    assert publish(coordinator, reply).status_code == 409
    assert AnswerSummary.objects.get().text.startswith("The minister"), "kept, should it be an answer after all"


def test_a_kept_page_is_made_anew(
    left: SimpleNamespace, reply: Reply, cast: Any, signed_in: Any, client: Client, settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    settings.PUBLIC_PAGE_SECONDS = 600
    assert "sent to 3 governments" in outcome_on(client, left.page)
    with django_capture_on_commit_callbacks(execute=True):
        publish(signed_in(cast.coordinator), reply)
    assert "The minister will raise it." in outcome_on(client, left.page)
    at_last = letter_messages("KE").get(state="accepted")
    Message.objects.filter(pk=at_last.pk).update(state="delivered", delivered_at=timezone.now())
    Reply.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        mail_event_handle(message=at_last, kind="delivered", at=timezone.now())
    assert outcome_on(client, left.page).count(", delivered") == 2


def test_the_names_follow_the_language_of_the_page(left: SimpleNamespace, client: Client) -> None:
    Member.objects.filter(code="FJ").update(name_fr="Îles Fidji", sort_fr="iles fidji")
    assert "Îles Fidji" in outcome_on(client, address_in_language(left.page, "fr"))


def test_the_number_of_statements_does_not_grow(
    left: SimpleNamespace, reply: Reply, client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(100) as few:
        client.get(left.page)
    answer_from(Member.objects.get(code="FJ"))
    AnswerSummary.objects.bulk_create(
        AnswerSummary(reply=row, text="Yes.", language="en", published_at=timezone.now()) for row in Reply.objects.all()
    )
    with django_assert_max_num_queries(len(few)):
        client.get(left.page)
