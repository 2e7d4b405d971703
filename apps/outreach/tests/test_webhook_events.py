"""What webhooks are told of versions, letters on their way and answers."""

from email.message import EmailMessage
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.outreach.models import Dispatch, Reply
from apps.outreach.services.deliveries import dispatches_advance
from apps.postbox.models import Message
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.postbox.services.send_worker import messages_deliver
from apps.webhooks.models import Event
from apps.webhooks.services.claims import event_body
from apps.webhooks.services.endpoints import endpoint_create
from tests.factories.webhook_receiver import KINDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def listening(campaign: Any, cast: Any) -> None:
    endpoint_create(campaign=campaign, actor=cast.coordinator, name="Site", url="http://localhost:9/", events=KINDS)
    campaign.refresh_from_db()


def told() -> list[tuple[str, int, int]]:
    return list(Event.objects.order_by("id").values_list("kind", "object__key", "number"))


def test_a_letter_from_its_version_to_its_answer(listening, version, recipients, authorised, inbox):
    dispatch: Dispatch = authorised(version)
    dispatches_advance()
    messages_deliver()
    inbox.file()
    letter, mission = (dispatch.deliveries.get(recipient=one) for one in (recipients.cabinet, recipients.mission))
    mail = EmailMessage()
    mail["From"], mail["To"] = "Desk Officer <desk.officer@trade-ke.example>", letter.message.reply_to
    mail["Subject"], mail["In-Reply-To"] = "Re: Your letter", letter.message.message_id
    mail.set_content("We thank you for your letter and will oppose the mandate.")
    arrival = Arrival("desk.officer@trade-ke.example", letter.message.reply_to, mail.as_bytes())
    mails_receive(arrivals=[arrival], sink=True)

    assert told()[0] == ("letter_version.frozen", version.letter_id, 1)
    about = {one.object.key: [] for one in Event.objects.filter(object__type="delivery")}
    for one in Event.objects.filter(object__type="delivery").order_by("id"):
        about[one.object.key].append((one.kind, one.number, one.data.get("state") or one.data["kind"]))
    assert about == {
        letter.pk: [("delivery.changed", 1, "accepted"), ("reply.filed", 2, "reply")],
        mission.pk: [("delivery.changed", 1, "refused")],
    }
    [filed] = Event.objects.filter(kind="reply.filed")
    assert filed.data["reply"] == Reply.objects.get().pk
    assert (filed.data["member"], filed.data["letter"]) == ("KE", version.letter.number)
    bodies = b"".join(event_body(one) for one in Event.objects.all()).decode()
    for private in ("Desk Officer", "trade-ke", "mission-ke", "Cabinet", "thank you", "@"):
        assert private not in bodies


def statements(version: Any, authorised: Any) -> int:
    authorised(version)
    dispatches_advance()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        messages_deliver()
    assert set(Message.objects.values_list("state", flat=True)) == {"accepted", "refused"}
    return sum("INTO webhooks_" in query["sql"] for query in seen)


def test_sending_asks_nothing_of_webhooks_where_nobody_listens(version, recipients, authorised, inbox):
    assert statements(version, authorised) == 0


def test_events_of_mails_are_recorded_where_somebody_listens(listening, version, recipients, authorised, inbox):
    assert statements(version, authorised) == 2, "one for those accepted together, one for the refused one"
