"""A correction puts the next version in place: signatures go with it, signers are told, two people stand for it."""

from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.coalitions.models import AddressMail, SignatureLogEntry, SignerNotice, SignOn, SignOnCall, SignOnVersion
from apps.coalitions.selectors.signatory_counts import signatory_counts, version_counts
from apps.coalitions.selectors.signatory_lists import public_signatories, search_signatories, short_roll
from apps.coalitions.selectors.signature_log_findings import log_findings
from apps.coalitions.selectors.version_replacements import carried_and_counted
from apps.coalitions.services.annexes import annex_freeze
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.erasure import sign_on_erase
from apps.coalitions.services.exceptions import (
    AlreadyConfirmed,
    NothingToReplace,
    ReplacementDecided,
    ReplacementProposed,
    SecondPersonAgrees,
    TextReplaced,
)
from apps.coalitions.services.moderation import sign_on_reject, sign_on_set_aside
from apps.coalitions.services.moderation_undo import decision_undo
from apps.coalitions.services.signatory_counts import signatory_counts_correct
from apps.coalitions.services.signature_log import log_entries_number
from apps.coalitions.services.signer_changes import sign_on_withdraw
from apps.coalitions.services.signer_mails import MAILS_PER_HOUR
from apps.coalitions.services.signer_notices import notices_send
from apps.coalitions.services.version_replacements import version_replacement_agree, version_replacement_cancel
from apps.core.encryption import lookup_hashes
from apps.core.models import AuditEvent
from apps.letters.models import LetterVersion
from apps.letters.services.drafts import letter_text_save
from tests.factories.letters import approve_and_freeze, make_next_version
from tests.factories.signing import (
    link_in,
    mails,
    make_sign_on,
    make_sign_ons,
    organisation,
    person,
    propose,
    replace_version,
    signed,
    submit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(call: SignOnCall, cast: SimpleNamespace) -> LetterVersion:
    return make_next_version(call.letter, cast)


def numbers(sign_on: SignOn) -> list[int]:
    return sorted(covered.version.number for covered in sign_on.covers.all())


def listed(call: SignOnCall) -> list[str]:
    return [name.name for roll in public_signatories(call.letter, 10) for name in roll.names]


def next_again(call: SignOnCall, cast: SimpleNamespace) -> LetterVersion:
    text = call.letter.texts.get()
    letter_text_save(text=text, actor=cast.drafter, revision=text.revision, subject="Another title", body=text.body)
    return approve_and_freeze(call.letter, cast)


def test_signatures_go_with_a_correction(call: SignOnCall, cast: SimpleNamespace) -> None:
    named = signed(call, organisation(), accepted_by=cast.coordinator)
    hidden = signed(call, person(visibility="counted"))
    later = make_next_version(call.letter, cast)

    replacement = replace_version(call, cast)

    assert call.version == later
    assert numbers(named) == numbers(hidden) == [1, 2]
    assert signatory_counts(call.letter).total == 2
    assert listed(call) == ["Kisumu Data Rights Forum"]
    assert [each.name for each in short_roll(call, version_counts(later)).latest] == ["Kisumu Data Rights Forum"]
    assert search_signatories(call.letter, "kisumu")[0][0].names[0].name == "Kisumu Data Rights Forum"
    named.refresh_from_db()
    assert named.version.number == 1, "what its signer confirmed stays so in the log"
    assert named.current_version == later
    assert annex_freeze(version=later, actor=None).signatures == 2
    event = AuditEvent.objects.get(verb="version_replacement.agree")
    assert (event.actor_id, event.data["proposed_by"]) == (str(cast.reviewer.pk), cast.coordinator.pk)
    assert (replacement.carried, event.data["sign_ons"]) == (2, 2)
    assert signatory_counts_correct() == 0, "the counts are exact"


def test_later_signers_stand_beside_those_carried_over(call: SignOnCall, cast: SimpleNamespace) -> None:
    make_sign_ons(call, ["Zulu Traders", "Alpha Farmers"])
    make_next_version(call.letter, cast)
    replace_version(call, cast)

    make_sign_on(call, "Mau Growers")

    assert listed(call) == ["Alpha Farmers", "Mau Growers", "Zulu Traders"]
    assert signatory_counts(call.letter).total == 3
    next_again(call, cast)
    replace_version(call, cast)
    assert listed(call) == ["Alpha Farmers", "Mau Growers", "Zulu Traders"]
    assert signatory_counts(call.letter).total == 3


def test_who_does_not_count_follows_without_being_counted(call: SignOnCall, cast: SimpleNamespace) -> None:
    held, rejected, gone = make_sign_ons(call, ["Held", "Rejected", "Gone"])
    for row in (held, rejected, gone):
        SignatureLogEntry.of(row, "confirm").save()
    sign_on_set_aside(sign_on=held, actor=cast.coordinator)
    sign_on_reject(sign_on=rejected, actor=cast.coordinator, reason="It does not exist.")
    sign_on_withdraw(sign_on=gone)
    later = make_next_version(call.letter, cast)

    replacement = replace_version(call, cast)

    assert numbers(gone) == [1], "a withdrawn signature is never revived"
    assert replacement.carried == 2
    assert carried_and_counted(replacement) == 0
    assert AuditEvent.objects.get(verb="version_replacement.agree").data["sign_ons"] == 0, "as many as count"
    assert version_counts(later).total == 0
    assert [notice.sign_on for notice in SignerNotice.objects.all()] == [held], "who was rejected hears nothing"
    decision_undo(decision=rejected.decisions.get(), actor=cast.coordinator)
    assert version_counts(later).total == 1
    assert listed(call) == ["Rejected"]
    assert signatory_counts_correct() == 0


def test_signers_get_one_mail_with_the_difference(call: SignOnCall, cast: SimpleNamespace) -> None:
    signed(call, organisation(language="fr"))
    make_next_version(call.letter, cast)
    replace_version(call, cast)
    before = len(mails())

    assert notices_send() == 1
    assert notices_send() == 0

    [mail] = mails()[before:]
    assert "+ One thing more." in mail.text_body
    assert "The year was wrong." in mail.text_body
    assert link_in(mail).startswith("/fr/sign/mine/")


def test_who_left_meanwhile_gets_no_mail(call: SignOnCall, cast: SimpleNamespace) -> None:
    one, two = signed(call, organisation()), signed(call, person())
    make_next_version(call.letter, cast)
    replace_version(call, cast)
    sign_on_withdraw(sign_on=one)
    sign_on_erase(sign_on=two)

    assert notices_send() == 0
    assert [notice.sign_on for notice in SignerNotice.objects.all()] == [one], "what was erased has no notice either"
    assert not SignerNotice.objects.filter(next_at__isnull=False).exists()


def test_an_address_gets_no_more_than_its_share(call: SignOnCall, cast: SimpleNamespace) -> None:
    for number in range(MAILS_PER_HOUR + 1):
        make_sign_on(call, f"Branch {number}")
    SignOn.objects.update(email="one@org.example", email_hash=lookup_hashes("one@org.example")[0].digest)
    make_next_version(call.letter, cast)
    replace_version(call, cast)

    assert notices_send() == MAILS_PER_HOUR
    assert SignerNotice.objects.get(mailed_at=None).next_at is not None, "the last one waits"


def test_pending_signers_see_the_correction_before_they_confirm(
    call: SignOnCall, cast: SimpleNamespace, client: Any
) -> None:
    token = submit(call, person()).token
    link = link_in(mails()[-1])
    later = make_next_version(call.letter, cast)
    replace_version(call, cast)

    page = client.get(link).content.decode()
    assert "The year was wrong." in page
    assert "One thing more." in page
    with pytest.raises(TextReplaced):
        sign_on_confirm(token=token)
    assert client.post(link, {"version": call.letter.versions.get(number=1).pk}).status_code == 409
    assert SignOn.objects.get().state == "pending"
    client.post(link, {"version": later.pk})

    sign_on = SignOn.objects.get()
    assert (sign_on.state, sign_on.version, numbers(sign_on)) == ("confirmed", later, [2])
    assert list(log_findings(call.campaign)) == []


def test_who_was_carried_over_does_not_sign_twice(call: SignOnCall, cast: SimpleNamespace) -> None:
    again = submit(call, organisation()).token
    signed(call, organisation(person_post="Chair"))
    later = make_next_version(call.letter, cast)
    replace_version(call, cast)

    with pytest.raises(AlreadyConfirmed):
        sign_on_confirm(token=again, version=later.pk)
    AddressMail.objects.all().delete()  # another day
    assert submit(call, organisation(person_post="Treasurer")).outcome == "already"


def test_one_person_does_not_agree_with_themselves(call: SignOnCall, cast: SimpleNamespace) -> None:
    make_sign_on(call, "Farmers")
    with pytest.raises(NothingToReplace):
        propose(call, cast)
    make_next_version(call.letter, cast)
    replacement = propose(call, cast)
    with pytest.raises(ReplacementProposed):
        propose(call, cast)
    with pytest.raises(SecondPersonAgrees):
        version_replacement_agree(replacement=replacement, actor=cast.coordinator)
    call.refresh_from_db()
    assert call.version.number == 1

    version_replacement_cancel(replacement=replacement, actor=cast.coordinator)
    with pytest.raises(ReplacementDecided):
        version_replacement_agree(replacement=replacement, actor=cast.reviewer)


def test_nobody_agrees_to_a_version_that_is_not_the_newest(call: SignOnCall, cast: SimpleNamespace) -> None:
    make_next_version(call.letter, cast)
    replacement = propose(call, cast)
    next_again(call, cast)
    with pytest.raises(ReplacementDecided):
        version_replacement_agree(replacement=replacement, actor=cast.reviewer)


def test_the_log_proves_who_was_carried_over(call: SignOnCall, cast: SimpleNamespace) -> None:
    one = signed(call, organisation())
    signed(call, person())
    make_next_version(call.letter, cast)
    replacement = replace_version(call, cast)
    log_entries_number()

    entry = SignatureLogEntry.objects.get(act="carry_over")
    assert entry.sequence is not None
    assert entry.commitment == replacement.carry_over_commitment()
    sign_on_erase(sign_on=one)
    call_command("verify_log", stdout=StringIO())
    newcomer = make_sign_on(call, "Stranger")
    SignatureLogEntry.of(newcomer, "confirm").save()
    SignOnVersion.objects.create(sign_on=newcomer, version=replacement.before, replacement=replacement)

    [finding] = log_findings(call.campaign)
    assert "carried over are not those of its entry" in finding


def test_the_swap_takes_as_many_statements_for_many(call: SignOnCall, cast: SimpleNamespace) -> None:
    make_sign_ons(call, [f"Farmers {number}" for number in range(40)])
    make_next_version(call.letter, cast)
    replacement = propose(call, cast)

    with CaptureQueriesContext(connection) as queries:
        version_replacement_agree(replacement=replacement, actor=cast.reviewer)

    assert SignOnVersion.objects.filter(replacement=replacement).count() == 40
    assert len(queries) <= 26, "\n".join(query["sql"][:160] for query in queries.captured_queries)
