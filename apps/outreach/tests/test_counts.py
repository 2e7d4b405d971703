"""Numbers and fingerprints of a mailing: the same on every page, and out of the way."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.coalitions.models import SignOn
from apps.dashboard.pages.government_directory import government_lines
from apps.governments.selectors import reference_day
from apps.outreach.models import Dispatch
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import Message
from tests.factories.outreach import move_messages
from tests.factories.signing import make_sign_on

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def queued(version: Any, recipients: Any, signed: Any, authorised: Any) -> Dispatch:
    mailing: Dispatch = authorised(version)
    dispatches_advance()
    return mailing


def test_every_page_counts_arrived_and_returned_letters_alike(
    queued: Dispatch, recipients: Any, campaign: Any, cast: Any, signed_in: Any, client: Any
) -> None:
    """Both letters come back, then somebody answers one: it arrived after all."""
    letters = Message.objects.filter(kind="letter")
    move_messages(letters, "bounced")
    letters.update(accepted_at=timezone.now())
    public = reverse("website:letter", args=[campaign.slug, queued.letter.number])
    page = text_of(client.get(public))
    assert "This letter was sent to 1 government on" in page
    assert "It could not be delivered." in page
    letters.filter(delivery__recipient=recipients.mission).update(replied_at=timezone.now())
    assert "could not be delivered" not in text_of(client.get(public))

    staff = signed_in(cast.coordinator)
    row = staff.get(reverse("outreach:index", args=["mc11"])).context["dispatches"][0]
    progress = staff.get(reverse("outreach:dispatch", args=["mc11", queued.pk])).context["progress"]
    assert (row.accepted, row.bounced, row.answered) == (1, 1, 1)
    assert (progress.accepted, progress.bounced) == (1, 1)
    assert "1 of 2 letters accepted, 0 in doubt, 1 bounced" in text_of(staff.get("/work/mc11/"))
    lines = government_lines(campaign, reference_day(campaign))
    assert [(line.written, line.returned) for line in lines if line.member.code == "KE"] == [(1, 1)]


def test_the_head_counts_signatories_alike_before_and_after_authorising(
    version: Any, recipients: Any, call: Any, signed: Any, cast: Any, signed_in: Any
) -> None:
    person = make_sign_on(call, "Amina Wanjiru")
    SignOn.objects.filter(pk=person.pk).update(kind="person", person_name="Amina Wanjiru", organisation=None)
    made = dispatch_prepare(version=version, actor=cast.coordinator)
    client = signed_in(cast.sender)
    page = reverse("outreach:dispatch", args=["mc11", made.pk])
    assert "Signatories: 3 organisations and 1 person" in text_of(client.get(page))
    dispatch_authorise(dispatch=made, actor=cast.sender, typed_count=2, plan=made.plan)
    assert "Signatories: 3 organisations and 1 person" in text_of(client.get(page))


def test_fingerprints_are_out_of_the_way(queued: Dispatch, cast: Any, signed_in: Any) -> None:
    client = signed_in(cast.sender)
    delivery = queued.deliveries.select_related("edition").all()[0]
    assert queued.annex
    for page, digest in (
        (reverse("outreach:dispatch", args=["mc11", queued.pk]), queued.annex.sha256),
        (reverse("outreach:delivery", args=["mc11", queued.pk, delivery.pk]), delivery.edition.sha256),
    ):
        before, _summary, after = client.get(page).content.decode().partition("Fingerprints (SHA-256)")
        assert digest[:8] not in before
        assert digest in after.replace(" ", "")
