"""Two at once: real transactions in threads. One wins, the other is told; limits and counts hold."""

from types import SimpleNamespace
from typing import Any

import pytest

from apps.coalitions.models import Organisation, SignOn, SignOnCall
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
from apps.coalitions.services.moderation import AlreadyDecided, sign_on_accept, sign_on_reject
from apps.coalitions.services.signer_changes import sign_on_correct, sign_on_disown
from apps.coalitions.services.signer_mails import MAILS_PER_HOUR
from apps.coalitions.services.submission import Outcome
from tests.factories.concurrency import at_once, errors
from tests.factories.letters import make_version
from tests.factories.signing import mails, make_call, organisation, person, signed, submit

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
