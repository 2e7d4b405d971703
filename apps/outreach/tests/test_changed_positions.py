"""A government that said something else since the freeze waits, where that decides what its letter says."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.core.errors import DomainError
from apps.core.models import AuditEvent
from apps.governments.models import Member, Position
from apps.governments.selectors import reference_day
from apps.letters.models import LetterVersion
from apps.outreach.models import Delivery, Dispatch, Exclusion
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.exceptions import NotHeldBack, PlanChanged, SecondPersonNeeded
from apps.outreach.services.preparation import dispatch_prepare, dispatch_recompute, dispatch_send_despite
from tests.factories import documents as d
from tests.factories import html_of, make_group, make_member
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def thanks(campaign: Campaign, cast: SimpleNamespace) -> LetterVersion:
    """A letter to three governments that thanks those who oppose, but not the least developed; Kenya opposes."""
    members = {code: make_member(code, name) for code, name in (("KE", "Kenya"), ("TG", "Togo"), ("FR", "France"))}
    make_group("ldc", members["TG"])
    for code, member in members.items():
        make_recipient(campaign, member, "Minister", f"minister@trade-{code.lower()}.example")
    say(campaign, "KE", "opposes", days=9)
    thank = d.audience(d.par("We thank you."), only=["stance:opposes"], without=["group:ldc"])
    return make_version(campaign, cast, body=d.doc(d.par("We write to you."), thank))


def say(campaign: Campaign, code: str, stance: str, *, days: int = 0) -> None:
    on = reference_day(campaign) - timedelta(days=days)
    Position.objects.create(campaign=campaign, member=Member.objects.get(code=code), stance=stance, on=on)


def held_back(dispatch: Dispatch) -> dict[str, str]:
    rows = dispatch.exclusions.filter(reason=Exclusion.Reason.STANCE_CHANGED)
    return dict(rows.values_list("member__code", "detail"))


def written_to(dispatch: Dispatch) -> set[str]:
    return set(dispatch.deliveries.values_list("member__code", flat=True))


def test_it_waits_only_where_the_passages_would_be_others(thanks: LetterVersion, cast: SimpleNamespace) -> None:
    campaign = thanks.letter.campaign
    assert held_back(dispatch_prepare(version=thanks, actor=cast.coordinator)) == {}
    say(campaign, "KE", "joined")
    say(campaign, "TG", "opposes")  # not thanked in either case
    say(campaign, "FR", "supports")  # as little as before
    dispatch = dispatch_prepare(version=thanks, actor=cast.coordinator)
    assert held_back(dispatch) == {"KE": "opposes>joined"}
    assert written_to(dispatch) == {"TG", "FR"}
    say(campaign, "FR", "opposes")
    assert held_back(dispatch_recompute(dispatch=dispatch, actor=cast.coordinator)) == {
        "KE": "opposes>joined", "FR": ">opposes"
    }  # fmt: skip
    Position.objects.filter(member__code="KE", stance="joined").delete()
    assert held_back(dispatch_recompute(dispatch=dispatch, actor=cast.coordinator)) == {"FR": ">opposes"}


def test_a_letter_without_such_passages_goes(campaign: Campaign, cast: SimpleNamespace) -> None:
    make_recipient(campaign, make_member("KE", "Kenya"), "Minister", "minister@trade-ke.example")
    version = make_version(campaign, cast, Member.objects.get())
    say(campaign, "KE", "joined")
    assert written_to(dispatch_prepare(version=version, actor=cast.coordinator)) == {"KE"}


def test_a_position_recorded_after_preparing_or_authorising_stops_the_letter(
    thanks: LetterVersion, cast: SimpleNamespace
) -> None:
    dispatch = dispatch_prepare(version=thanks, actor=cast.coordinator)
    say(thanks.letter.campaign, "KE", "joined")
    with pytest.raises(PlanChanged, match="Its position has changed"):
        dispatch_authorise(dispatch=dispatch, actor=cast.sender, typed_count=3, plan=dispatch.plan)
    dispatch = dispatch_recompute(dispatch=dispatch, actor=cast.coordinator)
    dispatch_authorise(dispatch=dispatch, actor=cast.sender, typed_count=2, plan=dispatch.plan)
    say(thanks.letter.campaign, "FR", "opposes")
    dispatches_advance()
    assert held_back(dispatch).keys() == {"KE", "FR"}
    assert set(Delivery.objects.exclude(message=None).values_list("member__code", flat=True)) == {"TG"}


def test_a_person_may_send_it_nevertheless_and_another_reads_why(
    thanks: LetterVersion, cast: SimpleNamespace, signed_in: Any
) -> None:
    say(thanks.letter.campaign, "KE", "joined")
    dispatch = dispatch_prepare(version=thanks, actor=cast.coordinator)
    client, page = signed_in(cast.coordinator), reverse("outreach:dispatch", args=["mc11", dispatch.pk])
    decide = reverse("outreach:despite", args=["mc11", dispatch.pk, "KE"])
    shown = html_of(client.get(page))
    assert "Its passages were chosen when it was: opposes new rules. Now: joined a statement for negotiations." in shown
    assert decide in shown
    assert reverse("dashboard:government", args=["mc11", "KE"]) in shown
    assert "freeze the next version" in html_of(client.get(decide))
    refused = client.post(decide, {"reason": " "})
    assert refused.status_code == 400
    assert client.post(decide, {"reason": "Its minister asked for it."})["Location"] == page
    assert "KE: Its minister asked for it." in html_of(client.get(page))
    dispatch.refresh_from_db()
    assert written_to(dispatch) == {"KE", "TG", "FR"}
    assert AuditEvent.objects.get(verb="dispatch.send_despite").data["reason"] == "Its minister asked for it."
    kenya = Member.objects.get(code="KE")
    with pytest.raises(NotHeldBack):
        dispatch_send_despite(dispatch=dispatch, actor=cast.coordinator, member=kenya, reason="Twice")
    with pytest.raises(DomainError):
        dispatch_send_despite(dispatch=dispatch, actor=cast.coordinator, member=kenya, reason="")
    with pytest.raises(SecondPersonNeeded):
        dispatch_authorise(dispatch=dispatch, actor=cast.coordinator, typed_count=3, plan=dispatch.plan)
    dispatch_authorise(dispatch=dispatch, actor=cast.sender, typed_count=3, plan=dispatch.plan)
    dispatches_advance()
    assert Delivery.objects.exclude(message=None).count() == 3
    assert signed_in(cast.coordinator).post(decide, {"reason": "Too late"}).status_code == 409
