"""Two at once: real transactions in threads. One wins, the other is told; limits and counts hold."""

from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.coalitions.models import AddressMail, ModerationDecision, Organisation, SignOn, SignOnCall
from apps.coalitions.selectors.sign_ons import sign_on_fingerprint
from apps.coalitions.selectors.signatory_counts import signatory_counts
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.erasure import sign_on_erase
from apps.coalitions.services.exceptions import (
    AlreadyConfirmed,
    DuplicateOrganisation,
    DuplicatePerson,
    LinkUnknown,
    RunningCall,
)
from apps.coalitions.services.moderation import (
    AlreadyDecided,
    TooMuchMail,
    sign_on_accept,
    sign_on_ask,
    sign_on_reject,
    sign_on_set_aside,
)
from apps.coalitions.services.moderation_bulk import sign_ons_decide
from apps.coalitions.services.moderation_undo import decision_undo
from apps.coalitions.services.organisation_merges import MergedAlready, SignerBusy, organisation_merge
from apps.coalitions.services.signer_changes import sign_on_correct, sign_on_disown, sign_on_withdraw
from apps.coalitions.services.signer_mails import MAILS_PER_DAY, MAILS_PER_HOUR
from apps.coalitions.services.submission import Outcome
from apps.core.encryption import lookup_hashes
from apps.postbox.models import Message
from tests.factories.concurrency import at_once, errors
from tests.factories.letters import make_version
from tests.factories.signing import mails, make_call, make_sign_ons, organisation, person, signed, submit

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_button_pressed_twice_at_once(call: SignOnCall) -> None:
    token = submit(call, organisation()).token

    results = at_once(*[lambda: sign_on_confirm(token=token)] * 4)

    assert [type(error) for error in errors(results)] == [AlreadyConfirmed] * 3
    assert signatory_counts(call.letter).organisations == 1
    assert len(mails()) == 2, "one to confirm, one private link"


@pytest.mark.parametrize("_again", range(3))
def test_two_colleagues_confirm_the_same_organisation_at_once(call: SignOnCall, _again: int) -> None:
    """Neither is public yet, so neither learns of the other; one counts."""
    tokens = [submit(call, organisation(email=f"{who}@kdrf.example")).token for who in ("a", "b")]

    results = at_once(*[lambda token=token: sign_on_confirm(token=token) for token in tokens])

    assert errors(results) == []
    assert Organisation.objects.count() == 1
    assert signatory_counts(call.letter).organisations == 1
    assert sorted(SignOn.objects.values_list("state", flat=True)) == ["confirmed", "held"]


@pytest.mark.parametrize("_again", range(3))
def test_two_signatures_are_renamed_to_the_same_organisation_at_once(call: SignOnCall, _again: int) -> None:
    ours = [signed(call, organisation(who, email=f"{who[0]}@x.example")) for who in ("A Forum", "B Forum")]

    results = at_once(*[lambda row=row: sign_on_correct(sign_on=row, changes={"org_name": "C Forum"}) for row in ours])

    assert errors(results) == []
    assert sorted(row.held_back for row in SignOn.objects.all()) == [False, True]
    assert signatory_counts(call.letter).organisations == 2


def test_two_colleagues_where_names_show_at_once(version: Any, cast: SimpleNamespace) -> None:
    call = make_call(version, cast, moderated=False)
    tokens = [submit(call, organisation(email=f"{who}@kdrf.example")).token for who in ("a", "b")]

    results = at_once(*[lambda token=token: sign_on_confirm(token=token) for token in tokens])

    [error] = errors(results)
    assert isinstance(error, DuplicateOrganisation), error
    assert SignOn.objects.filter(state="pending").count() == 1, "the other's form is as it was"


@pytest.mark.parametrize("again", [organisation, person])
def test_the_sign_button_pressed_four_times_at_once(call: SignOnCall, again: Any) -> None:
    results = at_once(*[lambda: submit(call, again()).outcome] * 4)

    assert sorted(results) == [Outcome.MAILED] + [Outcome.REPEATED] * 3
    assert SignOn.objects.count() == 1
    assert len(mails()) == 1


def test_two_links_of_one_signer_at_once(call: SignOnCall) -> None:
    forms = [organisation(), organisation(org_kind="farmers")]
    tokens = [submit(call, claim).token for claim in forms]

    results = at_once(*[lambda token=token: sign_on_confirm(token=token) for token in tokens])

    assert [type(error) for error in errors(results)] == [AlreadyConfirmed]
    assert signatory_counts(call.letter).organisations == 1


def test_one_person_confirms_two_forms_at_once(call: SignOnCall) -> None:
    tokens = [submit(call, person()).token, submit(call, person("A. Mensah")).token]

    results = at_once(*[lambda token=token: sign_on_confirm(token=token) for token in tokens])

    [error] = errors(results)
    assert isinstance(error, DuplicatePerson), error
    assert signatory_counts(call.letter).people == 1


def test_a_burst_of_forms_for_one_address_stays_within_the_limit(call: SignOnCall) -> None:
    acts = [lambda i=i: submit(call, organisation(f"Organisation {i}")).outcome for i in range(8)]

    results = at_once(*acts)

    assert errors(results) == []
    assert results.count(Outcome.MAILED) == MAILS_PER_HOUR
    assert len(mails()) == MAILS_PER_HOUR


def test_accepted_and_rejected_at_once(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on = signed(call, organisation())

    results = at_once(
        lambda: sign_on_accept(sign_on=sign_on, actor=cast.coordinator),
        lambda: sign_on_accept(sign_on=sign_on, actor=cast.data_officer),
    )

    assert [type(error) for error in errors(results)] == [AlreadyDecided]
    sign_on_reject(sign_on=sign_on, actor=cast.coordinator, reason="It does not exist.")
    assert signatory_counts(call.letter).organisations == 0


@pytest.mark.parametrize("attempt", range(10))
def test_confirmed_and_disowned_at_once(call: SignOnCall, attempt: int) -> None:
    """Whichever button is first wins, and the other page says so: no deadlock."""
    token = submit(call, person(email=f"a{attempt}@post.example")).token

    results = at_once(lambda: sign_on_confirm(token=token), lambda: sign_on_disown(token=token))

    assert [type(error) for error in errors(results)] == [LinkUnknown], results
    assert signatory_counts(call.letter).people == SignOn.objects.count() == (0 if results[1] is None else 1)


@pytest.mark.parametrize("attempt", range(5))
def test_confirmed_and_erased_at_once(call: SignOnCall, attempt: int) -> None:
    done = submit(call, person(email=f"a{attempt}@post.example"))

    results = at_once(lambda: sign_on_confirm(token=done.token), lambda: sign_on_erase(sign_on=done.sign_on))

    assert [error for error in errors(results) if not isinstance(error, LinkUnknown)] == []


def test_two_calls_for_one_letter_at_once(campaign: Any, cast: SimpleNamespace) -> None:
    from tests.factories import make_member

    make_member()
    version = make_version(campaign, cast)

    results = at_once(*[lambda: make_call(version, cast)] * 2)

    assert [type(error) for error in errors(results)] == [RunningCall]
    assert SignOnCall.objects.count() == 1


def test_one_moderator_accepts_and_another_rejects_at_once(call: SignOnCall, cast: SimpleNamespace) -> None:
    """Both saw the same page: one decides, the other is told."""
    sign_on = signed(call, organisation())
    seen = sign_on_fingerprint(SignOn.objects.get(pk=sign_on.pk))

    results = at_once(
        lambda: sign_on_accept(sign_on=sign_on, actor=cast.coordinator, seen=seen),
        lambda: sign_on_reject(sign_on=sign_on, actor=cast.data_officer, reason="Unknown.", seen=seen),
        lambda: sign_on_ask(sign_on=sign_on, actor=cast.data_officer, question="Who?", seen=seen),
    )

    assert [type(error) for error in errors(results)] == [AlreadyDecided] * 2
    assert ModerationDecision.objects.count() == 1


@pytest.mark.parametrize("_again", range(3))
def test_a_decision_is_undone_twice_and_overtaken_at_once(call: SignOnCall, cast: SimpleNamespace, _again: int) -> None:
    sign_on = signed(call, organisation(), accepted_by=cast.coordinator)
    decision = ModerationDecision.objects.get()

    results = at_once(
        lambda: decision_undo(decision=decision, actor=cast.coordinator),
        lambda: decision_undo(decision=decision, actor=cast.data_officer),
        lambda: sign_on_set_aside(sign_on=sign_on, actor=cast.data_officer),
    )

    assert {type(error) for error in errors(results)} == {AlreadyDecided}
    assert len(errors(results)) in {1, 2}
    row = SignOn.objects.get()
    assert (row.state, row.moderation) in {("held", "suspect"), ("confirmed", "waiting")}
    assert (row.state == "held") == (not isinstance(results[2], Exception))


@pytest.mark.parametrize("_again", range(8))
def test_a_merge_while_somebody_signs_corrects_and_withdraws(
    call: SignOnCall, cast: SimpleNamespace, _again: int
) -> None:
    """Whatever comes first, no signature belongs to a merged organisation, and each organisation counts once."""
    kept = signed(call, organisation("Kept", email="k@k.example"))
    other = signed(call, organisation("Other", email="o@o.example"))
    third = signed(call, organisation("Third", email="t@t.example"))
    token = submit(call, organisation("Other", email="p@p.example")).token

    results = at_once(
        lambda: organisation_merge(kept=kept.organisation, other=other.organisation, actor=cast.coordinator),
        lambda: organisation_merge(kept=other.organisation, other=kept.organisation, actor=cast.data_officer),
        lambda: sign_on_confirm(token=token),
        lambda: sign_on_correct(sign_on=third, changes={"org_name": "Other"}),
        lambda: sign_on_withdraw(sign_on=kept),
    )

    assert {type(error) for error in errors(results)} <= {MergedAlready, SignerBusy}, errors(results)
    assert not SignOn.objects.filter(organisation__merged_into__isnull=False).exists()
    assert not SignOn.objects.filter(claimed_organisation__merged_into__isnull=False).exists()
    counted = SignOn.objects.confirmed().values_list("organisation", flat=True)
    assert len(counted) == len(set(counted))


def test_two_bulks_of_the_same_rows_at_once(call: SignOnCall, cast: SimpleNamespace) -> None:
    rows = [signed(call, organisation(f"Union {each}", email=f"u{each}@u.example")) for each in range(20)]
    seen = {row.pk: sign_on_fingerprint(SignOn.objects.get(pk=row.pk)) for row in rows}

    def bulk(person: Any) -> Any:
        return sign_ons_decide(campaign=call.campaign, seen=seen, decision="accept", actor=person)

    results = at_once(
        lambda: bulk(cast.coordinator), lambda: bulk(cast.data_officer), lambda: sign_on_withdraw(sign_on=rows[19])
    )

    assert errors(results) == []
    decided = [len(result.decided) for result in results[:2]]
    assert sorted(decided)[0] == 0
    assert sum(decided) in {19, 20}
    assert ModerationDecision.objects.count() == sum(decided)


def waiting_from(call: SignOnCall, *addresses: str) -> list[SignOn]:
    """A signature that waits for a moderator, from each of these addresses."""
    rows = make_sign_ons(call, [f"Growers {number}" for number, _address in enumerate(addresses)])
    for row, address in zip(rows, addresses, strict=True):
        row.email, row.email_hash, row.moderation = address, lookup_hashes(address)[0].digest, "waiting"
    SignOn.objects.bulk_update(rows, ["email", "email_hash", "moderation"])
    return rows


@pytest.mark.parametrize("act", ["ask", "accept", "reject"])
def test_moderators_at_one_instant_keep_within_the_mails_of_an_address(
    call: SignOnCall, cast: SimpleNamespace, act: str
) -> None:
    rows, digest = waiting_from(call, *["one@growers.example"] * 6), lookup_hashes("one@growers.example")[0].digest
    AddressMail.objects.bulk_create(
        AddressMail(email_hash=digest, at=timezone.now(), mail_id=uuid4(), from_moderator=True)
        for _number in range(MAILS_PER_DAY - 2)
    )
    decide: dict[str, Any] = {
        "ask": partial(sign_on_ask, question="Who are you?"), "accept": sign_on_accept,
        "reject": partial(sign_on_reject, reason="Not known."),
    }  # fmt: skip

    results = at_once(*[partial(decide[act], sign_on=row, actor=cast.data_officer) for row in rows])

    assert {type(error) for error in errors(results)} <= {TooMuchMail}
    assert AddressMail.objects.filter(email_hash=digest).count() == MAILS_PER_DAY
    assert Message.objects.filter(to_hash=digest).count() == 2


def test_lists_decided_at_once_with_the_same_addresses_wait_for_each_other(
    call: SignOnCall, cast: SimpleNamespace
) -> None:
    """Neither has an address that the other waits for."""
    rows = waiting_from(call, "a@x.example", "b@x.example", "b@x.example", "a@x.example", *["c@x.example"] * 20)
    lists = [[rows[0], rows[1], *rows[4:14]], [rows[2], rows[3], *rows[14:]]]

    results = at_once(
        *[
            partial(
                sign_ons_decide, campaign=call.campaign, seen={row.pk: sign_on_fingerprint(row) for row in some},
                decision="accept", actor=cast.data_officer,
            )
            for some in lists
        ]
    )  # fmt: skip

    assert errors(results) == []
    assert [len(result.decided) for result in results] == [12, 12]
    assert Message.objects.filter(to_hash=lookup_hashes("c@x.example")[0].digest).count() == MAILS_PER_DAY
