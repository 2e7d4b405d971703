"""Signatures collected by mail and on paper: entered, confirmed or accepted on evidence by a second person, withdrawn
and erased on request."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.coalitions.models import (
    CollectedSignOn,
    EvidenceFile,
    SignatureLogEntry,
    SignerNotice,
    SignOn,
    SignOnCall,
)
from apps.coalitions.selectors.annexes import late_signatures
from apps.coalitions.selectors.sign_ons import sign_on_fingerprint
from apps.coalitions.selectors.signatory_counts import version_counts
from apps.coalitions.selectors.signature_log_findings import log_findings
from apps.coalitions.services.annexes import annex_freeze
from apps.coalitions.services.closing_times import sign_on_call_close
from apps.coalitions.services.collected_mails import NoMailNow, collected_mail_again, collected_mails_send
from apps.coalitions.services.erasure import expired_sweep
from apps.coalitions.services.evidence_acceptance import (
    ByTheImporter,
    MailNotAnswered,
    NoEvidence,
    sign_on_accept_on_evidence,
    sign_on_leave_on_request,
)
from apps.coalitions.services.evidence_files import MAX_BYTES, NotEvidence
from apps.coalitions.services.exceptions import DuplicateOrganisation, NotForThisKind
from apps.coalitions.services.moderation import AlreadyDecided, EnteredByYou, OwnSignature, sign_on_verify
from apps.coalitions.services.sign_on_entry import AlreadyEntered, TooEarly
from apps.coalitions.services.signature_log import log_entries_number
from apps.coalitions.services.signer_mails import MAILS_PER_HOUR
from apps.coalitions.services.signer_notices import notices_send
from apps.coalitions.services.version_answers import new_version_sign
from apps.core.errors import DomainError
from apps.core.models import AuditEvent
from apps.letters.models import LetterVersion
from tests.factories import html_of
from tests.factories.concurrency import at_once
from tests.factories.letters import make_next_version
from tests.factories.signing import (
    link_in,
    mails,
    make_call,
    on_paper,
    organisation,
    paper,
    person,
    replace_version,
    signed,
    some_time_passes,
    submit,
)
from tests.factories.stored_rows import everything_readable

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a scanned sheet"
UNION = {"name": "Union des maraîchers", "country": "TG"}


def url(name: str, campaign: Any, *more: Any) -> str:
    return reverse(f"sign_on:{name}", args=[campaign.slug, *more])


def accept(collected: CollectedSignOn, cast: SimpleNamespace, **extra: Any) -> SignOn:
    return sign_on_accept_on_evidence(sign_on=collected.sign_on, actor=cast.data_officer, **extra)


def counted(call: SignOnCall) -> int:
    return version_counts(call.version).total


def unanswered(collected: CollectedSignOn) -> CollectedSignOn:
    collected_mails_send()
    CollectedSignOn.objects.update(mailed_at=timezone.now() - timedelta(days=4))
    return CollectedSignOn.objects.get(pk=collected.pk)


# ---- confirmed by mail


def test_an_address_is_asked_in_its_language_and_counts_once_confirmed(call: SignOnCall, cast: SimpleNamespace) -> None:
    on_paper(call, organisation(language="fr"), by=cast.coordinator)
    assert counted(call) == 0
    assert collected_mails_send() == 1
    assert collected_mails_send() == 0, "nobody gets two"
    [mail] = mails()
    assert cast.coordinator.name in mail.text_body
    assert "/fr/sign/" in mail.text_body
    client = Client()
    assert client.get(link_in(mail)).status_code == 200
    assert counted(call) == 0, "opening changes nothing"
    assert client.post(link_in(mail)).status_code == 302
    confirmed = SignOn.objects.get()
    assert (confirmed.state, counted(call)) == ("confirmed", 1)
    assert confirmed.collected.get().entered_by == cast.coordinator
    assert confirmed.collected.get().accepted_by is None


def test_this_was_not_us_deletes_it_before_and_after_it_was_accepted(call: SignOnCall, cast: SimpleNamespace) -> None:
    for accepted in (False, True):
        collected = unanswered(on_paper(call, organisation(), by=cast.coordinator, file_name="a.pdf", content=PDF))
        link = reverse("signing:disown", args=[link_in(mails()[-1]).rstrip("/").rpartition("/")[2]])
        if accepted:
            accept(collected, cast)
            assert "This was not us" in html_of(Client().get(link_in(mails()[-1])))
            assert counted(call) == 1
        assert Client().post(link).status_code == 200
        assert counted(call) == 0
        assert not EvidenceFile.objects.exists()
        assert [sign_on.email for sign_on in SignOn.objects.all()] == ([""] if accepted else [])


def test_an_address_gets_few_mails_whatever_is_entered(call: SignOnCall, cast: SimpleNamespace) -> None:
    for number in range(MAILS_PER_HOUR + 2):
        on_paper(call, organisation(f"Union {number}"), by=cast.coordinator)
    assert collected_mails_send() == MAILS_PER_HOUR
    assert CollectedSignOn.objects.filter(mail_due_at__gt=timezone.now()).count() == 2, "the rest waits"


def test_the_mail_is_sent_again_at_most_daily(call: SignOnCall, cast: SimpleNamespace) -> None:
    collected = on_paper(call, organisation(), by=cast.coordinator)
    collected_mails_send()
    collected.refresh_from_db()
    with pytest.raises(NoMailNow):
        collected_mail_again(collected=collected, actor=cast.coordinator)
    CollectedSignOn.objects.update(mailed_at=timezone.now() - timedelta(days=2))
    collected_mail_again(collected=collected, actor=cast.coordinator)
    assert collected_mails_send() == 1


# ---- accepted on evidence


def test_another_person_accepts_what_has_no_address(call: SignOnCall, cast: SimpleNamespace) -> None:
    collected = on_paper(call, organisation(email="", **UNION), by=cast.coordinator, content=PDF, file_name="s.pdf")
    with pytest.raises(ByTheImporter):
        sign_on_accept_on_evidence(sign_on=collected.sign_on, actor=cast.coordinator)
    done = accept(collected, cast)
    collected.refresh_from_db()
    assert (done.state, done.moderation, counted(call)) == ("confirmed", "accepted", 1)
    assert (collected.accepted_by, collected.entered_by) == (cast.data_officer, cast.coordinator)
    assert SignatureLogEntry.objects.get(act="confirm").sign_on_id == done.pk
    log_entries_number()
    assert list(log_findings(call.campaign)) == []
    assert AuditEvent.objects.filter(verb="sign_on.accept_on_evidence", actor_id=str(cast.data_officer.pk)).exists()
    with pytest.raises(AlreadyDecided):
        accept(collected, cast)


def test_the_database_refuses_an_importer_who_accepts(call: SignOnCall, cast: SimpleNamespace) -> None:
    collected = on_paper(call, person(email=""), by=cast.coordinator)
    with pytest.raises(IntegrityError, match="coalitions_accepted_by_another"), transaction.atomic():
        CollectedSignOn.objects.filter(pk=collected.pk).update(accepted_by=cast.coordinator)


def test_an_address_answers_first(call: SignOnCall, cast: SimpleNamespace) -> None:
    collected = on_paper(call, organisation(), by=cast.coordinator)
    with pytest.raises(MailNotAnswered):
        accept(collected, cast)
    done = accept(unanswered(collected), cast)
    assert counted(call) == 1
    [mail] = mails()
    assert "private link" in html_of(Client().post(link_in(mail)))
    assert len(mails()) == 2, "it leads to the private page"
    assert SignatureLogEntry.objects.filter(sign_on_id=done.pk, act="confirm").count() == 1, "and confirms nothing"


@pytest.mark.django_db(transaction=True)
def test_two_accept_while_the_signer_confirms(call: SignOnCall, cast: SimpleNamespace) -> None:
    collected = unanswered(on_paper(call, organisation(), by=cast.coordinator))
    link = link_in(mails()[0])
    one, other = (lambda: accept(collected, cast) for _moderator in range(2))
    at_once(one, other, lambda: Client().post(link))
    assert counted(call) == 1
    assert SignatureLogEntry.objects.filter(act="confirm").count() == 1


def test_evidence_that_was_deleted_shows_nothing(call: SignOnCall, cast: SimpleNamespace) -> None:
    collected = on_paper(call, person(email=""), by=cast.coordinator, note="", content=PDF, file_name="s.pdf")
    EvidenceFile.objects.all().delete()
    with pytest.raises(NoEvidence):
        accept(collected, cast)


def test_nobody_accepts_their_own_signature_or_verifies_what_they_entered(
    call: SignOnCall, cast: SimpleNamespace
) -> None:
    own = unanswered(on_paper(call, person(email=cast.data_officer.email), by=cast.coordinator))
    with pytest.raises(OwnSignature):
        accept(own, cast)
    entered = accept(on_paper(call, organisation(email=""), by=cast.coordinator), cast)
    with pytest.raises(EnteredByYou):
        sign_on_verify(sign_on=entered, actor=cast.coordinator)


def test_an_organisation_counts_once_however_it_signed(call: SignOnCall, cast: SimpleNamespace) -> None:
    signed(call, organisation(), accepted_by=cast.coordinator)
    with pytest.raises(AlreadyEntered):
        on_paper(call, organisation(email=""), by=cast.coordinator)
    call.refresh_from_db()
    hidden = organisation("Hidden union", visibility="counted")
    again = on_paper(call, organisation("Hidden union", email=""), by=cast.coordinator)
    signed(call, hidden)
    assert accept(again, cast).state == "held"
    public = on_paper(call, organisation("Later", email=""), by=cast.coordinator)
    signed(call, organisation("Later", email="x@later.example"), accepted_by=cast.coordinator)
    with pytest.raises(DuplicateOrganisation):
        accept(public, cast)
    assert not CollectedSignOn.objects.get(pk=public.pk).accepted_at, "nothing is kept of the attempt"


def test_people_of_one_name_are_entered_after_a_look(call: SignOnCall, cast: SimpleNamespace) -> None:
    on_paper(call, person(email="", visibility="counted"), by=cast.coordinator)
    with pytest.raises(AlreadyEntered):
        on_paper(call, person("afi  MENSAH", email=""), by=cast.coordinator)
    on_paper(call, person(email="another.afi@post.example", country="GH"), by=cast.coordinator)
    assert SignOn.objects.count() == 2


def test_a_claim_that_nobody_confirmed_blocks_no_paper(call: SignOnCall, cast: SimpleNamespace) -> None:
    submit(call, organisation())
    accept(on_paper(call, organisation(email=""), by=cast.coordinator), cast)
    assert counted(call) == 1


def test_paper_for_the_next_version_carries_the_signature_on(
    call: SignOnCall, version: LetterVersion, cast: SimpleNamespace
) -> None:
    first = accept(on_paper(call, organisation(email=""), by=cast.coordinator), cast)
    sign_on_call_close(call=call, actor=cast.coordinator)
    newer = LetterVersion.objects.get(pk=version.pk)
    newer.pk, newer.number, newer.sha256 = None, version.number + 1, "0" * 64
    newer._state.adding = True
    newer.save()
    later = make_call(newer, cast)
    second = accept(on_paper(later, organisation(email=""), by=cast.coordinator), cast)
    assert second.pk == first.pk
    assert second.collected.count() == 2, "each version has its evidence"
    assert set(second.covers.values_list("version", flat=True)) == {version.pk, newer.pk}


# ---- what may be entered


def test_late_signatures_go_into_an_addendum(call: SignOnCall, cast: SimpleNamespace) -> None:
    annex = annex_freeze(version=call.version, actor=None)
    pending = on_paper(call, organisation(), by=cast.coordinator)
    sign_on_call_close(call=call, actor=cast.coordinator)
    collected_mails_send()
    assert Client().post(link_in(mails()[0])).status_code == 302, "closing ends the form, not the paper"
    accept(on_paper(call, person(email=""), by=cast.coordinator), cast)
    assert late_signatures(annex).count() == 2
    assert pending.sign_on.expires_at > timezone.now()


def test_what_the_call_does_not_take_is_refused(version: LetterVersion, cast: SimpleNamespace) -> None:
    later = make_call(version, cast, opens_at=timezone.now() + timedelta(days=1), who="people")
    with pytest.raises(TooEarly):
        on_paper(later, person(), by=cast.coordinator)
    SignOnCall.objects.update(opens_at=timezone.now() - timedelta(days=1))
    with pytest.raises(NotForThisKind):
        on_paper(later, organisation(), by=cast.coordinator)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sheet.exe", b"MZ"),
        ("sheet.pdf", b"<html><script>"),
        ("sheet.jpg", b"GIF89a"),
        ("sheet.png", b""),
        ("mail.eml", b"nothing of a mail"),
        ("sheet.svg", b"<svg/>"),
        ("large.pdf", b"%PDF-" + b"0" * MAX_BYTES),
    ],
)
def test_files_that_are_no_evidence(call: SignOnCall, cast: SimpleNamespace, name: str, content: bytes) -> None:
    with pytest.raises(NotEvidence):
        on_paper(call, person(), by=cast.coordinator, file_name=name, content=content)
    assert not SignOn.objects.exists()


def test_something_has_to_show_it(call: SignOnCall, cast: SimpleNamespace) -> None:
    with pytest.raises(DomainError, match="Add a file"):
        on_paper(call, person(), by=cast.coordinator, note="")
    with pytest.raises(DomainError, match="future"):
        on_paper(call, person(), by=cast.coordinator, given_on=timezone.localdate() + timedelta(days=1))
    mail = b"From: a@b.example\r\nDate: Fri, 3 Nov 2017 10:00:00 +0000\r\n\r\nWe sign."
    assert on_paper(call, person(), by=cast.coordinator, note="", file_name="m.eml", content=mail).evidence


# ---- leaving


def test_a_moderator_withdraws_on_request(call: SignOnCall, cast: SimpleNamespace) -> None:
    done = accept(on_paper(call, person(email=""), by=cast.coordinator), cast)
    request = paper(note="Her letter of 5 November.")
    sign_on_leave_on_request(sign_on=done, source=request, actor=cast.data_officer, erase=False)
    done.refresh_from_db()
    assert (done.state, counted(call)) == ("withdrawn", 0)
    assert done.withdrawal_requests.get().note == "Her letter of 5 November."
    on_paper(call, person(email=""), by=cast.coordinator)  # who withdrew may sign again


def test_erasing_one_deletes_the_sheet_and_leaves_the_others_counted(call: SignOnCall, cast: SimpleNamespace) -> None:
    one = on_paper(call, person(email=""), by=cast.coordinator, file_name="s.pdf", content=PDF)
    other = on_paper(call, person("Kojo", email=""), by=cast.coordinator)
    CollectedSignOn.objects.update(evidence=one.evidence)
    accept(one, cast)
    accept(other, cast)
    assert counted(call) == 2
    sign_on_leave_on_request(sign_on=one.sign_on, source=paper(), actor=cast.data_officer, erase=True)
    assert not EvidenceFile.objects.exists()
    assert counted(call) == 1


def test_what_nobody_confirms_is_deleted_after_thirty_days(call: SignOnCall, cast: SimpleNamespace) -> None:
    collected = on_paper(call, organisation(), by=cast.coordinator, file_name="s.pdf", content=PDF)
    sign_on_call_close(call=call, actor=cast.coordinator)
    expired_sweep()
    assert SignOn.objects.get().state == "pending", "closing does not end it"
    days = collected.sign_on.expires_at - timezone.now()
    assert timedelta(days=29) < days <= timedelta(days=30)
    SignOn.objects.update(expires_at=timezone.now())
    expired_sweep()
    assert SignOn.objects.get().state == "expired"
    assert not EvidenceFile.objects.exists()


@pytest.mark.parametrize("step", ["pending", "mailed", "accepted", "withdrawn", "retention", "expired"])
def test_no_table_keeps_what_an_erased_signer_gave(call: SignOnCall, cast: SimpleNamespace, step: str) -> None:
    """Evidence, its name and notes included."""
    canary = {"person_name": "Kanarienvogel", "person_post": "Kanarienpost", "email": "kanarie@kdrf.example"}
    sheet = {"file_name": "kanarie.pdf", "content": PDF + b"kanarie", "note": "Mail of kanarie."}
    collected = on_paper(call, organisation(**canary), by=cast.coordinator, **sheet)
    if step != "pending":
        collected = unanswered(collected)
    if step in {"accepted", "withdrawn", "retention"}:
        accept(collected, cast)
    if step == "withdrawn":
        sign_on_leave_on_request(sign_on=collected.sign_on, source=paper(**sheet), actor=cast.coordinator, erase=False)
    assert "kanarie" in everything_readable().lower()
    if step in {"retention", "expired"}:
        over = timezone.now() - timedelta(days=call.campaign.retention_days + 1)
        SignOnCall.objects.update(opens_at=over - timedelta(days=1), closes_at=over)
        SignOn.objects.filter(state="pending").update(expires_at=over)
        expired_sweep()
    else:
        sign_on_leave_on_request(sign_on=collected.sign_on, source=paper(), actor=cast.coordinator, erase=True)
    assert "kanarie" not in everything_readable().lower()


# ---- pages


def form(**extra: Any) -> dict[str, Any]:
    return {
        "org_name": "نقابة المزارعين", "org_name_english": "Farmers’ Union", "org_acronym": "", "org_kind": "farmers",
        "country": "EG", "org_website": "", "org_members": "", "person_name": "منى", "person_post": "رئيسة",
        "email": "", "authorised": "on", "visibility": "public", "came_by": "paper", "given_on": "2017-11-03",
        "note": "", "language": "ar", **extra,
    }  # fmt: skip


def test_paper_is_entered_and_accepted_by_pages(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    enter = url("collected_enter", call.campaign, call.pk, "organisation")
    ada, lena = signed_in(cast.coordinator), signed_in(cast.data_officer)
    page = ada.get(enter)
    assert "counted" in html_of(page)
    wrong = ada.post(enter, form(country=""))
    assert wrong.status_code == 400
    assert "نقابة المزارعين" in html_of(wrong), "nothing typed is lost"
    sheet = SimpleUploadedFile("../sheet <b>.pdf", PDF)
    answer = ada.post(enter, {**form(), "evidence": sheet})
    assert answer.status_code == 302
    collected = CollectedSignOn.objects.get()
    assert "Accept it on the evidence" not in html_of(ada.get(answer.url)), "no button for who entered it"
    assert ada.post(url("collected_accept", call.campaign, collected.pk)).status_code == 403
    file = lena.get(url("evidence", call.campaign, collected.evidence_id))
    assert file.content == PDF
    assert file["Content-Disposition"].startswith("attachment")
    assert file["X-Content-Type-Options"] == "nosniff"
    seen = html_of(lena.get(answer.url))
    assert "Accept it on the evidence" in seen
    fingerprint = seen.split('name="seen" value="')[1].split('"')[0]
    assert lena.post(url("collected_accept", call.campaign, collected.pk), {"seen": "other"}).status_code == 409
    assert lena.post(url("collected_accept", call.campaign, collected.pk), {"seen": fingerprint}).status_code == 302
    assert counted(call) == 1
    queue = html_of(lena.get(url("sign_on", call.campaign, collected.sign_on_id)))
    assert "On paper" in queue
    assert cast.coordinator.name in queue
    again = ada.post(enter, form(note="The same again."))
    assert again.status_code == 409
    assert "somebody else" in html_of(again)


def test_the_same_entered_anyway_and_left_by_pages(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    ada, enter = signed_in(cast.coordinator), url("collected_enter", call.campaign, call.pk, "person")
    typed = {
        "person_name": "Afi", "country": "TG", "visibility": "counted", "came_by": "mail", "given_on": "2017-11-03",
        "note": "Mail of 3 November.", "language": "fr", "email": "",
    }  # fmt: skip
    assert ada.post(enter, typed).status_code == 302
    assert ada.post(enter, typed).status_code == 409
    assert ada.post(enter, {**typed, "despite_same": "1"}).status_code == 302
    sign_on = SignOn.objects.order_by("pk")[0]
    leave = url("leave_on_request", call.campaign, sign_on.pk)
    assert ada.get(leave).status_code == 200
    asked = {"act": "erase", "came_by": "mail", "given_on": "2017-11-05", "note": "Asked by mail."}
    assert ada.post(leave, {**asked, "act": ""}).status_code == 400
    assert ada.post(leave, asked).status_code == 302
    assert SignOn.objects.count() == 1
    assert "Not counted yet" in html_of(ada.get(url("collected", call.campaign)))


def test_outsiders_and_other_roles_see_no_evidence(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    collected = on_paper(call, person(email=""), by=cast.coordinator, file_name="s.pdf", content=PDF)
    page = url("evidence", call.campaign, collected.evidence_id)
    assert signed_in(cast.outsider).get(page).status_code == 404
    assert signed_in(cast.observer).get(page).status_code == 403


# ---- a sheet of before a material change


def accepted_later(collected: CollectedSignOn, cast: SimpleNamespace) -> SignOn:
    """By a second person, as the mail was not answered."""
    CollectedSignOn.objects.update(mailed_at=timezone.now() - timedelta(days=4))
    return sign_on_accept_on_evidence(sign_on=collected.sign_on, actor=cast.data_officer)


def test_a_sheet_of_the_earlier_text_does_what_a_material_change_does(call: SignOnCall, cast: SimpleNamespace) -> None:
    """Who has an address is asked about the new text; who has none has signed the earlier version."""
    first = call.version
    make_next_version(call.letter, cast)
    replace_version(call, cast, "material")
    asked = on_paper(call, organisation(), by=cast.coordinator, version=first)
    nameless = on_paper(call, organisation("Weavers", email=""), by=cast.coordinator, version=first)
    assert collected_mails_send() == 1
    [mail] = mails()
    assert "You signed version 1. The text was changed since" in mail.text_body

    rows = [accepted_later(each, cast) for each in (asked, nameless)]

    assert [row.version for row in rows] == [first, first]
    assert version_counts(first).total == 2
    assert version_counts(call.version).total == 0
    assert [notice.sign_on for notice in SignerNotice.objects.all()] == [rows[0]]
    assert notices_send() == 1
    assert "text_changed" in mails()[-1].composer_values
    new_version_sign(sign_on=rows[0], version=call.version_id)
    assert version_counts(call.version).total == 1
    assert list(log_findings(call.campaign)) == []


def test_a_sheet_of_a_text_that_was_corrected_counts_for_both(call: SignOnCall, cast: SimpleNamespace) -> None:
    first = call.version
    make_next_version(call.letter, cast)
    replace_version(call, cast)
    accepted = accepted_later(on_paper(call, organisation(email=""), by=cast.coordinator, version=first), cast)
    assert accepted.version == first
    assert sorted(each.version.number for each in accepted.covers.all()) == [1, 2]
    assert not SignerNotice.objects.exists()


@pytest.mark.parametrize(
    ("kind", "said"),
    [("material", "It counts for version 1, the text that was signed."), ("correction", "It counts now.")],
)
def test_the_page_says_for_which_text_a_sheet_counts(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any, kind: str, said: str
) -> None:
    first = call.version
    make_next_version(call.letter, cast)
    replace_version(call, cast, kind)
    collected = on_paper(call, organisation(email=""), by=cast.coordinator, version=first)
    data = {"seen": sign_on_fingerprint(collected.sign_on)}
    accepted = signed_in(cast.data_officer).post(
        url("collected_accept", call.campaign, collected.pk), data, follow=True
    )
    assert f"Accepted on the evidence. {said}" in accepted.content.decode()


def test_who_signed_the_new_text_is_not_put_back_to_the_earlier(call: SignOnCall, cast: SimpleNamespace) -> None:
    first = call.version
    collected = on_paper(call, organisation(), by=cast.coordinator)
    make_next_version(call.letter, cast)
    replace_version(call, cast, "material")
    some_time_passes()
    own = signed(call, organisation())
    with pytest.raises(AlreadyEntered):
        on_paper(call, organisation(), by=cast.coordinator, version=first)
    with pytest.raises(AlreadyDecided):
        accepted_later(collected, cast)
    own.refresh_from_db()
    assert own.version == call.version


def test_only_versions_that_were_signed_can_be_chosen(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    page = url("collected_enter", call.campaign, call.pk, "organisation")
    assert "Version that was signed" not in html_of(signed_in(cast.coordinator).get(page))
    later = make_next_version(call.letter, cast)
    with pytest.raises(DomainError):
        on_paper(call, organisation(), by=cast.coordinator, version=later)
    replace_version(call, cast, "material")
    shown = html_of(signed_in(cast.coordinator).get(page))
    assert "Version that was signed" in shown
    assert f'<option value="{later.pk}" selected>Version 2</option>' in shown


def test_an_empty_form_has_one_summary_of_what_is_missing(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any
) -> None:
    answer = signed_in(cast.coordinator).post(url("collected_enter", call.campaign, call.pk, "organisation"), {})
    page = html_of(answer)
    assert answer.status_code == 400
    assert page.count('id="errors"') == 1
    assert "things are missing or wrong" in page
    assert "Choose how it came." in page
    assert "This field is required" not in page
