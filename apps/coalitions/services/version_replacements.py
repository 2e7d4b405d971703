"""Putting a later version in place of the one that is signed: proposed by one person, agreed to by another."""

from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import DomainError
from apps.core.types import JsonObject
from apps.core.wakeups import wake
from apps.letters.models import Letter, LetterVersion
from apps.letters.selectors.editions import first_language

from ..models import SignatureLogEntry, SignOnCall, VersionReplacement
from ..selectors.calls import letter_departure
from ..selectors.version_replacements import carried_and_counted, material_version, version_to_replace_with
from .carry_over import confirming_wait, notices_queue, signatures_carry_over
from .closing_times import call_locked
from .exceptions import (
    LetterAlreadySent,
    NothingToReplace,
    ReplacementDecided,
    ReplacementProposed,
    SecondPersonAgrees,
    SignersBusy,
)
from .lock_order import calls_lock, signing_lock
from .public_cache import public_cache_clear

State, Kind = VersionReplacement.State, VersionReplacement.Kind
MAX_REASON = 600


@transaction.atomic
def version_replacement_propose(
    *, call: SignOnCall, actor: User, kind: str, reasons: dict[str, str], after: int, answer_until: datetime | None
) -> VersionReplacement:
    """Propose that the newest version, whose number the person saw (`after`), takes the place of the call's. Nothing
    changes until another person agrees. Raises NothingToReplace, LetterAlreadySent, ReplacementProposed,
    ReplacementDecided, DomainError."""
    signing_lock(call.letter_id)
    letter = Letter.objects.select_for_update(no_key=True).get(pk=call.letter_id)
    call = call_locked(call)
    newest = _checked_version(call)
    if newest.number != after:
        raise ReplacementDecided
    if kind == Kind.CORRECTION:
        _check_means_the_same(call.version, newest)
    kept = _checked_reasons(reasons, newest)
    if kind == Kind.MATERIAL:
        _check_answer_until(answer_until)
    replacement = VersionReplacement(
        campaign_id=call.campaign_id, letter=letter, call=call, before=call.version, after=newest, kind=Kind(kind),
        reasons=kept, answer_until=answer_until if kind == Kind.MATERIAL else None, proposed_by=actor,
    )  # fmt: skip
    try:
        with transaction.atomic():
            replacement.save()
    except IntegrityError:
        raise ReplacementProposed from None
    audit_record(verb="version_replacement.propose", subject=replacement, actor=actor, **_recorded(replacement))
    return replacement


def _checked_version(call: SignOnCall) -> LetterVersion:
    newest = version_to_replace_with(call)
    if newest is None:
        raise NothingToReplace
    if letter_departure(call.version) is not None:
        raise LetterAlreadySent
    return newest


def _check_means_the_same(before: LetterVersion, after: LetterVersion) -> None:
    change = material_version(before, after)
    if change is not None:
        words = _("Version %(number)s was frozen as a material change, so signers are asked again.")
        raise DomainError(words % {"number": change.number}, field="kind")


def _checked_reasons(reasons: dict[str, str], version: LetterVersion) -> dict[str, str]:
    kept = {code: text.strip() for code, text in reasons.items() if text.strip() and code in version.subjects}
    original = first_language(version)
    if original not in kept:
        raise DomainError(_("Say what changed, and why. Signers read it."), field=f"reason_{original}")
    for code, text in kept.items():
        if len(text) > MAX_REASON:
            message = _("Shorten this to %(most)s characters.") % {"most": MAX_REASON}
            raise DomainError(message, field=f"reason_{code}")
    return kept


def _check_answer_until(until: datetime | None) -> None:
    if until is None:
        raise DomainError(_("Enter until when signers may agree to the new text."), field="answer_until")
    if until <= timezone.now():
        raise DomainError(_("This time has passed. Choose a later time."), field="answer_until")


@transaction.atomic
def version_replacement_cancel(*, replacement: VersionReplacement, actor: User) -> VersionReplacement:
    """Drop a proposal. Raises ReplacementDecided."""
    locked = _locked(replacement)
    locked.state, locked.decided_by, locked.decided_at = State.CANCELLED, actor, timezone.now()
    locked.save(update_fields=["state", "decided_by", "decided_at"])
    audit_record(verb="version_replacement.cancel", subject=locked, actor=actor, **_recorded(locked))
    return locked


def version_replacement_agree(*, replacement: VersionReplacement, actor: User) -> VersionReplacement:
    """Put the new version in place, all at once: a correction carries signatures over, a material change queues a
    question to each signer. Raises SecondPersonAgrees, ReplacementDecided, LetterAlreadySent, DomainError, and
    SignersBusy if `rotate_keys`, which locks many signatures by id, crosses it."""
    try:
        return _agree(replacement, actor)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == "40P01":  # a deadlock: PostgreSQL rolled this one back
            raise SignersBusy from None
        raise


@transaction.atomic
def _agree(replacement: VersionReplacement, actor: User) -> VersionReplacement:
    signing_lock(replacement.letter_id)
    letter = Letter.objects.select_for_update(no_key=True).get(pk=replacement.letter_id)
    calls_lock(letter.pk)
    call = call_locked(replacement.call)
    locked = _locked(replacement)
    if locked.proposed_by_id == actor.pk:
        raise SecondPersonAgrees
    if call.version_id != locked.before_id or _checked_version(call).pk != locked.after_id:
        raise ReplacementDecided
    if locked.kind == Kind.MATERIAL:
        _check_answer_until(locked.answer_until)
    locked.state, locked.decided_by, locked.decided_at = State.AGREED, actor, timezone.now()
    _calls_move(call, locked)
    confirming_wait(call=call)
    if locked.is_correction:
        locked.carried, locked.carried_sha256 = signatures_carry_over(replacement=locked)
    locked.save()
    if locked.is_correction:
        SignatureLogEntry.of_carry_over(locked).save(force_insert=True)
    told = notices_queue(replacement=locked)
    audit_record(
        verb="version_replacement.agree", subject=locked, actor=actor, sign_ons=carried_and_counted(locked), told=told,
        proposed_by=locked.proposed_by_id, **_recorded(locked),
    )  # fmt: skip
    public_cache_clear(letter.pk)
    wake("signer_notices")
    return locked


def _calls_move(call: SignOnCall, replacement: VersionReplacement) -> None:
    """An earlier call of the same text has signatures to it as well: after a correction they stand for the new one."""
    rows = SignOnCall.objects.filter(letter=call.letter_id, version=replacement.before)
    for row in rows if replacement.is_correction else [call]:
        row.corrected_versions = row.listed_versions if replacement.is_correction else []
        row.version = replacement.after
        row.languages = [code for code in row.languages if code in replacement.after.subjects]
        row.save(update_fields=["version", "corrected_versions", "languages", "updated_at"])


def _locked(replacement: VersionReplacement) -> VersionReplacement:
    rows = VersionReplacement.objects.select_for_update(of=("self",)).select_related("before", "after__letter")
    locked = rows.get(pk=replacement.pk)
    if locked.state != State.PROPOSED:
        raise ReplacementDecided
    return locked


def _recorded(replacement: VersionReplacement) -> JsonObject:
    """What the record says of it; the first person is named where the second one acts."""
    return {
        "kind": replacement.kind, "version": replacement.after.number, "before": replacement.before.number,
        "sha256": [replacement.before.sha256, replacement.after.sha256],
        "reason": next(iter(replacement.reasons.values())),
    }  # fmt: skip
