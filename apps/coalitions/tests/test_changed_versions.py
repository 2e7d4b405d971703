"""After a material change each signer is asked; who agrees signs the new text, the others stay with the old one."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.coalitions.models import AddressMail, SignatureLogEntry, SignerNotice, SignOn, SignOnCall, VersionReplacement
from apps.coalitions.selectors.signatory_counts import signatory_counts, version_counts
from apps.coalitions.selectors.signatory_lists import public_signatories
from apps.coalitions.selectors.signature_log_findings import log_findings
from apps.coalitions.selectors.version_replacements import concerned
from apps.coalitions.services.annexes import annex_freeze
from apps.coalitions.services.closing_times import sign_on_call_close
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.evidence_acceptance import sign_on_accept_on_evidence
from apps.coalitions.services.exceptions import AnswerTimeOver, TextReplaced
from apps.coalitions.services.signatory_counts import signatory_counts_correct
from apps.coalitions.services.signer_changes import sign_on_withdraw
from apps.coalitions.services.signer_notices import NobodyToRemind, RemindedAlready, notices_send, silent_remind
from apps.coalitions.services.version_answers import new_version_keep_out, new_version_sign
from apps.core.errors import DomainError
from tests.factories.letters import make_next_version
from tests.factories.signing import (
    link_in,
    mails,
    make_call,
    make_sign_on,
    make_sign_ons,
    on_paper,
    organisation,
    person,
    propose,
    replace_version,
    signed,
    submit,
)

pytestmark = pytest.mark.django_db


def changed(call: SignOnCall, cast: SimpleNamespace, **extra: Any) -> VersionReplacement:
    make_next_version(call.letter, cast)
    return replace_version(call, cast, "material", **extra)


def numbers(sign_on: SignOn) -> list[int]:
    return sorted(covered.version.number for covered in sign_on.covers.all())


def test_only_those_who_agree_count(call: SignOnCall, cast: SimpleNamespace, client: Any, signed_in: Any) -> None:
    one = signed(call, organisation(visibility="government"), accepted_by=cast.coordinator)
    two, three = make_sign_ons(call, ["Growers", "Weavers"])
    change = changed(call, cast)
    assert signatory_counts(call.letter).total == 0

    new_version_sign(sign_on=one, version=call.version_id)
    new_version_keep_out(sign_on=two, version=call.version_id)

    assert (numbers(one), numbers(two), numbers(three)) == ([1, 2], [1], [1])
    one.refresh_from_db()
    assert (one.visibility, one.moderation, one.version) == ("government", "accepted", change.after)
    assert signatory_counts(call.letter).total == 1
    assert version_counts(change.before).total == 3
    assert [entry.act for entry in SignatureLogEntry.objects.filter(sign_on_id=one.pk)] == [
        "confirm", "accept", "confirm"
    ]  # fmt: skip
    assert annex_freeze(version=change.after, actor=None).signatures == 1
    assert public_signatories(call.letter, 9)[0].names == [], "its name is for governments only"
    assert signatory_counts_correct() == 0
    page = client.get(reverse("website:letter", args=[call.campaign.slug, call.letter.number])).content.decode()
    assert "3 signed the earlier text." in page
    index = signed_in(cast.data_officer).get(reverse("sign_on:index", args=[call.campaign.slug]))
    assert index.context["shown"].all == 3, "who signed the earlier text is not counted twice"
    assert "1 signature" in page
    found = list(log_findings(call.campaign))
    assert not [line for line in found if line.startswith(f"signature {one.pk} ")]


def test_opening_the_link_changes_nothing_and_a_button_answers(
    call: SignOnCall, cast: SimpleNamespace, client: Any
) -> None:
    signed(call, organisation())
    before = call.version_id
    changed(call, cast)
    assert notices_send() == 1
    mail = mails()[-1]
    assert "+ One thing more." in mail.text_body
    link = link_in(mail)

    page = client.get(link).content.decode()
    assert "One thing more." in page
    assert signatory_counts(call.letter).total == 0
    assert client.post(link, {"answer": "sign", "version": before}).status_code == 409
    assert client.post(link, {"answer": "sign"}).status_code == 409
    assert client.post(link, {"version": call.version_id}).status_code == 200
    assert signatory_counts(call.letter).total == 0
    client.post(link, {"answer": "keep_out", "version": call.version_id})
    assert SignerNotice.objects.get().answer == "kept_out"
    client.post(link, {"answer": "sign", "version": call.version_id})
    client.post(link, {"answer": "sign", "version": call.version_id})

    assert SignerNotice.objects.get().answer == "signed"
    assert signatory_counts(call.letter).total == 1
    assert SignatureLogEntry.objects.filter(act="confirm").count() == 2


def test_the_silent_are_reminded_once(call: SignOnCall, cast: SimpleNamespace) -> None:
    one, two, three = (signed(call, organisation(name, email=f"{name}@x.example")) for name in ("one", "two", "three"))
    change = changed(call, cast)
    with pytest.raises(NobodyToRemind):
        silent_remind(replacement=change, actor=cast.coordinator)
    notices_send()
    AddressMail.objects.all().delete()
    new_version_sign(sign_on=one, version=call.version_id)
    new_version_keep_out(sign_on=two, version=call.version_id)

    assert silent_remind(replacement=change, actor=cast.coordinator) == 1
    with pytest.raises(RemindedAlready):
        silent_remind(replacement=change, actor=cast.coordinator)
    assert notices_send() == 1
    assert mails()[-1].subject.startswith("Reminder")
    assert SignerNotice.objects.exclude(reminded_at=None).get().sign_on == three


def test_an_answer_comes_in_time_or_not_at_all(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on = make_sign_on(call, "Farmers")
    change = changed(call, cast)
    sign_on_call_close(call=call, actor=cast.coordinator)
    VersionReplacement.objects.update(answer_until=timezone.now() - timedelta(minutes=1))

    with pytest.raises(AnswerTimeOver):
        new_version_sign(sign_on=sign_on, version=call.version_id)
    assert notices_send() == 0
    VersionReplacement.objects.update(answer_until=timezone.now() + timedelta(minutes=1))
    new_version_sign(sign_on=sign_on, version=call.version_id)
    assert version_counts(change.after).total == 1, "also after the letter closed for others"


def test_a_withdrawn_signature_signs_nothing(call: SignOnCall, cast: SimpleNamespace, client: Any) -> None:
    signed(call, organisation())
    sign_on = SignOn.objects.get()
    changed(call, cast)
    notices_send()
    link = link_in(mails()[-1])
    sign_on_withdraw(sign_on=sign_on)

    assert client.post(link, {"answer": "sign", "version": call.version_id}).status_code == 409
    assert client.get(link).status_code == 200
    assert numbers(sign_on) == [1]


def test_who_signs_by_the_form_needs_no_answer(call: SignOnCall, cast: SimpleNamespace) -> None:
    signed(call, person())
    change = changed(call, cast)
    sign_on_confirm(token=submit(call, person()).token)

    sign_on = SignOn.objects.get()
    assert numbers(sign_on) == [1, 2]
    assert notices_send() == 0, "nothing is left to ask"
    assert new_version_sign(sign_on=sign_on, version=change.after_id).pk == sign_on.pk


def test_a_correction_of_the_new_text_goes_to_those_who_signed_it(call: SignOnCall, cast: SimpleNamespace) -> None:
    one, two = make_sign_ons(call, ["Growers", "Weavers"])
    changed(call, cast)
    new_version_sign(sign_on=one, version=call.version_id)
    text = call.letter.texts.get()
    from apps.letters.services.drafts import letter_text_save
    from tests.factories.letters import approve_and_freeze

    letter_text_save(text=text, actor=cast.drafter, revision=text.revision, subject="Corrected", body=text.body)
    approve_and_freeze(call.letter, cast)
    seen = call.version_id
    replace_version(call, cast)

    assert (numbers(one), numbers(two)) == ([1, 2, 3], [1])
    assert [name.name for roll in public_signatories(call.letter, 9) for name in roll.names] == ["Growers"]
    with pytest.raises(TextReplaced):
        new_version_sign(sign_on=two, version=seen)
    new_version_sign(sign_on=two, version=call.version_id)
    assert numbers(two) == [1, 3]
    assert signatory_counts(call.letter).total == 2
    assert signatory_counts_correct() == 0


def test_a_material_change_says_until_when(call: SignOnCall, cast: SimpleNamespace) -> None:
    make_next_version(call.letter, cast)
    for until in (None, timezone.now() - timedelta(hours=1)):
        with pytest.raises(DomainError) as refused:
            propose(call, cast, "material", answer_until=until)
        assert refused.value.field == "answer_until"


def test_signatures_of_an_earlier_call_are_asked_too(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on = make_sign_on(call, "Farmers")
    sign_on_call_close(call=call, actor=cast.coordinator)
    again = make_call(call.version, cast)
    changed(again, cast)

    assert SignerNotice.objects.get().sign_on == sign_on
    new_version_sign(sign_on=sign_on, version=again.version_id)
    assert signatory_counts(call.letter).total == 1


def test_who_has_no_address_is_not_counted_among_the_mails(call: SignOnCall, cast: SimpleNamespace) -> None:
    signed(call, organisation())
    sheet = on_paper(call, organisation("Weavers", email=""), by=cast.coordinator)
    sign_on_accept_on_evidence(sign_on=sheet.sign_on, actor=cast.data_officer)
    newer = make_next_version(call.letter, cast)
    found = concerned(call, newer)
    assert (found.signatures, found.mail_count, found.without_mail) == (2, 1, 1)
    replace_version(call, cast, "material")
    assert notices_send() == found.mail_count


def test_who_signed_only_the_earlier_text_is_promised_no_letter(
    call: SignOnCall, cast: SimpleNamespace, client: Any
) -> None:
    SignOnCall.objects.update(deliver_on=timezone.now().date() + timedelta(days=30))
    token = sign_on_confirm(token=submit(call, organisation()).token).manage_token
    page = reverse("signing:manage", args=[token])
    assert "The letter goes to the governments" in client.get(page).content.decode()
    changed(call, cast)
    assert "The letter goes to the governments" not in client.get(page).content.decode()
