"""The record of processing: what is computed, what the jobs of retention did and do next, and what people state."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from apps.api.tasks import delete_expired as api_delete_expired
from apps.campaigns.models import Campaign, ProcessingDetails
from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.services import erasure
from apps.coalitions.tasks import sweep as coalitions_sweep
from apps.core.models import AuditEvent, RetentionRun
from apps.core.registries import retention_rules
from apps.core.times import written_day
from apps.dashboard.pages.processing import STATED, processing_record
from apps.exports.tasks import delete_expired as exports_delete_expired
from apps.governments.models import Member
from apps.governments.tasks import delete_expired as corrections_delete_expired
from apps.outreach.tasks import delete_expired as outreach_delete_expired
from apps.postbox.tasks import sweep as postbox_sweep
from apps.recipient_imports.tasks import imports_advance
from tests.factories import html_of, make_campaign
from tests.factories.invitations import invited
from tests.factories.letters import make_version
from tests.factories.signing import make_call, organisation, person, signed, submit

pytestmark = pytest.mark.django_db
JOBS = (
    api_delete_expired, coalitions_sweep, corrections_delete_expired, exports_delete_expired, imports_advance,
    outreach_delete_expired, postbox_sweep,
)  # fmt: skip


@pytest.fixture
def call(campaign: Campaign, cast: Any, kenya: Member) -> SignOnCall:
    return make_call(make_version(campaign, cast, kenya), cast)


def period(campaign: Campaign, name: str) -> Any:
    """The line of a rule."""
    return {line.rule: line for line in processing_record(campaign).periods}[name]


def test_each_rule_has_a_job_that_notes_when_it_ran(campaign: Campaign) -> None:
    assert period(campaign, "unconfirmed").last_run == "The job has not run yet"
    for job in JOBS:
        job()
    ran = set(RetentionRun.objects.filter(campaign_id=None, ran_at__isnull=False).values_list("rule", flat=True))
    assert ran == set(retention_rules), "a rule without a job, or a job without a line in the record"
    assert all(line.deleted == "Nothing yet" for line in processing_record(campaign).periods)


def test_it_says_what_the_jobs_deleted_and_what_is_next(campaign: Campaign, call: SignOnCall, cast: Any) -> None:
    elsewhere = make_campaign("mc12")
    for number in range(3):
        submit(call, person(email=f"p{number}@x.example"))
    first = SignOn.objects.order_by("expires_at").first()
    assert first is not None
    assert period(campaign, "unconfirmed").due == f"3, the first on {written_day(first.expires_at)}"
    for expired, total in ((2, 2), (1, 3)):
        ids = SignOn.objects.filter(state="pending").values_list("pk", flat=True)[:expired]
        SignOn.objects.filter(pk__in=list(ids)).update(expires_at=timezone.now())
        coalitions_sweep()
        today = written_day(timezone.now())
        assert period(campaign, "unconfirmed").deleted == f"{expired} on {today}, {total} in all"
    assert period(campaign, "unconfirmed").due == "Nothing waits"
    coalitions_sweep()
    assert period(campaign, "unconfirmed").deleted == f"1 on {today}, 3 in all", "a run that finds nothing is no news"
    assert period(elsewhere, "unconfirmed").deleted == "Nothing yet"
    assert period(elsewhere, "unconfirmed").last_run == period(campaign, "unconfirmed").last_run


def test_signers_and_invited_are_counted_together_and_by_run(campaign: Campaign, call: SignOnCall, cast: Any) -> None:
    for email in ("a@x.example", "b@x.example"):
        signed(call, person(email=email), accepted_by=cast.coordinator)
    invited(call, cast.coordinator)
    gone_on = call.personal_data_until + timedelta(days=1)
    assert period(campaign, "signatures").due == f"3, the first on {written_day(gone_on)}"
    assert period(campaign, "signatures").kept == f"{campaign.retention_days} days after the letter is delivered"
    long_ago = timezone.now() - timedelta(days=campaign.retention_days + 1)
    SignOnCall.objects.update(opens_at=long_ago - timedelta(days=1), closes_at=long_ago)
    coalitions_sweep()
    assert period(campaign, "signatures").deleted.startswith("3 on ")
    assert period(campaign, "signatures").due == "Nothing waits"


def test_what_was_not_deleted_is_not_noted(call: SignOnCall, campaign: Campaign, monkeypatch: Any) -> None:
    """A job that dies half-way."""
    submit(call, person())
    SignOn.objects.update(expires_at=timezone.now())

    def die(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(erasure, "_empty", die)
    with pytest.raises(RuntimeError), transaction.atomic():
        erasure._unconfirmed_wipe()
    assert not RetentionRun.objects.filter(rule="unconfirmed").exists()


def test_it_names_what_the_campaign_has_and_nobody(
    campaign: Campaign, call: SignOnCall, cast: Any, page: Any, settings: Any
) -> None:
    assert "Email signers who asked for it" not in html_of(page("processing/", "data_officer"))
    signed(call, person("Canary Kanarek", email="canary@birds.example", wants_answers=True))
    signed(call, organisation(person_name="Canary Nar"), accepted_by=cast.coordinator)
    settings.POSTBOX = {**settings.POSTBOX, "MODE": "live", "HOST": "mail.relay.example", "SECURITY": "starttls"}
    text = html_of(page("processing/", "coordinator"))
    for words in (
        campaign.data_controller, campaign.contact_address, "Your email address", "Your position",
        "“Email me what governments answer to this letter” (1)", "The service that sends email: mail.relay.example",
        "Email is sent over an encrypted connection.", "Keys in use, newest first:", "Prepare sending",
        f"{campaign.retention_days} days after the conference",
    ):  # fmt: skip
        assert words in text, words
    assert "Email me when the campaign opens another letter" not in text, "nobody ticked it"
    assert "Invite organisations to sign" not in text
    assert "anary" not in text, "the record tells of data and holds none"
    assert "secret" not in text


def test_people_state_what_only_they_can(campaign: Campaign, cast: Any, signed_in: Any, page: Any) -> None:
    client, url = signed_in(cast.data_officer), f"/work/{campaign.slug}/processing/"
    assert html_of(client.get(url)).count("Not stated") == len(STATED)
    typed = {**dict.fromkeys(STATED, ""), "data_protection_officer": "=Amina <dpo>\nRue 1", "legal_basis": "Consent"}
    form = client.get(url + "edit/").context
    assert client.post(url + "edit/", {**typed, "seen": form["seen"]}).status_code == 302
    text = html_of(client.get(url))
    assert "=Amina &lt;dpo&gt;<br>Rue 1" in text
    assert "5 answers of the team are missing" in text
    notice = html_of(client.get(f"/en/c/{campaign.slug}/privacy/"))
    assert 'Data protection officer: <span dir="auto">=Amina &lt;dpo&gt;<br>Rue 1</span>' in notice
    assert "Consent" not in notice, "only whom to ask is for the public"
    event = AuditEvent.objects.get(verb="processing_details.save")
    assert event.data == {"fields": ["data_protection_officer", "legal_basis"]}
    assert event.actor_id == str(cast.data_officer.pk)

    later = {**typed, "legal_basis": "Legitimate interest"}
    answer = client.post(url + "edit/", {**later, "seen": form["seen"]})
    assert answer.status_code == 409, "somebody else saved meanwhile"
    assert "Legitimate interest" in html_of(answer), "and what was typed is there"
    assert ProcessingDetails.objects.get().legal_basis == "Consent"

    content = client.get(url + "record.csv").content.decode("utf-8-sig")
    rows = {(what, details) for _part, what, details in csv.reader(io.StringIO(content))}
    assert ("Data protection officer", "'=Amina <dpo>\nRue 1") in rows, "no spreadsheet runs it"
    assert ("Legal basis of each purpose", "Consent") in rows
    assert ("Further measures", "Not stated") in rows
