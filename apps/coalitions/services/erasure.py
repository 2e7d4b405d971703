"""Deleting personal data. Rows stay: ids, countries and salted commitments reveal nothing without salt and name."""

from collections.abc import Collection
from datetime import timedelta

from django.apps import apps
from django.db import connection, transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from apps.core.audit import audit_record
from apps.core.retention import RetentionJob, retention_job
from apps.core.signals import retention_over, signatures_erased
from apps.core.types import Actor
from apps.postbox.services.queue import messages_erase

from ..models import (
    AddressMail,
    AnnexEntry,
    AnnexName,
    EmailChange,
    Invitation,
    SignatureLogEntry,
    SignerNotice,
    SignerQuestion,
    SignOn,
    SignOnCall,
    SignOnToken,
)
from ..models.sign_on_fields import ERASED, erased_values, retention_values
from .annexes import annex_names_remove
from .closing_times import UNCONFIRMED, calls_close_due
from .evidence_files import evidence_erase
from .exceptions import SIGNER
from .invitations import invitations_delete_expired, invitations_erase_by_address
from .lock_order import signing_lock_shared
from .organisations import organisation_drop_unused, second_signatures_return
from .public_cache import public_cache_clear
from .sign_on_imports import sign_on_imports_delete_expired, sign_on_imports_erase_by_address
from .signature_log import log_entries_add
from .signer_mails import MAIL_MEMORY, MAIL_ORIGIN


@transaction.atomic
def sign_on_erase(*, sign_on: SignOn, actor: Actor = SIGNER) -> None:
    """Withdraw, and delete everything typed; links stop working. A signature that was never confirmed is deleted."""
    signing_lock_shared(sign_on.letter_id)
    locked = SignOn.objects.locked().filter(pk=sign_on.pk).order_by().only_one()
    if locked is None:
        return
    sign_on = locked
    audit_record(verb="sign_on.erase", subject=sign_on, actor=actor, state=sign_on.state)
    public_cache_clear(sign_on.letter_id)
    signatures_erased.send(SignOn, letter_id=sign_on.letter_id)
    messages_erase(origin=MAIL_ORIGIN, origin_ids=[sign_on.pk])
    evidence_erase(sign_on_ids=[sign_on.pk], shared=True)
    if not sign_on.covers.exists():
        sign_on.delete()
        return
    invitations_erase_by_address([sign_on.email_hash])
    organisation, claimed = sign_on.organisation, sign_on.claimed_organisation
    rows = SignOn.objects.filter(pk=sign_on.pk)
    if sign_on.stands:
        rows.update(state=SignOn.State.WITHDRAWN, withdrawn_at=timezone.now())
    _empty(rows, erased_values())
    _log(rows)
    sign_on.tokens.all().delete()
    sign_on.questions.all().delete()
    sign_on.notices.all().delete()
    sign_on.email_changes.all().delete()
    annex_names_remove(sign_on.pk)
    second_signatures_return(letter_id=sign_on.letter_id, organisation=organisation)
    organisation_drop_unused(organisation)
    organisation_drop_unused(claimed)


@transaction.atomic
def sign_ons_erase_by_address(*, hashes: Collection[str], **_: object) -> int:
    """Receiver of `personal_data_erase`: all signatures from an address."""
    for sign_on in SignOn.objects.filter(email_hash__in=hashes).order_by("pk"):
        sign_on_erase(sign_on=sign_on, actor=None)
    EmailChange.objects.filter(email_hash__in=hashes).delete()
    AddressMail.objects.filter(email_hash__in=hashes).delete()
    sign_on_imports_erase_by_address(set(hashes))
    invitations_erase_by_address(hashes)
    return 0


def expired_sweep() -> dict[str, int]:
    """Close calls and delete data whose time is over. Idempotent. Returns counts."""
    return {
        "calls_closed": calls_close_due(),
        "unconfirmed_wiped": _unconfirmed_wipe(),
        "retention_wiped": _retention_wipe(),
        "email_changes_deleted": _email_changes_delete(),
        "imports_discarded": sign_on_imports_delete_expired(),
        "address_mails_deleted": _address_mails_delete(),
    }


def planner_samples_renew() -> bool:
    """Have the database sample its tables anew if something was erased in the last day: what it keeps to plan queries
    (`pg_stats`) has values of rows, names among them. Returns whether it did."""
    erased = SignOn.objects.filter(email_hash__startswith=ERASED, updated_at__gte=timezone.now() - timedelta(days=1))
    if not erased.exists():
        return False
    with connection.cursor() as cursor:
        for model in apps.get_app_config("coalitions").get_models():
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
    return True


def _unconfirmed_wipe() -> int:
    with retention_job("unconfirmed") as job, transaction.atomic():
        late = SignOn.objects.filter(state__in=UNCONFIRMED, expires_at__lte=timezone.now())
        found = dict(late.select_for_update(of=("self",), skip_locked=True).values_list("pk", "campaign_id"))
        ids = list(found)
        rows = SignOn.objects.filter(pk__in=ids)
        rows.update(state=SignOn.State.EXPIRED)
        messages_erase(origin=MAIL_ORIGIN, origin_ids=ids)
        evidence_erase(sign_on_ids=ids, shared=False)
        _empty(rows, erased_values())
        return job.deleted_in(found.values())


def _email_changes_delete() -> int:
    with retention_job("email_changes") as job, transaction.atomic():
        late = EmailChange.objects.filter(expires_at__lte=timezone.now()).order_by("pk")
        found = dict(late.select_for_update(of=("self",)).values_list("pk", "sign_on__campaign"))
        EmailChange.objects.filter(pk__in=found).delete()
        return job.deleted_in(found.values())


def _address_mails_delete() -> int:
    with retention_job("address_mails") as job, transaction.atomic():
        late = AddressMail.objects.filter(at__lt=timezone.now() - MAIL_MEMORY)
        return job.deleted(late.delete()[0])


def _retention_wipe() -> int:
    """After the retention, delete contact data and the names of people; names of organisations stay public."""
    kept = SignOn.objects.exclude(email_hash__startswith=ERASED)
    invited = Invitation.objects.exclude(email_hash__startswith=ERASED)
    having = Q(pk__in=kept.values("call_id")) | Q(pk__in=invited.values("call_id"))
    calls = SignOnCall.objects.filter(having).select_related("campaign").order_by("pk")
    with retention_job("signatures") as job:
        return sum(_call_wipe(call, job) for call in calls if call.personal_data_until < timezone.now().date())


@transaction.atomic
def _call_wipe(call: SignOnCall, job: RetentionJob) -> int:
    signing_lock_shared(call.letter_id)
    rows = SignOn.objects.filter(call=call).exclude(email_hash__startswith=ERASED).order_by("pk")
    ids = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    rows = SignOn.objects.filter(pk__in=ids)
    people = rows.filter(kind=SignOn.Kind.PERSON)
    entries = AnnexEntry.objects.filter(sign_on_id__in=people.values("id"))
    AnnexName.objects.filter(entry__in=entries.values("id")).delete()
    for kind in SignOn.Kind.values:
        _empty(rows.filter(kind=kind), retention_values(kind))
    _log(people)
    SignOnToken.objects.filter(sign_on__in=ids).delete()
    SignerQuestion.objects.filter(sign_on__in=ids).delete()
    SignerNotice.objects.filter(sign_on__in=ids).delete()
    EmailChange.objects.filter(sign_on__in=ids).delete()
    evidence_erase(sign_on_ids=ids, shared=True)
    messages_erase(origin=MAIL_ORIGIN, origin_ids=ids)
    job.deleted(len(ids) + invitations_delete_expired(call), campaign_id=call.campaign_id)
    audit_record(verb="sign_on_call.personal_data_delete", subject=call, sign_ons=len(ids))
    public_cache_clear(call.letter_id)
    signatures_erased.send(SignOn, letter_id=call.letter_id)
    retention_over.send(SignOn, letter_id=call.letter_id, version_ids=call.listed_versions)
    return len(ids)


def _empty(rows: QuerySet[SignOn], values: dict[str, object]) -> None:
    gone = Concat(Value(ERASED), Cast("pk", CharField()))
    rows.update(**{**values, "email_hash": gone, "updated_at": timezone.now()})


def _log(rows: QuerySet[SignOn]) -> None:
    """Record that what the log commits to was erased. Signatures that were never confirmed are not in it."""
    entries = SignatureLogEntry.objects.filter(sign_on_id=OuterRef("pk"))
    logged = rows.filter(Exists(entries)).select_related("version").order_by("pk")
    log_entries_add(sign_ons=logged.iterator(), act=SignatureLogEntry.Act.ERASE)
