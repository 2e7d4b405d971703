"""Writing again to the governments that have not answered: whom that is, and who drops out until the letter leaves."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.governments.models import Member
from apps.letters.models import LetterVersion
from apps.outreach.models import Delivery, Dispatch, Reply, Touch
from apps.outreach.selectors.dispatch_criteria import Criteria
from apps.outreach.selectors.dispatch_plan import dispatch_plan, plan_again
from apps.outreach.selectors.tracking import campaign_today
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.exceptions import PlanChanged, SecondPersonNeeded
from apps.outreach.services.preparation import dispatch_prepare, dispatch_recompute
from apps.postbox.models import InboundMail, Message
from tests.factories import make_member
from tests.factories.governments import make_group, make_recipient
from tests.factories.letters import make_version
from tests.factories.outreach import move_messages

pytestmark = pytest.mark.django_db

CODES = ("KE", "TG", "TD", "PE")


@pytest.fixture
def world(campaign: Any, cast: Any, authorised: Callable[..., Dispatch]) -> SimpleNamespace:
    """The letter reached Kenya, Togo and Chad; it came back from Peru. `second` is another letter to all of them."""
    members = {code: make_member(code, code) for code in CODES}
    for code, member in members.items():
        make_recipient(campaign, member, f"Minister {code}", f"minister@{code.lower()}.example")
    sent = authorised(make_version(campaign, cast, *members.values()))
    dispatches_advance()
    letters = Message.objects.filter(kind="letter")
    back = letters.filter(delivery__member__code="PE")
    move_messages(back, "bounced")
    move_messages(letters.exclude(state="bounced"), "accepted")
    dispatches_advance()
    second = make_version(campaign, cast, *members.values())
    return SimpleNamespace(**members, campaign=campaign, sent=sent, second=second)


def answer(world: Any, member: Member, *, ago: timedelta = timedelta()) -> None:
    letter = Delivery.objects.get(dispatch=world.sent, member=member)
    mail = InboundMail.objects.create(
        kind="reply", size=0, sha256=member.code, message=letter.message, received_at=timezone.now() - ago
    )
    Reply.objects.create(
        campaign=world.campaign, delivery=letter, member=member, mail=mail, kind="reply",
        received_at=timezone.now() - ago,
    )  # fmt: skip


def reasons(world: Any, version: LetterVersion | None = None, **criteria: Any) -> dict[str, str]:
    """By code: "" for those who get it, and why the others do not."""
    plan = dispatch_plan(campaign=world.campaign, version=version or world.second, criteria=Criteria(**criteria))
    return {row.member.code: "" for row in plan.deliveries} | {row.member.code: row.reason for row in plan.exclusions}


def test_since_a_mailing_and_ever(world, cast):
    answer(world, world.KE)
    answer(world, world.TG, ago=timedelta(days=3))
    since = str(world.sent.pk)
    expected = {"KE": "answered", "TG": "", "TD": "", "PE": "not_reached"}
    assert reasons(world, unanswered=since) == expected, "Togo answered before that letter"
    assert reasons(world, unanswered="ever") == expected | {"TG": "answered"}
    Touch.objects.create(
        campaign=world.campaign, member=world.TD, channel="call", on=campaign_today(world.campaign), answered=True,
        recorded_by=cast.sender,
    )  # fmt: skip
    assert reasons(world, unanswered=since)["TD"] == "answered", "a call counts as a letter does"


def test_the_same_letter_goes_to_nobody_twice(world):
    assert reasons(world, world.sent.version, unanswered="ever") == {
        "KE": "already_sent", "TG": "already_sent", "TD": "already_sent", "PE": "not_reached",
    }  # fmt: skip


def test_from_the_list_to_a_mailing_with_exactly_those_chosen(world, cast, signed_in):
    answer(world, world.KE)
    make_group("coast", world.KE, world.TG)
    client = signed_in(cast.sender)
    listed = client.get(reverse("outreach:contacts", args=["mc11"]) + "?show=unanswered&group=coast").content.decode()
    assert "Prepare a mailing to them" in listed
    assert '<input type="hidden" name="groups" value="coast">' in listed
    assert 'value="TG" form="write-again"' in listed
    assert 'value="KE" form="write-again"' not in listed
    assert (
        "write-again" not in signed_in(cast.observer).get(reverse("outreach:contacts", args=["mc11"])).content.decode()
    )
    for number in range(60):
        make_member(f"{number:02}", f"Island {number:02}")
    everyone = client.get(reverse("outreach:contacts", args=["mc11"]) + "?show=untouched").content.decode()
    assert "Island 59" in everyone
    assert "Page 1 of" not in everyone, "what is ticked goes with one page"
    url = reverse("outreach:prepare", args=["mc11"])
    form = client.get(url + "?unanswered=ever&members=TG&members=TD").context["form"]
    chosen = {name: form[name].value() for name in ("unanswered", "members")}
    assert chosen == {"unanswered": "ever", "members": ["TG", "TD"]}
    counted = client.post(url, {"version": world.second.pk, "do": "count", **chosen}).content.decode()
    assert "This choice gives 2 letters, to 2 governments." in counted
    assert client.post(url, {"version": world.second.pk, **chosen}).status_code == 302
    made = Dispatch.objects.latest("pk")
    assert {row.member.code for row in made.deliveries.all()} == {"TG", "TD"}
    page = client.get(reverse("outreach:dispatch", args=["mc11", made.pk])).content.decode()
    assert "Those that were reached and have never answered" in page
    assert "Not on the list of governments" in page
    with pytest.raises(SecondPersonNeeded):
        dispatch_authorise(dispatch=made, actor=cast.sender, typed_count=2, plan=made.plan)


def test_the_mailing_leads_to_those_that_have_not_answered_it(world, cast, signed_in):
    client = signed_in(cast.sender)
    page = client.get(reverse("outreach:dispatch", args=["mc11", world.sent.pk])).content.decode()
    link = reverse("outreach:prepare", args=["mc11"]) + f"?unanswered={world.sent.pk}"
    assert link in page
    assert client.get(link).context["form"]["unanswered"].value() == str(world.sent.pk)
    wrong = client.post(link, {"version": world.second.pk, "unanswered": "999999"})
    assert wrong.status_code == 400
    assert not Dispatch.objects.exclude(pk=world.sent.pk).exists()


def test_who_answers_in_the_meantime_drops_out_at_each_step(world, cast):
    made = dispatch_prepare(version=world.second, actor=cast.coordinator, criteria=Criteria(unanswered="ever"))
    assert made.deliveries.count() == 3
    answer(world, world.KE)
    with pytest.raises(PlanChanged, match="Has answered"):
        dispatch_authorise(dispatch=made, actor=cast.sender, typed_count=3, plan=made.plan)
    made = dispatch_recompute(dispatch=made, actor=cast.coordinator)
    dispatch_authorise(dispatch=made, actor=cast.sender, typed_count=2, plan=plan_again(made).sha256)
    answer(world, world.TG)
    dispatches_advance()
    assert {row.member.code for row in made.deliveries.all()} == {"TD"}
    assert made.exclusions.get(member=world.TG, recipient__isnull=False).reason == "answered"
