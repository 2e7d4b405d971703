"""How and until when a letter is signed: settings, embargo, changed closing times, an end that nothing has to run."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.coalitions import email_domains
from apps.coalitions.models import CallChange, SignOn, SignOnCall
from apps.coalitions.models.sign_on_fields import OPTIONAL
from apps.coalitions.pages.sign_on_list import call_rows
from apps.coalitions.selectors.calls import call_fingerprint, main_letter, newest_call
from apps.coalitions.services.calls import sign_on_call_change
from apps.coalitions.services.closing_times import calls_close_due, sign_on_call_close, sign_on_call_reschedule
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.exceptions import CallChanged, CallClosed, NewerVersion, NotForThisKind
from apps.coalitions.services.signer_mails import manage_token_issue
from apps.core.errors import DomainError
from apps.core.models import AuditEvent
from apps.core.times import campaign_time
from apps.postbox.models import Message
from tests.factories import html_of
from tests.factories.concurrency import at_once
from tests.factories.letters import make_next_version, make_version
from tests.factories.signing import ORGANISATION_FORM, link_in, mails, make_call, organisation, person, signed, submit

pytestmark = pytest.mark.django_db


def in_days(days: float) -> Any:
    return (timezone.now() + timedelta(days=days)).replace(second=0, microsecond=0)


def letter_url(call: SignOnCall) -> str:
    return reverse("website:letter", args=[call.campaign.slug, call.letter.number])


def staff_url(name: str, call: SignOnCall) -> str:
    return reverse(f"sign_on:{name}", args=[call.campaign.slug, call.pk])


def reschedule(call: SignOnCall, cast: Any, closes_at: Any, **extra: Any) -> SignOnCall:
    seen = call_fingerprint(SignOnCall.objects.get(pk=call.pk))
    return sign_on_call_reschedule(
        call=call, actor=cast.coordinator, seen=seen, closes_at=closes_at, deliver_on=None, **extra
    )


def end_now(call: SignOnCall) -> None:
    over = timezone.now() - timedelta(minutes=1)
    SignOnCall.objects.filter(pk=call.pk).update(opens_at=over - timedelta(days=2), closes_at=over)


def times(at: Any, call: SignOnCall) -> dict[str, str]:
    local = at.astimezone(ZoneInfo(call.campaign.time_zone))
    return {"closes_day": local.date().isoformat(), "closes_time": local.strftime("%H:%M")}


def test_under_embargo_the_page_exists_for_the_team_only(
    version: Any, cast: SimpleNamespace, client: Client, signed_in: Any
) -> None:
    call = make_call(version, cast, embargo_until=in_days(2))
    json = reverse("files:letter_json", args=[call.campaign.slug, call.letter.number, version.number])
    assert call.is_open()
    for path in (letter_url(call), json):
        assert client.get(path).status_code == 404
    assert client.post(letter_url(call), ORGANISATION_FORM).status_code == 404
    assert signed_in(cast.outsider).get(letter_url(call)).status_code == 404

    page = signed_in(cast.observer).get(letter_url(call))
    assert "Embargo: only the team sees this page until" in html_of(page)
    assert "private" in page["Cache-Control"]
    assert newest_call(call.letter) is None
    assert newest_call(call.letter, embargoed=True) == call

    SignOnCall.objects.update(embargo_until=timezone.now())
    assert "Embargo" not in html_of(client.get(letter_url(call)))


def test_a_page_may_appear_before_signing_opens(version: Any, cast: SimpleNamespace, client: Client) -> None:
    call = make_call(version, cast, opens_at=in_days(2), embargo_until=timezone.now())
    page = html_of(client.get(letter_url(call)))
    assert "Not yet open for signature" in page
    assert 'id="sign"' not in page
    answer = client.post(letter_url(call), ORGANISATION_FORM)
    assert answer.status_code == 409
    assert not SignOn.objects.exists()


def test_what_never_opened_is_not_shown_as_closed(version: Any, cast: SimpleNamespace, client: Client) -> None:
    call = make_call(version, cast, opens_at=in_days(1), closes_at=in_days(3))
    sign_on_call_close(call=call, actor=cast.coordinator)
    SignOnCall.objects.update(
        opens_at=timezone.now() - timedelta(hours=1), closed_at=timezone.now() - timedelta(days=1)
    )
    assert client.get(letter_url(call)).status_code == 404


def test_an_embargo_past_the_closing_is_refused(version: Any, cast: SimpleNamespace) -> None:
    with pytest.raises(DomainError, match="Nobody could sign") as refused:
        make_call(version, cast, embargo_until=in_days(30))
    assert refused.value.field == "embargo_until"


@pytest.mark.parametrize(
    ("moderation", "free", "own"), [("all", "waiting", "waiting"), ("free_mail", "waiting", "accepted")]
)
def test_who_is_checked(
    version: Any, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, moderation: str, free: str, own: str
) -> None:
    monkeypatch.setattr(email_domains, "FREE_MAIL", email_domains.FREE_MAIL | {"freemail.example"})
    call = make_call(version, cast, moderation=moderation)
    assert signed(call, organisation(email="o@freemail.example")).moderation == free
    assert signed(call, organisation("Red Federal", email="red@yahoo.com.ar", country="AR")).moderation == free
    assert signed(call, organisation("Tea Growers", email="o@tea.example")).moderation == own


def test_who_waits_still_reads_so_after_the_check_was_given_up(
    version: Any, cast: SimpleNamespace, client: Client
) -> None:
    call = make_call(version, cast, moderation="all")
    waiting = signed(call, organisation())
    call.moderation = "none"
    call.save()
    held = signed(call, organisation("Tea Growers", email="o@tea.example"))
    SignOn.objects.filter(pk=held.pk).update(state="held", moderation="waiting")
    shown = [
        "checks that the organisation exists"
        in client.get(reverse("signing:manage", args=[manage_token_issue(sign_on=sign_on)])).content.decode()
        for sign_on in (waiting, held)
    ]
    assert shown == [True, False], "who is held sees what somebody accepted sees"


def test_the_form_asks_no_more_than_the_call_says(version: Any, cast: SimpleNamespace, client: Client) -> None:
    call = make_call(version, cast, unasked_fields=["org_members", "org_acronym", "wants_letters"])
    page = html_of(client.get(letter_url(call)))
    assert 'name="org_website"' in page
    assert 'name="wants_answers"' in page
    for name in ("org_members", "org_acronym", "wants_letters"):
        assert f'name="{name}"' not in page
    sent = client.post(letter_url(call), {**ORGANISATION_FORM, "org_members": "7", "wants_letters": "on"})
    assert sent.status_code == 302
    stored = SignOn.objects.get()
    assert (stored.org_members, stored.wants_letters) == (None, False)


def test_only_offered_languages_are_shown(call: SignOnCall, cast: SimpleNamespace) -> None:
    with pytest.raises(DomainError, match="no text in that language"):
        sign_on_call_change(call=call, actor=cast.coordinator, seen=call_fingerprint(call), languages=["xx"])


def test_extending_is_confirmed_logged_and_shown(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any, client: Client
) -> None:
    signed(call, organisation())
    waiting = submit(call, person())
    before, after = call.closes_at, in_days(20)
    coordinator, page = signed_in(cast.coordinator), staff_url("closing_time", call)
    seen = coordinator.get(page).context["seen"]
    asked = coordinator.post(page, {**times(after, call), "seen": seen})
    text = html_of(asked)
    assert "1 confirmed signature stays" in text
    assert "1 signature is not confirmed yet" in text
    call.refresh_from_db()
    assert call.closes_at == before, "nothing changes before the button"

    done = coordinator.post(page, {**times(after, call), "seen": seen, "confirmed": "1"})
    assert done.status_code == 302
    call.refresh_from_db()
    assert call.closes_at == after
    [change] = call.changes.all()
    assert (change.kind, change.closed_before, change.closes_after) == ("extended", before, after)
    event = AuditEvent.objects.get(verb="sign_on_call.reschedule")
    assert [datetime.fromisoformat(at) for at in event.data["closes_at"]] == [before, after]
    public = " ".join(html_of(client.get(letter_url(call))).split())
    moved = f"from {campaign_time(before, call.campaign)} to {campaign_time(after, call.campaign)}."
    assert moved in public
    assert "Extended on" in public
    assert sign_on_confirm(token=waiting.token)


def test_two_coordinators_do_not_overwrite_each_other(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    coordinator, page = signed_in(cast.coordinator), staff_url("closing_time", call)
    seen = coordinator.get(page).context["seen"]
    reschedule(call, cast, in_days(12))
    late = coordinator.post(page, {**times(in_days(30), call), "seen": seen, "confirmed": "1"})
    assert late.status_code == 409
    assert "Somebody changed or closed this after you opened the page" in html_of(late)
    assert times(in_days(30), call)["closes_day"] in late.content.decode()
    assert SignOnCall.objects.get().closes_at == in_days(12)
    closing = coordinator.post(staff_url("close", call), {"seen": seen})
    assert closing.status_code == 409
    assert SignOnCall.objects.get().closed_at is None
    settings = coordinator.post(staff_url("change", call), {"seen": seen, "who": "people", "moderation": "none"})
    assert settings.status_code == 409


def test_changing_settings_leaves_the_rest(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    coordinator, page = signed_in(cast.coordinator), staff_url("change", call)
    seen = coordinator.get(page).context["seen"]
    submit(call, organisation())
    signed(call, person())
    typed = {"seen": seen, "who": "people", "moderation": "none", "asked_fields": ["org_website"]}

    asked = " ".join(html_of(coordinator.post(page, typed)).split())

    assert "<b>People only</b> instead of: Organisations and people" in asked
    assert "1 organisation that has not confirmed yet no longer can." in asked
    assert "1 signature that waits for a moderator still waits." in asked
    assert "What signers entered in a field that is left out stays with their signatures." in asked
    assert SignOnCall.objects.get().who == "both", "nothing changes before the button"
    answer = coordinator.post(page, {**typed, "confirmed": "1"})
    assert answer.status_code == 302
    after = SignOnCall.objects.get()
    assert (after.who, after.moderation, after.closes_at) == ("people", "none", call.closes_at)
    assert "org_website" not in after.unasked_fields
    event = AuditEvent.objects.get(verb="sign_on_call.change")
    assert event.data["who"] == ["both", "people"]
    log = html_of(coordinator.get(reverse("dashboard:audit", args=[call.campaign.slug])))
    assert "people (before: organisations and people)" in log.casefold()


def test_what_is_chosen_again_is_saved_at_once(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    """Where nothing changes, there is nothing to say."""
    coordinator, page = signed_in(cast.coordinator), staff_url("change", call)
    fields = [name for name in OPTIONAL if name not in call.unasked_fields]
    typed = {"seen": coordinator.get(page).context["seen"], "who": call.who, "moderation": call.moderation}
    assert coordinator.post(page, {**typed, "asked_fields": fields}).status_code == 302
    assert not AuditEvent.objects.filter(verb="sign_on_call.change").exists()


def test_a_single_language_is_not_asked_and_stays(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    [language] = call.version.subjects
    SignOnCall.objects.update(languages=[language])
    coordinator, page = signed_in(cast.coordinator), staff_url("change", call)
    typed = {"seen": coordinator.get(page).context["seen"], "who": "people", "moderation": "none", "confirmed": "1"}
    assert coordinator.post(page, typed).status_code == 302
    assert SignOnCall.objects.get().languages == [language]
    assert "languages" not in AuditEvent.objects.get(verb="sign_on_call.change").data


def test_who_may_not_sign_any_more_cannot_confirm(call: SignOnCall, cast: SimpleNamespace, client: Client) -> None:
    waiting = submit(call, person())
    seen = call_fingerprint(SignOnCall.objects.get())
    sign_on_call_change(call=call, actor=cast.coordinator, seen=seen, who=SignOnCall.Who.ORGANISATIONS)
    link = link_in(mails()[0])
    for press in (client.get, client.post):
        refused = press(link)
        assert refused.status_code == 409
        assert "signed by organisations, not by people" in refused.content.decode()
    with pytest.raises(NotForThisKind):
        sign_on_confirm(token=waiting.token)


def test_who_signs_during_an_embargo_reads_when_the_letter_appears(version: Any, cast: Any, client: Client) -> None:
    """Those who have a link of their own; nobody else learns that there is a letter."""
    call = make_call(version, cast, embargo_until=in_days(3))
    submit(call, person())
    when = campaign_time(call.embargo_until, call.campaign)
    confirm = link_in(mails()[0])
    opened = html_of(client.get(confirm))
    client.post(confirm)
    private, again = html_of(client.get(link_in(mails()[1]))), html_of(client.get(confirm))
    for page in (opened, private, again):
        assert f"The letter’s public page appears on {when}." in page
        assert letter_url(call) not in page
    assert client.get(letter_url(call)).status_code == 404


def test_closing_early_is_shown_and_reopening_too(call: SignOnCall, cast: SimpleNamespace, client: Client) -> None:
    waiting = submit(call, person())
    announced = campaign_time(call.closes_at, call.campaign)
    sign_on_call_close(call=call, actor=cast.coordinator)
    page = " ".join(html_of(client.get(letter_url(call))).split())
    assert f"It was to close on {announced}." in page
    with pytest.raises(CallClosed):
        sign_on_confirm(token=waiting.token)

    reschedule(call, cast, in_days(5))
    page = html_of(client.get(letter_url(call)))
    assert "Reopened on" in page
    assert 'id="sign"' in page
    assert [change.kind for change in CallChange.objects.all()] == ["closed", "reopened"]
    assert AuditEvent.objects.filter(verb="sign_on_call.reopen").count() == 1
    assert sign_on_confirm(token=waiting.token), "what was not deleted yet can be confirmed after all"


def test_shortening_ends_links_too(call: SignOnCall, cast: SimpleNamespace) -> None:
    waiting = submit(call, person())
    after = in_days(1)
    reschedule(call, cast, after)
    waiting.sign_on.refresh_from_db()
    assert waiting.sign_on.expires_at == after
    assert waiting.sign_on.tokens.get().expires_at == after
    assert CallChange.objects.get().kind == "shortened"


def test_public_pages_lead_to_a_letter_that_can_be_signed(
    call: SignOnCall, campaign: Any, cast: SimpleNamespace, client: Client
) -> None:
    later = make_call(make_version(campaign, cast), cast)
    home = reverse("website:home", args=[campaign.slug])
    assert letter_url(later) in html_of(client.get(home))
    sign_on_call_close(call=later, actor=cast.coordinator)
    for embargoed in (False, True):
        assert main_letter(campaign, embargoed=embargoed) == call.letter
    assert letter_url(call) in html_of(client.get(home))
    assert [row.call for row in call_rows(campaign)] == [call, later]


def test_an_older_version_is_not_reopened(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on_call_close(call=call, actor=cast.coordinator)
    make_next_version(call.letter, cast)
    with pytest.raises(NewerVersion):
        reschedule(call, cast, in_days(5))


@pytest.mark.parametrize("days", [-1, 0])
def test_a_time_that_has_passed_is_refused(call: SignOnCall, cast: SimpleNamespace, days: int) -> None:
    with pytest.raises(DomainError, match="has passed"):
        reschedule(call, cast, in_days(days))


def test_nothing_has_to_run_for_signing_to_end(call: SignOnCall, client: Client) -> None:
    waiting = submit(call, person())
    end_now(call)
    assert client.post(letter_url(call), ORGANISATION_FORM).status_code == 409
    with pytest.raises(CallClosed):
        sign_on_confirm(token=waiting.token)
    assert SignOnCall.objects.get().closed_at is None


def test_the_sweep_notes_the_end_once_and_tells_the_coordinators(call: SignOnCall, cast: SimpleNamespace) -> None:
    signed(call, organisation())
    end_now(call)
    assert calls_close_due() == 1
    assert calls_close_due() == 0
    [mail] = Message.objects.filter(kind="notice")
    assert mail.to_address == cast.coordinator.email
    assert "1 signature is confirmed." in mail.text_body
    assert "1 of them waits for a check." in mail.text_body
    assert SignOnCall.objects.get().closed_at == SignOnCall.objects.get().closes_at
    assert AuditEvent.objects.filter(verb="sign_on_call.close").count() == 1
    assert not CallChange.objects.exists()


def test_changes_are_written_once(call: SignOnCall, cast: SimpleNamespace) -> None:
    reschedule(call, cast, in_days(20))
    with pytest.raises(IntegrityError), transaction.atomic():
        CallChange.objects.update(kind="closed")


def test_the_version_page_says_whether_it_is_signed(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    page = reverse("letters:version", args=[call.campaign.slug, call.letter.number, call.version.number])
    client = signed_in(cast.coordinator)
    open_page = html_of(client.get(page))
    opener = reverse("sign_on:open", args=[call.campaign.slug])
    assert "until" in open_page
    assert opener not in open_page
    end_now(call)
    closed_page = html_of(client.get(page))
    assert "Closed for signature" in closed_page
    assert "Open for signature" not in closed_page


@pytest.mark.django_db(transaction=True)
def test_two_extensions_at_once_are_one(call: SignOnCall, cast: SimpleNamespace) -> None:
    seen = call_fingerprint(SignOnCall.objects.get())

    def extend(days: int) -> object:
        try:
            return sign_on_call_reschedule(
                call=call, actor=cast.coordinator, seen=seen, closes_at=in_days(days), deliver_on=None
            )
        except CallChanged:
            return None

    results = at_once(lambda: extend(20), lambda: extend(30))
    assert sum(result is not None for result in results) == 1
    assert CallChange.objects.count() == 1
