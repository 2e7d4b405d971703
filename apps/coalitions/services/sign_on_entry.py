"""Entering signatures that were collected by mail, on paper or in a spreadsheet. Each stays unconfirmed until its
signer confirms it by mail, or somebody other than who entered it accepts it on the evidence."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.encryption import LookupHash, lookup_hashes
from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.core.interface_languages import interface_language
from apps.core.wakeups import wake
from apps.letters.models import LetterVersion

from ..models import CollectedSignOn, EvidenceFile, SignOn, SignOnCall, SignOnImport
from ..models.sign_on_fields import typed_values
from ..models.sign_ons import WITHOUT_ADDRESS
from ..selectors.collected_sign_ons import enterable_versions, same_signatures, signer_of
from .consents import consents_note
from .evidence_files import Source, evidence_store, source_check
from .exceptions import NotForThisKind
from .submission import CONFIRM_WITHIN

BATCH = 1000


class TooEarly(Conflict):
    default_message = _("This letter is not open for signature yet, so nobody can have signed this text.")


class DataDeleted(Conflict):
    default_message = _("The personal data of this letter was deleted, or is about to be. No signature can be added.")


class AlreadyEntered(Conflict):
    """`same` is the signature that is there already."""

    default_message = _(
        "A signature with this name exists already. If this is somebody else with the same name, tick the box at the "
        "end and enter it again."
    )

    def __init__(self, same: SignOn) -> None:
        super().__init__()
        self.same = same


@dataclass(frozen=True)
class CollectedRow:
    """An unsaved signature with what was typed, and, of a table, the day and note of its row."""

    typed: SignOn
    given_on: date | None = None
    note: str = ""
    #: the signer said so elsewhere: the address is kept as a hash only, so that no mail can ever go there
    no_mail: bool = False


#: more people than this are asked by mail only if a second person says so
MOST_MAILS_ALONE = 1000


class SecondPersonNeeded(NotAllowed):
    default_message = _(
        "More than 1,000 people would get an email. Somebody other than who imported the file has to enter them."
    )


class TextUnknown(DomainError):
    default_message = _("Say first whether they signed exactly the text of this version.")


@dataclass(frozen=True)
class Entered:
    sign_ons: list[SignOn]
    #: rows left out because the signature is there already
    same: int


@transaction.atomic
def sign_on_enter(
    *, call: SignOnCall, typed: SignOn, source: Source, actor: User, despite_same: bool = False,
    version: LetterVersion | None = None,
) -> SignOn:  # fmt: skip
    """Enter one signature to the call's version, or to the earlier one that the paper shows (`version`), also after
    signing has closed. `typed` is an unsaved row; its address may be empty. Raises AlreadyEntered, unless
    `despite_same`; NotForThisKind, TooEarly, DataDeleted, DomainError."""
    source_check(source)
    call = _call_locked(call, typed.kind)
    version = _checked_version(call, version)
    if not despite_same and (same := same_signatures(call, [typed], version)):
        raise AlreadyEntered(same[0])
    evidence = evidence_store(campaign=call.campaign, actor=actor, source=source)
    [sign_on] = _insert(call, version, [CollectedRow(typed)], source, evidence, actor)
    audit_record(
        verb="sign_on.enter", subject=sign_on, actor=actor, kind=sign_on.kind, visibility=sign_on.visibility,
        came_by=source.came_by, version=version.number,
    )  # fmt: skip
    return sign_on


@transaction.atomic
def sign_ons_enter(*, batch: SignOnImport, rows: Sequence[CollectedRow], actor: User) -> Entered:
    """Enter the rows of a checked import, once; those that are there already or repeat an earlier row are left out. The
    number of statements does not grow with the rows, but for one in BATCH. Raises as `sign_on_enter`, Conflict, and of
    a petition's file TextUnknown and SecondPersonNeeded."""
    locked = SignOnImport.objects.select_for_update(of=("self",)).select_related("evidence")
    batch = locked.defer("evidence__content").get(pk=batch.pk)
    if batch.state != SignOnImport.State.CHECKING:
        raise Conflict(_("This import has ended. Its signatures are in the list."))
    if batch.asks_text:
        raise TextUnknown
    if needs_second_person(batch, actor, sum(bool(row.typed.email) and not row.no_mail for row in rows)):
        raise SecondPersonNeeded
    call = _call_locked(batch.call, batch.kind)
    version = _checked_version(call, batch.version)
    same = same_signatures(call, [row.typed for row in rows], version)
    kept = {signer_of(row.typed): row for position, row in reversed(list(enumerate(rows))) if position not in same}
    source = Source(came_by=batch.came_by, given_on=batch.given_on, note=batch.note)
    evidence = batch.evidence or evidence_store(
        campaign=call.campaign,
        actor=actor,
        source=Source(batch.came_by, batch.given_on, file_name=batch.file_name, content=bytes(batch.content or b"")),
    )
    importer = batch.made_by if batch.tool and batch.made_by else actor  # who imported accepts nothing of it
    sign_ons = _insert(call, version, list(reversed(kept.values())), source, evidence, importer, batch)
    batch.state, batch.content, batch.evidence = SignOnImport.State.ENTERED, None, None
    batch.entered, batch.file_name, batch.note, batch.corrections = len(sign_ons), "", "", ""
    batch.save()
    audit_record(
        verb="sign_on_import.enter", subject=batch, actor=actor, sign_ons=len(sign_ons), kind=batch.kind,
        came_by=batch.came_by, version=version.number, file_sha256=batch.file_sha256,
        tool=batch.tool, text_is_same=batch.text_is_same,
    )  # fmt: skip
    return Entered(sign_ons, len(rows) - len(sign_ons))


def needs_second_person(batch: SignOnImport, actor: User, mails: int) -> bool:
    return bool(batch.tool) and mails > MOST_MAILS_ALONE and actor.pk == batch.made_by_id


def _call_locked(call: SignOnCall, kind: str) -> SignOnCall:
    """Locked, so that the same signature entered twice at once is one."""
    rows = SignOnCall.objects.select_for_update(of=("self",), no_key=True)
    call = rows.select_related("campaign", "letter", "version").defer("version__evidence").get(pk=call.pk)
    if call.opens_at > timezone.now():
        raise TooEarly
    if call.personal_data_until <= timezone.now().date():
        raise DataDeleted
    if not call.is_open_to(kind):
        raise NotForThisKind(kind)
    return call


def _checked_version(call: SignOnCall, version: LetterVersion | None) -> LetterVersion:
    if version is None or version.pk == call.version_id:
        return call.version
    found = enterable_versions(call).filter(pk=version.pk).select_related("letter").first()
    if found is None:
        raise DomainError(_("Nobody could sign this version. Choose another one."), field="version")
    return found


def _insert(
    call: SignOnCall, version: LetterVersion, rows: Sequence[CollectedRow], source: Source,
    evidence: EvidenceFile | None, actor: User, batch: SignOnImport | None = None,
) -> list[SignOn]:  # fmt: skip
    now = timezone.now()
    last = datetime.combine(call.personal_data_until, time.min, UTC)
    until = min(now + CONFIRM_WITHIN, last)
    sign_ons = SignOn.objects.bulk_create([_row(call, version, row, until) for row in rows], batch_size=BATCH)
    CollectedSignOn.objects.bulk_create(
        [
            CollectedSignOn(
                sign_on=sign_on, batch=batch, came_by=source.came_by, given_on=row.given_on or source.given_on,
                note="\n".join(filter(None, [row.note, source.note])), evidence=evidence, entered_by=actor,
                entered_at=now, mail_due_at=now if sign_on.email else None,
            )
            for sign_on, row in zip(sign_ons, rows, strict=True)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    wake("collected_mails")
    return sign_ons


def _row(call: SignOnCall, version: LetterVersion, row: CollectedRow, until: datetime) -> SignOn:
    typed = row.typed
    address = lookup_hashes(typed.email)[0]
    if not typed.email:
        address = LookupHash(WITHOUT_ADDRESS + secrets.token_hex(16), address.key_version)
    sign_on = SignOn(
        campaign=call.campaign, call=call, letter=call.letter, version=version, kind=typed.kind,
        language=typed.language, email_hash=address.digest, key_version=address.key_version, expires_at=until,
        **typed_values(typed) | ({"email": ""} if row.no_mail else {}),
    )  # fmt: skip
    sign_on.derive_names()
    with translation.override(interface_language(typed.language)):
        consents_note(sign_on)
    return sign_on
