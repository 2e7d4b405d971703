"""The log of signatures: every act is in it, numbered once and without gaps, and nothing in it can change unseen."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.coalitions.models import SignatureLogEntry, SignatureLogHead, SignOn, SignOnCall
from apps.coalitions.selectors.signature_log import newest_head
from apps.coalitions.selectors.signature_log_findings import log_findings
from apps.coalitions.services import signature_log
from apps.coalitions.services.closing_times import sign_on_call_close
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.erasure import expired_sweep, sign_on_erase
from apps.coalitions.services.moderation import sign_on_accept, sign_on_reject
from apps.coalitions.services.signature_log import log_entries_number
from apps.coalitions.services.signer_changes import sign_on_correct, sign_on_withdraw
from apps.coalitions.tasks import number_log_entries
from apps.core.merkle_tree import GrowingTree
from tests.access.world import make_world
from tests.factories.concurrency import at_once, errors
from tests.factories.letters import make_next_version
from tests.factories.signing import make_call, organisation, person, signed, submit

pytestmark = pytest.mark.django_db
for_real = pytest.mark.django_db(transaction=True)


def findings(call: SignOnCall, *heads: tuple[str, int]) -> list[str]:
    return list(log_findings(call.campaign, heads))


def numbered() -> list[SignatureLogEntry]:
    """All entries, after the sequencer ran."""
    log_entries_number()
    return list(SignatureLogEntry.objects.order_by("sequence"))


def behind_the_triggers(*statements: str) -> None:
    """As somebody with the database's password could."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def on_a_day(monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    now = datetime(2026, 12, day, 12, tzinfo=UTC)
    monkeypatch.setattr(signature_log, "timezone", SimpleNamespace(now=lambda: now))


# ---- what is recorded


def test_every_act_that_changes_what_counts_or_is_shown_is_an_entry(call: SignOnCall, cast: SimpleNamespace) -> None:
    one = signed(call, organisation(), accepted_by=cast.coordinator)
    two = signed(call, person(visibility="counted"), accepted_by=cast.coordinator)
    sign_on_correct(sign_on=one, changes={"org_name": "Kisumu Data Forum"})
    sign_on_reject(sign_on=one, actor=cast.coordinator, reason="It does not exist.")
    sign_on_withdraw(sign_on=two)
    sign_on_erase(sign_on=two)

    entries = numbered()

    acts = ["confirm", "accept", "confirm", "accept", "correct", "reject", "withdraw", "erase"]
    assert [entry.act for entry in entries] == acts
    assert [entry.sequence for entry in entries] == list(range(1, 9))
    assert [entry.sign_on_id for entry in entries] == [one.pk] * 2 + [two.pk] * 2 + [one.pk] * 2 + [two.pk] * 2
    assert findings(call) == []


def test_a_form_that_never_counted_is_not_in_the_log(call: SignOnCall, cast: SimpleNamespace) -> None:
    submit(call, person())
    suspect = submit(call, organisation(state="suspect")).sign_on
    sign_on_reject(sign_on=suspect, actor=cast.coordinator, reason="A bot.")
    sign_on_erase(sign_on=suspect)
    assert numbered() == []
    assert findings(call) == []


def test_a_held_signature_has_the_same_entry_as_a_counted_one(call: SignOnCall, cast: SimpleNamespace) -> None:
    """Its signer must not learn of the other: the leaf does not tell the state, and the acts are the same."""
    counted, held = (signed(call, organisation(email=f"{who}@kdrf.example")) for who in ("a", "b"))
    assert held.state == "held"
    sign_on_reject(sign_on=counted, actor=cast.coordinator, reason="The other is right.")
    sign_on_accept(sign_on=held, actor=cast.coordinator)

    entries = numbered()

    assert [(entry.act, entry.state) for entry in entries] == [
        ("confirm", "confirmed"), ("confirm", "held"), ("reject", "rejected"), ("accept", "confirmed"),
    ]  # fmt: skip
    assert all(set(entry.leaf()) == {"act", "at", "commitment", "row"} for entry in entries)
    assert findings(call) == []


def test_a_signature_to_the_next_version_goes_on_in_the_same_row(call: SignOnCall, cast: SimpleNamespace) -> None:
    signed(call, organisation())
    sign_on_call_close(call=call, actor=cast.coordinator)
    later = make_call(make_next_version(call.letter, cast), cast)
    signed(later, organisation(visibility="government"))
    assert [entry.act for entry in numbered()] == ["confirm", "confirm"]
    assert SignOn.objects.count() == 1
    assert findings(call) == []


@pytest.mark.parametrize("make", [organisation, person])
def test_the_log_can_be_proved_when_the_time_is_over(call: SignOnCall, make: Any) -> None:
    """Retention erases people's names and their salts; the entries stay, and so does the head."""
    signed(call, make())
    log_entries_number()
    head = newest_head(call.campaign_id)
    SignOnCall.objects.update(
        closes_at=timezone.now() - timedelta(days=3000), opens_at=timezone.now() - timedelta(4000)
    )

    assert expired_sweep()["retention_wiped"] == 1

    numbered()
    assert head is not None
    assert findings(call, (head.root, head.size)) == []


def test_the_log_has_no_personal_data(call: SignOnCall, cast: SimpleNamespace) -> None:
    """Nothing of what was typed, of the salt or of the address is in its tables, before erasure or after."""
    canary = {"email": "canary@birds.example", "country": "TG", "visibility": "counted"}
    sign_on = signed(call, person("Canary Kanarek", **canary), accepted_by=cast.coordinator)
    salt, hashed = sign_on.salt, sign_on.email_hash
    log_entries_number()

    assert stored() != ""
    for secret in ("anary", "birds", salt, hashed):
        assert secret not in stored()
    kept = {entry.sequence: entry.commitment for entry in numbered()}
    sign_on_erase(sign_on=sign_on)

    sign_on.refresh_from_db()
    assert sign_on.salt == "", "without it nobody can try names against the commitments"
    assert {entry.sequence: entry.commitment for entry in numbered()} == {**kept, 3: numbered()[-1].commitment}
    assert findings(call) == []


def stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row_to_json(entry)::text, ' ') FROM coalitions_signaturelogentry AS entry")
        return str(cursor.fetchone()[0])


def test_nothing_that_a_campaign_does_passes_by_the_log(db: None) -> None:
    """A campaign with one of everything: merged organisations, decisions of every kind, mailings, addenda."""
    world = make_world("ours", drafts=1)
    assert SignatureLogEntry.objects.filter(campaign=world.campaign).count() > 5
    assert list(log_findings(world.campaign)) == []


# ---- what it costs the signer


def test_confirming_takes_no_statement_more(call: SignOnCall) -> None:
    token = submit(call, organisation()).token
    with CaptureQueriesContext(connection) as taken:
        sign_on_confirm(token=token)
    [ours] = [query["sql"] for query in taken.captured_queries if "signaturelog" in query["sql"]]
    assert "INSERT" in ours
    assert 'INSERT INTO "core_auditevent"' in ours, "one statement with the other rows"


@for_real
def test_confirming_does_not_wait_for_the_sequencer(call: SignOnCall) -> None:
    """Nor for one that hangs with its lock."""
    signed(call, organisation())
    token = submit(call, person()).token
    with transaction.atomic():
        assert signature_log._batch_number() == 1

        [result] = at_once(lambda: (sign_on_confirm(token=token), log_entries_number())[1])

    assert result == 0, "the other one numbers, so this one leaves it"
    assert [entry.sequence for entry in numbered()] == [1, 2]
    assert findings(call) == []


# ---- the sequencer


@for_real
def test_several_sequencers_at_once(call: SignOnCall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signature_log, "BATCH", 2)
    sign_on = signed(call, organisation())
    for number in range(20):
        sign_on_correct(sign_on=sign_on, changes={"org_members": number})

    results = at_once(*[log_entries_number] * 4)

    assert errors(results) == []
    assert sum(results) == 21
    assert [entry.sequence for entry in SignatureLogEntry.objects.order_by("id")] == list(range(1, 22))
    assert findings(call) == []


@for_real
def test_signers_and_sequencers_at_once(call: SignOnCall) -> None:
    tokens = [submit(call, person(f"Signer {n}", email=f"s{n}@post.example")).token for n in range(12)]
    acts = [lambda token=token: sign_on_confirm(token=token) for token in tokens]

    assert errors(at_once(*acts[:6], log_entries_number, *acts[6:], log_entries_number)) == []

    assert [entry.sequence for entry in numbered()] == list(range(1, 13))
    assert findings(call) == []


@for_real
def test_a_sequencer_killed_half_way_has_lost_nothing(call: SignOnCall, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        signed(call, person(f"Signer {n}", email=f"s{n}@post.example"))
    append, calls = GrowingTree.append, []

    def dies(tree: GrowingTree, leaf: bytes) -> list[bytes]:
        calls.append(leaf)
        if len(calls) == 4:
            connection.cursor().execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return append(tree, leaf)

    with monkeypatch.context() as patched:
        patched.setattr(signature_log, "BATCH", 2)
        patched.setattr(GrowingTree, "append", dies)
        [error] = errors(at_once(log_entries_number))

    assert isinstance(error, OperationalError)
    assert sorted(entry.sequence or 0 for entry in SignatureLogEntry.objects.all()) == [0, 0, 0, 1, 2]
    assert [entry.sequence for entry in numbered()] == [1, 2, 3, 4, 5]
    assert findings(call) == []


def test_the_worker_and_the_command_do_the_same(call: SignOnCall) -> None:
    signed(call, organisation())
    number_log_entries()
    signed(call, person())
    out = StringIO()
    call_command("number_log_entries", stdout=out)
    assert out.getvalue() == "1 entries numbered\n"
    assert [entry.sequence for entry in numbered()] == [1, 2]


def test_each_campaign_has_its_own_numbers(call: SignOnCall, cast: SimpleNamespace) -> None:
    from tests.factories import make_campaign
    from tests.factories.letters import make_version

    other = make_call(make_version(make_campaign("other"), cast), cast)
    signed(call, organisation())
    signed(other, organisation(email="x@other.example"))
    signed(call, person())

    assert {(entry.campaign_id, entry.sequence) for entry in numbered()} == {
        (call.campaign_id, 1), (other.campaign_id, 1), (call.campaign_id, 2),
    }  # fmt: skip
    assert findings(call) == findings(other) == []


def test_the_head_of_each_day_on_which_it_grew_is_published(call: SignOnCall, monkeypatch: pytest.MonkeyPatch) -> None:
    for day, name in ((1, "Afi"), (2, "Kofi"), (5, "Ama")):
        on_a_day(monkeypatch, day)
        signed(call, person(name, email=f"{name}@post.example"))
        log_entries_number()
        log_entries_number()
    assert [(head.day.day, head.size) for head in SignatureLogHead.objects.all()] == [(2, 2), (1, 1)]
    on_a_day(monkeypatch, 6)
    log_entries_number()
    newest = SignatureLogHead.objects.all()[0]
    head = newest_head(call.campaign_id)
    assert (newest.day.day, newest.size, newest.root) == (5, 3, head.root if head else "")
    assert findings(call) == []


# ---- what is found


@pytest.fixture
def log(call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> SignOnCall:
    """Seven entries over two days, the second of which is not over, about two signatures."""
    on_a_day(monkeypatch, 1)
    one = signed(call, organisation(), accepted_by=cast.coordinator)
    two = signed(call, person())
    sign_on_correct(sign_on=one, changes={"org_members": 7})
    log_entries_number()
    on_a_day(monkeypatch, 2)
    sign_on_accept(sign_on=two, actor=cast.coordinator)
    sign_on_correct(sign_on=two, changes={"country": "GH"})
    sign_on_withdraw(sign_on=two)
    log_entries_number()
    assert findings(call) == []
    return call


ENTRY = "coalitions_signaturelogentry"
SWAP = (
    f"UPDATE {ENTRY} SET sequence = sequence + 100 WHERE sequence IN (%(a)s, %(b)s)",
    f"UPDATE {ENTRY} SET sequence = CASE sequence WHEN 100 + %(a)s THEN %(b)s ELSE %(a)s END WHERE sequence > 100",
)


def swap(a: int, b: int) -> tuple[str, ...]:
    return tuple(statement % {"a": a, "b": b} for statement in SWAP)


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        ([f"UPDATE {ENTRY} SET act = 'accept' WHERE sequence = 3"], ["entry 3 was altered"]),
        ([f"UPDATE {ENTRY} SET at = at + interval '1 hour' WHERE sequence = 4"], ["entry 4 was altered"]),
        ([f"UPDATE {ENTRY} SET state = 'rejected' WHERE sequence = 3"], ["entry 3 was altered"]),
        ([f"UPDATE {ENTRY} SET sign_on_id = sign_on_id + 1 WHERE sequence = 1"], ["entry 1 was altered"]),
        ([f"UPDATE {ENTRY} SET commitment = repeat('0', 64) WHERE sequence = 1"], ["entry 1 was altered"]),
        ([f"UPDATE {ENTRY} SET row_salt = 'x' WHERE sequence = 2"], ["entry 2 was altered"]),
        ([f"UPDATE {ENTRY} SET subtrees = sha256('x') WHERE sequence = 5"], ["entry 5 was altered"]),
        ([f"DELETE FROM {ENTRY} WHERE sequence = 3"], ["entries 3 to 3 are missing", "from 4 on"]),
        ([f"DELETE FROM {ENTRY} WHERE sequence = 1"], ["entries 1 to 1 are missing", "from 2 on"]),
        ([f"DELETE FROM {ENTRY} WHERE sequence = 7"], ["is withdrawn, but confirmed in its newest entry"]),
        ([f"DELETE FROM {ENTRY} WHERE sequence > 3"], ["head of 2026-12-01 covers 4 entries, but", "signature"]),
        (
            [
                f"DELETE FROM {ENTRY} WHERE sequence = 3",
                f"UPDATE {ENTRY} SET sequence = sequence - 1 WHERE sequence > 3",
            ],
            ["does not follow"],
        ),
        (swap(1, 2), ["entry 1 does not follow", "entry 2 does not follow"]),
        (swap(5, 7), ["entry 6 does not follow"]),
        (["UPDATE coalitions_signatureloghead SET root = repeat('0', 64)"], ["the head of 2026-12-01 (0000"]),
        (["UPDATE coalitions_signatureloghead SET size = 3"], ["the head of 2026-12-01"]),
        (["UPDATE coalitions_signatureloghead SET size = 30"], ["covers 30 entries, but the log has fewer"]),
        (["DELETE FROM coalitions_signatureloghead"], ["the head of 2026-12-01 is missing"]),
    ],
)  # fmt: skip
def test_whatever_is_done_to_the_log_is_found(log: SignOnCall, statements: list[str], found: list[str]) -> None:
    behind_the_triggers(*statements)
    lines = findings(log)
    for words in found:
        assert any(words in line for line in lines), lines
    assert len(lines) <= len(found) + 6, lines


@pytest.mark.parametrize(
    "change",
    [
        "org_name = 'Kisumu Data Lobby'", "org_name_english = 'Other'", "org_website = 'x.example'", "country = 'FR'",
        "visibility = 'government'", "display_name = 'Somebody'", "org_members = 8", "state = 'rejected'",
        "state = 'pending'", "state = 'held'", "confirmed_at = now()", "confirmed_at = NULL", "salt = ''",
        "kind = 'person'",
    ],
)  # fmt: skip
def test_a_signature_that_is_not_as_its_newest_entry_says_is_found(log: SignOnCall, change: str) -> None:
    behind_the_triggers(f"UPDATE coalitions_signon SET {change} WHERE kind = 'organisation'")
    assert any("signature" in line for line in findings(log)), change


def test_signatures_that_came_or_went_without_an_act_are_found(log: SignOnCall) -> None:
    sign_on = SignOn.objects.get(kind="organisation")
    submit(log, person("Nobody", email="nobody@post.example"))
    invented = SignOn.objects.get(display_name="Nobody")
    behind_the_triggers(
        f"UPDATE coalitions_signon SET state = 'confirmed' WHERE id = {invented.pk}",
        f"DELETE FROM coalitions_signonversion WHERE sign_on_id = {sign_on.pk}",
    )
    assert findings(log) == [
        f"signature {sign_on.pk} does not cover the version that it signed",
        f"signature {invented.pk} (confirmed) is not in the log",
    ]
    behind_the_triggers(
        f"DELETE FROM coalitions_signontoken WHERE sign_on_id = {sign_on.pk}",
        f"DELETE FROM coalitions_moderationdecision WHERE sign_on_id = {sign_on.pk}",
        f"DELETE FROM coalitions_signon WHERE id = {sign_on.pk}",
    )
    assert f"signature {sign_on.pk} is in the log, but its row is gone" in findings(log)


def test_a_log_written_anew_is_found_by_the_head_in_an_old_mail(log: SignOnCall) -> None:
    """Whoever recomputes everything, heads and all, meets the mails that are out."""
    before = newest_head(log.campaign_id)
    behind_the_triggers(
        f"UPDATE {ENTRY} SET act = 'reject' WHERE sequence = 2",
        f"UPDATE {ENTRY} SET sequence = NULL, subtrees = NULL, numbered_at = NULL",
        "DELETE FROM coalitions_signatureloghead",
    )
    log_entries_number()
    assert findings(log) == []
    assert before is not None
    [line] = findings(log, (before.root, before.size))
    assert line.startswith(f"the head {before} is not that of the first 7 entries")


def test_the_database_refuses_to_change_an_entry(log: SignOnCall) -> None:
    signed(log, person("Kofi", email="kofi@post.example"))
    waiting = "WHERE sequence IS NULL"
    number = "sequence = 8, numbered_at = now(), subtrees = ''"
    for statement in (
        f"UPDATE {ENTRY} SET act = 'reject' WHERE sequence = 1",
        f"UPDATE {ENTRY} SET sequence = NULL, numbered_at = NULL, subtrees = NULL WHERE sequence = 7",
        f"UPDATE {ENTRY} SET {number} WHERE sequence = 7",
        f"UPDATE {ENTRY} SET act = 'reject' {waiting}",
        f"UPDATE {ENTRY} SET {number}, act = 'reject' {waiting}",
        f"DELETE FROM {ENTRY} {waiting}",
        "UPDATE coalitions_signatureloghead SET size = 1",
    ):
        with pytest.raises(IntegrityError, match="is refused"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    log_entries_number()
    assert findings(log) == []


# ---- the command


def verify(*args: str) -> str:
    out = StringIO()
    try:
        call_command("verify_log", *args, stdout=out)
    except CommandError as error:
        return f"{out.getvalue()}{error.returncode}: {error}"
    return out.getvalue()


def test_the_command_says_that_all_is_well(log: SignOnCall) -> None:
    head = newest_head(log.campaign_id)
    signed(log, person("Kofi", email="kofi@post.example"))
    slug = log.campaign.slug
    assert verify(slug, "--head", str(head)) == f"{slug}: 7 entries checked, 1 not numbered yet, 0 findings\n"
    assert verify() == f"{slug}: 7 entries checked, 1 not numbered yet, 0 findings\n"


def test_the_command_fails_with_one_line_for_each_finding(log: SignOnCall) -> None:
    behind_the_triggers(f"UPDATE {ENTRY} SET act = 'reject' WHERE sequence IN (2, 4)")
    slug, wrong = log.campaign.slug, f"{'ab' * 32}@5"
    assert [line.split(" (")[0] for line in verify(slug, "--head", wrong).splitlines()] == [
        f"{slug}: entry 2 was altered",
        f"{slug}: entry 4 was altered",
        f"{slug}: the head {wrong} is not that of the first 5 entries: {root_of(log, 5)}",
        f"{slug}: 7 entries checked, 0 not numbered yet, 3 findings",
        "1: 3 findings",
    ]


def root_of(log: SignOnCall, size: int) -> str:
    return signature_log.growing_tree(log.campaign_id, size).root().hex()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["nowhere"], "There is no campaign nowhere."),
        (["--head", "ab" * 32 + "@5"], "Name the campaign"),
        (["mc11", "--head", "abc@5"], "A head is written HASH@N"),
        (["mc11", "--head", "ab" * 32 + "@0"], "A head is written HASH@N"),
    ],
)
def test_the_command_says_what_it_cannot_read(log: SignOnCall, args: list[str], words: str) -> None:
    args = [log.campaign.slug if arg == "mc11" else arg for arg in args]
    assert words in verify(*args)
