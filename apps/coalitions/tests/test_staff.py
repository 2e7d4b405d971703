"""Staff pages: opening, closing and hiding say what happens; the queue decides; roles and campaigns are kept apart."""

import re
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from apps.coalitions import email_domains
from apps.coalitions.forms.calls import CallForm
from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.pages.moderation_checks import sign_on_checks
from apps.coalitions.selectors.signatory_counts import signatory_counts
from apps.coalitions.services.closing_times import sign_on_call_close
from apps.coalitions.services.exceptions import NewerVersion, RunningCall
from apps.coalitions.services.moderation import AlreadyDecided, sign_on_verify
from apps.coalitions.services.signer_changes import sign_on_correct
from apps.coalitions.services.team_mails import call_closed_tell
from apps.core.errors import DomainError
from apps.core.models import AuditEvent
from apps.postbox.models import Message
from tests.factories import add_team_member, html_of, make_campaign, make_user
from tests.factories.letters import make_next_version
from tests.factories.signing import link_in, mails, make_call, make_sign_ons, organisation, person, signed, submit

pytestmark = pytest.mark.django_db


def url(name: str, campaign: Any, *more: Any) -> str:
    return reverse(f"sign_on:{name}", args=[campaign.slug, *more])


def seen_on(page: Any) -> str:
    """What the page says its reader has seen."""
    [seen] = set(re.findall(r'name="seen" value="(\w+)"', page.content.decode()))
    return str(seen)


def typed(version: Any, **extra: str) -> dict[str, str]:
    day = (timezone.now() + timedelta(days=20)).date().isoformat()
    values = {"version": str(version.pk), "closes_day": day, "closes_time": "23:59", "who": "both", "moderation": "all"}
    return {**values, **extra}


def test_opening_means_the_time_of_the_campaigns_place(version: Any, cast: SimpleNamespace, signed_in: Any) -> None:
    answer = signed_in(cast.coordinator).post(url("open", version.letter.campaign), typed(version))

    assert answer.status_code == 302
    call = SignOnCall.objects.get()
    local = call.closes_at.astimezone(ZoneInfo("Europe/Zurich"))
    assert (local.hour, local.minute) == (23, 59)
    assert call.is_open()
    assert AuditEvent.objects.get(verb="sign_on_call.open").data["sha256"] == version.sha256


def test_versions_are_named_in_the_readers_language(version: Any) -> None:
    with override("fr"):
        labels = [str(label) for _value, label in CallForm(campaign=version.letter.campaign)["version"].field.choices]
    assert labels == [f"Lettre 1, version 1\u00a0: {version.letter.title}"]


def test_wrong_times_are_said_at_their_field_and_nothing_is_lost(
    version: Any, cast: SimpleNamespace, signed_in: Any
) -> None:
    client, page = signed_in(cast.coordinator), url("open", version.letter.campaign)
    past = client.post(page, typed(version, closes_day="2017-12-01"))
    assert past.status_code == 400
    assert "This time has passed" in past.content.decode()
    assert 'value="2017-12-01"' in past.content.decode()
    both = client.post(page, typed(version, closes_day="2017-12-01", who="x")).content.decode()
    assert "This time has passed" in both, "also beside other errors"
    early = client.post(page, typed(version, deliver_on=timezone.now().date().isoformat()))
    assert "before signing closes" in early.content.decode()
    for broken in (
        {"closes_day": ""},
        {"closes_day": "32"},
        {"version": "999999"},
        {"opens_time": "10:00"},
        {"who": "x"},
    ):
        assert client.post(page, {**typed(version), **broken}).status_code == 400
    assert not SignOnCall.objects.exists()


@pytest.mark.parametrize("name", ["opens_day", "closes_day", "deliver_on"])
@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-02", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_days_that_no_calendar_needs_are_refused_at_their_field(
    version: Any, cast: SimpleNamespace, signed_in: Any, name: str, day: str
) -> None:
    page = signed_in(cast.coordinator).post(url("open", version.letter.campaign), typed(version, **{name: day}))
    assert page.status_code == 400
    assert list(page.context["form"].errors) == [name]


def test_a_time_that_the_clocks_skip_is_refused(version: Any, cast: SimpleNamespace, signed_in: Any) -> None:
    """Switzerland puts its clocks forward at 02:00 on the last Sunday of March."""
    march = next(
        day
        for year in range(timezone.now().year + 1, timezone.now().year + 2)
        for day in (datetime(year, 3, 31 - back) for back in range(7))
        if day.weekday() == 6
    )
    skipped = typed(version, closes_day=march.date().isoformat(), closes_time="02:30")
    answer = signed_in(cast.coordinator).post(url("open", version.letter.campaign), skipped)
    assert "clocks go forward" in answer.content.decode()


def test_one_open_call_per_letter(call: SignOnCall, cast: SimpleNamespace) -> None:
    with pytest.raises(RunningCall):
        make_call(call.version, cast)


def test_only_the_newest_text_is_opened(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on_call_close(call=call, actor=cast.coordinator)
    make_next_version(call.letter, cast)
    with pytest.raises(NewerVersion):
        make_call(call.version, cast)


def test_a_call_whose_time_is_over_does_not_stand_in_the_way(call: SignOnCall, cast: SimpleNamespace) -> None:
    over = timezone.now() - timedelta(hours=1)
    SignOnCall.objects.update(opens_at=over - timedelta(days=1), closes_at=over)
    make_call(call.version, cast)
    assert SignOnCall.objects.filter(closed_at=None).count() == 1


def test_a_call_that_would_close_before_it_opens(version: Any, cast: SimpleNamespace) -> None:
    with pytest.raises(DomainError, match="close before it opens"):
        make_call(version, cast, opens_at=timezone.now() + timedelta(days=30))


def test_a_call_that_opens_later_shows_no_form_yet(version: Any, cast: SimpleNamespace, client: Any) -> None:
    make_call(version, cast, opens_at=timezone.now() + timedelta(days=1))
    page = reverse("website:letter", args=[version.letter.campaign.slug, version.letter.number])
    assert client.get(page).status_code == 404


def test_closing_says_whom_it_concerns(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    signed(call, organisation())
    submit(call, person())
    client, page = signed_in(cast.coordinator), url("close", call.campaign, call.pk)

    text = client.get(page).content.decode()
    assert "1 confirmed signature stays" in text
    assert "1 signature that is not confirmed yet is deleted" in text
    assert "cannot undo" not in text
    call.refresh_from_db()
    assert call.closed_at is None
    assert client.post(page).status_code == 302
    assert client.post(page).status_code == 302, "twice is harmless"
    call.refresh_from_db()
    assert call.closed_at is not None
    assert AuditEvent.objects.filter(verb="sign_on_call.close").count() == 1


def test_hiding_says_how_many_and_is_undone(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    signed(call, organisation(), accepted_by=cast.coordinator)
    signed(call, person(visibility="counted"), accepted_by=cast.coordinator)
    client, page = signed_in(cast.coordinator), url("names", call.campaign, call.pk)

    assert "1 name is taken off every list" in client.get(page).content.decode()
    client.post(page, {"hide": "1"})
    call.refresh_from_db()
    assert call.names_hidden_at is not None
    assert "All names hidden" in client.get(url("index", call.campaign)).content.decode()
    client.post(page, {"show": "1"})
    client.post(page, {})
    assert "people can still sign" in client.get(page).content.decode()
    SignOnCall.objects.update(closed_at=timezone.now())
    assert "people can still sign" not in client.get(page).content.decode()
    call.refresh_from_db()
    assert call.names_hidden_at is None
    assert set(AuditEvent.objects.values_list("verb", flat=True)) >= {"names.hide", "names.show"}


def test_the_queue_accepts_verifies_and_rejects(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email_domains, "FREE_MAIL", email_domains.FREE_MAIL | {"freemail.example"})
    first = signed(call, organisation(email="o.were@freemail.example"))
    second = signed(call, person())
    client = signed_in(cast.data_officer)

    page = client.get(url("moderate", call.campaign)).content.decode()
    assert "2 signatures to check" in page
    assert "Anybody can get an address at freemail.example" in page
    for button in ("verify", "accept"):
        seen = seen_on(client.get(url("sign_on", call.campaign, first.pk)))
        client.post(url("decide", call.campaign, first.pk), {button: "1", "seen": seen})
    first.refresh_from_db()
    assert (first.authority_verified, first.moderation, first.moderated_by) == (True, "accepted", cast.data_officer)

    missing = client.post(url("decide", call.campaign, second.pk), {"reject": "1", "reason": "  "})
    assert missing.status_code == 400
    assert "Enter a reason" in missing.content.decode()
    client.post(
        url("decide", call.campaign, second.pk),
        {"reject": "1", "reason": "Nobody of that name.", "seen": seen_on(missing)},
    )
    second.refresh_from_db()
    assert second.state == SignOn.State.REJECTED
    assert "Nobody of that name." in mails()[-1].text_body
    assert signatory_counts(call.letter).total == 1
    stale = client.post(url("decide", call.campaign, second.pk), {"accept": "1"})
    assert stale.status_code == 409
    assert "Somebody else decided first" in stale.content.decode()
    assert client.get(url("decide", call.campaign, first.pk)).status_code == 405
    assert "All signatures are checked" in client.get(url("moderate", call.campaign)).content.decode()


def test_no_name_is_accepted_or_verified_that_no_moderator_saw(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any
) -> None:
    sign_on = signed(call, organisation(email="o.were@other.example"))
    client, there = signed_in(cast.data_officer), url("decide", call.campaign, sign_on.pk)
    page = client.get(url("moderate", call.campaign))
    sign_on_correct(sign_on=sign_on, changes={"org_name": "Renamed while the page was open"})
    for button in ("accept", "verify"):
        stale = client.post(there, {button: "1", "seen": seen_on(page)})
        assert stale.status_code == 409
        assert "Check the signature again" in stale.content.decode()
        assert "Renamed while the page was open" in stale.content.decode()
    assert client.post(there, {"accept": "1"}).status_code == 409
    sign_on.refresh_from_db()
    assert (sign_on.moderation, sign_on.authority_verified) == ("waiting", False)
    assert client.post(there, {"accept": "1", "seen": seen_on(stale)}).status_code == 302
    sign_on.refresh_from_db()
    assert sign_on.moderation == "accepted"


@pytest.mark.parametrize("state", ["withdrawn", "rejected", "expired", "pending", "suspect"])
def test_authority_is_verified_only_of_signatures_that_count(
    call: SignOnCall, cast: SimpleNamespace, state: str
) -> None:
    sign_on = signed(call, organisation(email="o.were@other.example"))
    SignOn.objects.filter(pk=sign_on.pk).update(state=state)
    with pytest.raises(AlreadyDecided):
        sign_on_verify(sign_on=sign_on, actor=cast.data_officer)


def test_a_suspect_form_is_let_through_by_a_person(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    sign_on = submit(call, organisation(state="suspect")).sign_on
    client = signed_in(cast.coordinator)
    assert "A hidden field was filled in" in client.get(url("moderate", call.campaign)).content.decode()

    seen = seen_on(client.get(url("moderate", call.campaign)))
    client.post(url("decide", call.campaign, sign_on.pk), {"let_through": "1", "seen": seen})

    sign_on.refresh_from_db()
    assert sign_on.state == SignOn.State.PENDING
    assert client.post(link_in(mails()[-1])).status_code == 302
    assert signatory_counts(call.letter).organisations == 1


def test_a_rejected_suspect_gets_no_mail(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    sign_on = submit(call, organisation(state="suspect")).sign_on
    client = signed_in(cast.coordinator)
    seen = seen_on(client.get(url("moderate", call.campaign)))
    client.post(url("decide", call.campaign, sign_on.pk), {"reject": "1", "reason": "A machine.", "seen": seen})
    sign_on.refresh_from_db()
    assert sign_on.state == SignOn.State.REJECTED
    assert mails() == []


def test_what_we_see_points_out_names_that_are_alike(call: SignOnCall) -> None:
    signed(call, organisation("Kisumu Data Rights Forum"))
    like = signed(call, organisation("Kisumu Data Right Forums", email="x@other.example", org_website=""))
    other = signed(call, organisation("Highland Tea Growers’ Union", email="x@tea.example"))
    seen = {check.short for check in sign_on_checks([like])[like.pk]}
    assert "Similar to Kisumu Data Rights Forum" in seen
    assert "No website" in seen
    assert not any(check.short.startswith("Like") for check in sign_on_checks([other])[other.pk])
    assert "Other domain" in {check.short for check in sign_on_checks([other])[other.pk]}


def test_each_page_has_its_right(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    sign_on = signed(call, organisation())
    may = {
        url("index", call.campaign): {"coordinator", "drafter", "reviewer", "sender", "data_officer", "observer"},
        url("open", call.campaign): {"coordinator"},
        url("close", call.campaign, call.pk): {"coordinator"},
        url("names", call.campaign, call.pk): {"coordinator"},
        url("moderate", call.campaign): {"coordinator", "data_officer"},
        url("sign_on", call.campaign, sign_on.pk): {"coordinator", "data_officer"},
    }
    for role, user in vars(cast).items():
        client = signed_in(user)
        for page, roles in may.items():
            expected = 200 if role in roles else 404 if role == "outsider" else 403
            assert client.get(page).status_code == expected, (role, page)


def test_rows_of_another_campaign_are_not_there(call: SignOnCall, signed_in: Any) -> None:
    sign_on = signed(call, organisation())
    other = make_campaign("mc12")
    stranger = make_user("Somebody Else")
    add_team_member(stranger, other, "coordinator")
    client = signed_in(stranger)
    for name, pk in (("close", call.pk), ("names", call.pk), ("sign_on", sign_on.pk), ("decide", sign_on.pk)):
        assert client.post(url(name, other, pk), {"accept": "1", "hide": "1"}).status_code in {404, 405}
        assert client.get(url(name, other, pk)).status_code in {404, 405}
    assert client.post(url("open", other), typed(call.version)).status_code == 400
    call.refresh_from_db()
    sign_on.refresh_from_db()
    assert call.closed_at is None
    assert call.names_hidden_at is None
    assert sign_on.moderation == "waiting"
    index = client.get(url("index", other) + f"?call={call.pk}").content.decode()
    assert "Kisumu" not in index


@pytest.mark.parametrize(
    "query", ["state=waiting", "state=x", "call=x", "call=99999999999999999999", "page=-1", "page=x"]
)
def test_filters_take_anything(call: SignOnCall, cast: SimpleNamespace, signed_in: Any, query: str) -> None:
    signed(call, organisation())
    assert signed_in(cast.observer).get(url("index", call.campaign) + "?" + query).status_code == 200


def test_empty_pages_say_what_to_do(campaign: Any, cast: SimpleNamespace, signed_in: Any) -> None:
    client = signed_in(cast.coordinator)
    assert "have it approved and freeze it" in client.get(url("index", campaign)).content.decode()
    assert "no version to open" in client.get(url("open", campaign)).content.decode()
    assert "All signatures are checked" in client.get(url("moderate", campaign)).content.decode()


def test_names_that_no_font_prints_are_pointed_out(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    """Before the letter leaves, while its signer can still be asked."""
    client = signed_in(cast.data_officer)
    signed(call, organisation("Kisumu Data Rights Forum"))
    assert "Not printed in full" not in client.get(url("moderate", call.campaign)).content.decode()
    alone = signed(call, organisation("𒀀𒀁", email="a@scribes.example"))
    text = client.get(url("sign_on", call.campaign, alone.pk)).content.decode()
    assert "Not printed in full" in text
    assert "prints: [name in Cuneiform script]. Ask the signer to add a name in Latin letters." in text
    both = signed(call, organisation("𒀂𒀃", org_name_english="Union of Scribes", email="b@scribes.example"))
    text = client.get(url("sign_on", call.campaign, both.pk)).content.decode()
    assert "The list that governments get prints: Union of Scribes [name in Cuneiform script]." in text


def test_every_page_says_the_same_number_to_check(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    rows = make_sign_ons(call, [f"Union {number}" for number in range(7)])
    for number, changed in (
        (4, {"moderation": "waiting"}),
        (2, {"state": "held", "moderation": "waiting"}),
        (1, {"state": "pending"}),
    ):
        SignOn.objects.filter(pk__in=[rows.pop().pk for _each in range(number)]).update(**changed)
    client = signed_in(cast.data_officer)
    queue = html_of(client.get(url("moderate", call.campaign)))
    assert "6 signatures to check" in queue
    assert "4 confirmed, 2 signed twice." in queue
    index = client.get(url("index", call.campaign))
    assert "6 signatures to check" in html_of(index)
    assert [(numbers["counted"], to_check) for _call, numbers, to_check in index.context["calls"]] == [(4, 6)]
    shown = {str(label): number for _state, number, label in index.context["shown"].states if number}
    assert shown == {"Confirmed, to check": 4, "Signed twice, to check": 2, "Not confirmed yet": 1}
    assert index.context["shown"].all == 7
    for state, number, _label in index.context["shown"].states:
        listed = client.get(url("index", call.campaign), {"state": state}).context["page"].paginator.count
        assert listed == number, state


def test_the_mail_about_the_end_of_signing_counts_what_waits_too(call: SignOnCall) -> None:
    rows = make_sign_ons(call, [f"Union {number}" for number in range(3)])
    SignOn.objects.filter(pk__in=[row.pk for row in rows[:2]]).update(moderation="waiting")
    call_closed_tell(call=call)
    text = Message.objects.filter(kind="notice")[0].text_body
    assert "3 signatures are confirmed" in text
    assert "2 of them wait" in text


def test_a_long_queue_has_pages(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    """On a phone hundreds of signatures would be a page that nobody scrolls."""
    rows = make_sign_ons(call, [f"Union {number:03}" for number in range(60)])
    SignOn.objects.filter(pk__in=[row.pk for row in rows]).update(moderation="waiting")
    client = signed_in(cast.data_officer)
    shown = [client.get(url("moderate", call.campaign), {"page": number}).content.decode() for number in (1, 2)]
    listed = [
        {row.pk for row in rows if f'href="{url("sign_on", call.campaign, row.pk)}?page={number}#chosen"' in text}
        for number, text in enumerate(shown, start=1)
    ]
    assert [len(found) for found in listed] == [50, 10]
    assert not listed[0] & listed[1]
