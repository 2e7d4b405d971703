"""Counts of signatures: exact whatever changes the rows and however many do so at once; what differs is corrected."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from apps.coalitions.models import SignatoryChange, SignatoryTotal, SignOn, SignOnCall
from apps.coalitions.selectors.signatory_counts import signatory_counts, version_counts
from apps.coalitions.selectors.signatory_lists import country_signatories, public_signatories
from apps.coalitions.services.closing_times import sign_on_call_close
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.erasure import sign_on_erase
from apps.coalitions.services.exceptions import AlreadyConfirmed
from apps.coalitions.services.moderation import sign_on_accept, sign_on_reject
from apps.coalitions.services.signatory_counts import signatory_changes_add, signatory_counts_correct
from apps.coalitions.services.signer_changes import sign_on_correct, sign_on_withdraw
from apps.coalitions.services.submission import Outcome
from apps.core.territories import INTERNATIONAL
from tests.factories.concurrency import at_once, errors
from tests.factories.letters import make_next_version
from tests.factories.signing import make_call, make_sign_ons, organisation, person, signed, submit


def rows_counted(version: Any) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    """Counted from the rows themselves: ({(country, kind): signatures}, {country: public names})."""
    rows = list(SignOn.objects.confirmed().covering(version))
    named = SignOn.objects.covering(version).named_publicly()
    return Counter((row.country, row.kind) for row in rows), Counter(row.country for row in named)


def assert_right(call: SignOnCall) -> None:
    signed_by, named = rows_counted(call.version)
    counts = version_counts(call.version)
    assert counts.total == sum(signed_by.values())
    assert counts.people == sum(number for (_country, kind), number in signed_by.items() if kind == "person")
    assert counts.countries == len({country for country, _kind in signed_by} - {INTERNATIONAL})
    assert counts.named == named
    assert signatory_counts_correct() == 0


@pytest.mark.django_db
def test_counts_hold_after_everything_that_happens_to_a_signature(call: SignOnCall, cast: SimpleNamespace) -> None:
    acts: list[Any] = [
        lambda: signed(call, organisation()),
        lambda: signed(call, person(), accepted_by=cast.coordinator),
        lambda: signatory_changes_add(),
        lambda: signed(call, person("B", email="b@post.example", visibility="counted"), accepted_by=cast.coordinator),
        lambda: sign_on_accept(sign_on=SignOn.objects.get(org_name__gt=""), actor=cast.coordinator),
        lambda: sign_on_correct(sign_on=SignOn.objects.get(org_name__gt=""), changes={"country": "TG"}),
        lambda: sign_on_correct(sign_on=SignOn.objects.get(org_name__gt=""), changes={"country": INTERNATIONAL}),
        lambda: sign_on_withdraw(sign_on=SignOn.objects.get(display_name="Afi Mensah")),
        lambda: signatory_changes_add(),
        lambda: sign_on_reject(sign_on=SignOn.objects.get(org_name__gt=""), actor=cast.coordinator, reason="No."),
        lambda: sign_on_erase(sign_on=SignOn.objects.get(visibility="counted")),
        lambda: SignOn.objects.update(state="confirmed", moderation="accepted"),
        lambda: SignOn.objects.update(visibility="public", country="KE"),
    ]
    for act in acts:
        act()
        assert_right(call)
    assert signatory_counts(call.letter).total == 3


@pytest.mark.django_db
def test_a_signature_carried_on_counts_for_both_versions(call: SignOnCall, cast: SimpleNamespace) -> None:
    signed(call, person())
    sign_on_call_close(call=call, actor=cast.coordinator)
    later = make_call(make_next_version(call.letter, cast), cast)
    signed(later, person())
    assert_right(call)
    assert_right(later)
    assert [version_counts(each.version).people for each in (call, later)] == [1, 1]


@pytest.mark.django_db
def test_what_is_wrong_is_found_and_put_right(call: SignOnCall, capsys: Any) -> None:
    make_sign_ons(call, ["A", "B", "C"])
    signatory_changes_add()
    SignatoryTotal.objects.update(signed=7)
    assert version_counts(call.version).total == 7

    call_command("recount_signatures")

    assert "1 counts were wrong" in capsys.readouterr().out
    assert version_counts(call.version).total == 3
    assert signatory_counts_correct() == 0


@pytest.mark.django_db
def test_a_rolled_back_change_leaves_no_trace(call: SignOnCall) -> None:
    with transaction.atomic():
        make_sign_ons(call, ["A"])
        transaction.set_rollback(True)
    assert version_counts(call.version).total == 0


@pytest.mark.django_db
def test_a_country_is_read_name_by_name(call: SignOnCall) -> None:
    """Twenty namesakes among them: each is on one page, and none is left out."""
    make_sign_ons(call, [f"Forum {number:03}" for number in range(30)])
    make_sign_ons(call, ["Forum 010"] * 1, country="TG")
    SignOn.objects.filter(country="KE", name_key__lt="forum 020").update(name_key="forum", org_name="Forum")
    seen: list[int] = []
    after = 0
    while names := country_signatories(call.letter, "KE", after=after, most=7).names:
        seen += [name.id for name in names]
        after = seen[-1]
    assert len(seen) == len(set(seen)) == 30
    assert [name.name for name in public_signatories(call.letter, 2)[0].names] == ["Forum", "Forum"]


@pytest.mark.django_db
def test_the_place_in_a_list_gives_no_hidden_name_away(call: SignOnCall) -> None:
    shown = make_sign_ons(call, ["A", "C"])
    [hidden] = make_sign_ons(call, ["B"], visibility="government")
    names = [name.id for name in country_signatories(call.letter, "KE", after=hidden.pk).names]
    assert names == [sign_on.pk for sign_on in shown], "from the beginning, as for a number that does not exist"


@pytest.mark.django_db(transaction=True)
def test_one_link_is_confirmed_fifty_times_at_once(call: SignOnCall) -> None:
    token = submit(call, person()).token

    results = at_once(*[lambda: sign_on_confirm(token=token)] * 50)

    assert [type(error) for error in errors(results)] == [AlreadyConfirmed] * 49
    assert version_counts(call.version).total == 1
    assert_right(call)


@pytest.mark.django_db(transaction=True)
def test_one_form_is_sent_fifty_times_at_once(call: SignOnCall) -> None:
    results = at_once(*[lambda: submit(call, person()).outcome] * 50)

    assert Counter(results) == {Outcome.MAILED: 1, Outcome.REPEATED: 49}
    assert SignOn.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_changes_are_added_while_people_sign(call: SignOnCall) -> None:
    """Three add up at the same time, twelve sign; nothing is counted twice or lost."""
    tokens = [submit(call, person(f"P{n}", email=f"p{n}@post.example")).token for n in range(12)]
    signing = [lambda token=token: sign_on_confirm(token=token) for token in tokens]

    results = at_once(*signing, *[signatory_changes_add] * 3, signatory_counts_correct)

    assert errors(results) == []
    assert_right(call)
    signatory_changes_add()
    assert SignatoryChange.objects.count() == 0
    assert_right(call)
    connection.close()
