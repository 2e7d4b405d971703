"""A new version put in place while signers confirm, withdraw and answer, lists are frozen, or the process is killed."""

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from apps.coalitions.models import SignerNotice, SignOn, SignOnCall, SignOnVersion, VersionReplacement
from apps.coalitions.selectors.signatory_counts import version_counts
from apps.coalitions.services import (
    confirmation,
    signer_changes,
    signer_notices,
    submission,
    version_answers,
    version_replacements,
)
from apps.coalitions.services.annexes import annex_freeze
from apps.coalitions.services.closing_times import sign_on_call_close
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.exceptions import ReplacementDecided, TextReplaced
from apps.coalitions.services.organisation_merges import organisation_merge
from apps.coalitions.services.signatory_counts import signatory_counts_correct
from apps.coalitions.services.signer_changes import sign_on_withdraw
from apps.coalitions.services.signer_notices import notices_send
from apps.coalitions.services.version_answers import new_version_sign
from apps.coalitions.services.version_replacements import version_replacement_agree
from apps.letters.services.drafts import letter_text_save
from tests.factories.concurrency import at_once, errors
from tests.factories.letters import approve_and_freeze, make_next_version
from tests.factories.signing import (
    make_call,
    make_sign_on,
    make_sign_ons,
    person,
    propose,
    replace_version,
    some_time_passes,
    submit,
)

pytestmark = pytest.mark.django_db(transaction=True)


class RunDuringCall:
    """Starts `act` on another connection when `module.name` was called, and goes on once so many wait for a lock, or it
    is done."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, act: Callable[[], Any], waiting: int = 1
    ) -> None:
        self.result: list[Any] = []
        original = getattr(module, name)
        self.thread = threading.Thread(target=lambda: self.result.extend(at_once(act)))

        def called(*args: Any, **kwargs: Any) -> Any:
            monkeypatch.setattr(module, name, original)
            found = original(*args, **kwargs)
            self.thread.start()
            while self.thread.is_alive() and _waiting() < waiting:
                self.thread.join(0.02)
            return found

        monkeypatch.setattr(module, name, called)

    def outcome(self) -> Any:
        self.thread.join(30)
        return self.result[0]


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])


def agreeing(replacement: VersionReplacement, cast: Any) -> Callable[[], Any]:
    return lambda: version_replacement_agree(replacement=replacement, actor=cast.reviewer)


def check_exact(call: SignOnCall) -> None:
    """The counts are those of the rows, and every standing signature of the call covers a version."""
    assert signatory_counts_correct() == 0
    call.refresh_from_db()
    covered = SignOn.objects.confirmed().covering(call.version).count()
    assert version_counts(call.version).total == covered


def test_two_people_agree_at_once(call: SignOnCall, cast: SimpleNamespace) -> None:
    make_sign_ons(call, ["Growers", "Weavers"])
    make_next_version(call.letter, cast)
    replacement = propose(call, cast)

    results = at_once(*[agreeing(replacement, cast)] * 3)

    assert [type(error) for error in errors(results)] == [ReplacementDecided] * 2
    assert SignOnVersion.objects.filter(replacement=replacement).count() == 2
    check_exact(call)


def test_who_is_confirming_is_carried_over(
    call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = submit(call, person()).token
    make_next_version(call.letter, cast)
    replacement = propose(call, cast)
    swap = RunDuringCall(monkeypatch, confirmation, "log_entry_add", agreeing(replacement, cast))

    sign_on = sign_on_confirm(token=token).sign_on

    assert swap.outcome().carried == 1
    assert sorted(each.version.number for each in sign_on.covers.all()) == [1, 2]
    assert SignerNotice.objects.get().sign_on == sign_on
    check_exact(call)


def test_who_confirms_a_moment_later_sees_the_new_text_first(
    call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = submit(call, person()).token
    make_next_version(call.letter, cast)
    replacement = propose(call, cast)
    late = RunDuringCall(monkeypatch, version_replacements, "notices_queue", lambda: sign_on_confirm(token=token))

    agreeing(replacement, cast)()

    assert isinstance(late.outcome(), TextReplaced)
    assert SignOn.objects.get().state == "pending"
    check_exact(call)


def test_who_is_withdrawing_is_not_carried_over(
    call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_on, _other = make_sign_ons(call, ["Growers", "Weavers"])
    make_next_version(call.letter, cast)
    replacement = propose(call, cast)
    swap = RunDuringCall(monkeypatch, signer_changes, "annex_names_remove", agreeing(replacement, cast))

    sign_on_withdraw(sign_on=sign_on)

    assert swap.outcome().carried == 1
    assert version_counts(replacement.after).total == 1
    check_exact(call)


def test_who_withdraws_a_moment_later_does_not_count(
    call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_on, _other = make_sign_ons(call, ["Growers", "Weavers"])
    make_next_version(call.letter, cast)
    replacement = propose(call, cast)
    late = RunDuringCall(
        monkeypatch, version_replacements, "notices_queue", lambda: sign_on_withdraw(sign_on=sign_on)
    )  # fmt: skip

    agreeing(replacement, cast)()

    assert late.outcome().state == "withdrawn"
    assert version_counts(replacement.after).total == 1
    assert notices_send() == 1
    check_exact(call)


def test_a_list_frozen_meanwhile_has_all_or_waits(
    call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sign_ons(call, ["Growers", "Weavers"])
    later = make_next_version(call.letter, cast)
    replacement = propose(call, cast)
    late = RunDuringCall(
        monkeypatch, version_replacements, "notices_queue", lambda: annex_freeze(version=later, actor=None)
    )

    agreeing(replacement, cast)()

    assert late.outcome().signatures == 2


def test_an_answer_is_before_or_after_the_next_version(
    call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_on = make_sign_on(call, "Growers")
    make_next_version(call.letter, cast)
    replace_version(call, cast, "material")
    text = call.letter.texts.get()
    letter_text_save(text=text, actor=cast.drafter, revision=text.revision, subject="Corrected", body=text.body)
    approve_and_freeze(call.letter, cast)
    replacement, seen = propose(call, cast), call.version_id
    swap = RunDuringCall(monkeypatch, version_answers, "log_entry_add", agreeing(replacement, cast))

    new_version_sign(sign_on=sign_on, version=seen)

    assert swap.outcome().carried == 1
    assert sorted(each.version.number for each in sign_on.covers.all()) == [1, 2, 3]
    check_exact(call)


def test_killed_half_way_it_has_done_nothing(
    call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sign_ons(call, ["Growers", "Weavers"])
    later = make_next_version(call.letter, cast)
    replacement = propose(call, cast)

    def killed(**_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(version_replacements, "notices_queue", killed)
    with pytest.raises(KeyboardInterrupt):
        agreeing(replacement, cast)()
    call.refresh_from_db()
    assert (call.version.number, version_counts(later).total) == (1, 0)
    monkeypatch.undo()

    assert agreeing(replacement, cast)().carried == 2
    check_exact(call)


def test_two_workers_send_each_notice_once(call: SignOnCall, cast: SimpleNamespace) -> None:
    make_sign_ons(call, [f"Farmers {number}" for number in range(12)])
    make_next_version(call.letter, cast)
    replace_version(call, cast)

    assert sum(at_once(notices_send, notices_send, notices_send)) == 12
    assert SignerNotice.objects.filter(mailed_at__isnull=False, next_at=None).count() == 12


# ---- nobody waits in a circle


def test_who_withdraws_returns_an_older_signature_beside_it(
    call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside, counted = make_sign_ons(call, ["Growers of the coast", "Growers"])
    assert beside.organisation is not None
    assert counted.organisation is not None
    organisation_merge(kept=counted.organisation, other=beside.organisation, actor=cast.coordinator)
    make_next_version(call.letter, cast)
    replacement = propose(call, cast)
    swap = RunDuringCall(monkeypatch, signer_changes, "annex_names_remove", agreeing(replacement, cast))

    sign_on_withdraw(sign_on=counted)

    assert swap.outcome().state == "agreed"
    beside.refresh_from_db()
    assert (beside.state, beside.moderation) == ("held", "waiting")
    check_exact(call)


def test_who_signs_again_while_the_first_form_is_confirmed(
    call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form holds the address, for which the button waits with its row locked, for which the swap waits."""
    token = submit(call, person()).token
    some_time_passes()
    make_next_version(call.letter, cast)
    replacement = propose(call, cast)
    others = RunDuringCall(
        monkeypatch, submission, "address_may_get_mail",
        lambda: at_once(lambda: sign_on_confirm(token=token), agreeing(replacement, cast)), waiting=2,
    )  # fmt: skip

    again = submit(call, person())

    confirmed, agreed = others.outcome()
    assert again.outcome == "mailed"
    assert agreed.state == "agreed"
    assert isinstance(confirmed, TextReplaced) or confirmed.sign_on.state == "confirmed"
    check_exact(call)


def test_an_answer_and_a_swap_of_two_calls_lock_them_in_one_order(
    call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_on = make_sign_on(call, "Growers")
    sign_on_call_close(call=call, actor=cast.coordinator)
    later = make_call(call.version, cast)
    make_next_version(call.letter, cast)
    replacement = propose(later, cast)
    answer = RunDuringCall(
        monkeypatch, version_replacements, "_locked",
        lambda: new_version_sign(sign_on=sign_on, version=replacement.after_id),
    )  # fmt: skip

    assert agreeing(replacement, cast)().carried == 1

    assert answer.outcome().pk == sign_on.pk
    call.refresh_from_db()
    assert call.version == replacement.after


def test_who_answers_while_the_reminder_is_written(
    call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_on = make_sign_on(call, "Growers")
    make_next_version(call.letter, cast)
    replace_version(call, cast, "material")
    answer = RunDuringCall(
        monkeypatch, signer_notices, "address_may_get_mail",
        lambda: new_version_sign(sign_on=sign_on, version=call.version_id),
    )  # fmt: skip

    assert notices_send() == 1

    assert answer.outcome().version_id == call.version_id
    assert SignerNotice.objects.get().answer == "signed"


def test_who_closes_waits_for_the_form_that_is_being_sent(
    call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing = RunDuringCall(
        monkeypatch, submission, "_completed", lambda: sign_on_call_close(call=call, actor=cast.coordinator)
    )

    sign_on = submit(call, person()).sign_on

    assert closing.outcome().closed_at is not None
    sign_on.refresh_from_db()
    assert sign_on.expires_at == closing.outcome().closed_at, "no form outlives the letter"
