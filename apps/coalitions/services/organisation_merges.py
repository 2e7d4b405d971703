"""Two rows that are one organisation become one, and apart again."""

from collections.abc import Iterable

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError

from ..models import Organisation, OrganisationMerge, SignatureLogEntry, SignOn
from ..selectors.calls import letter_departure
from .lock_order import signing_lock_shared
from .public_cache import public_cache_clear
from .signature_log import log_entries_add

FILLED = ("name_english", "acronym", "website", "members_represented")
#: what a merge leaves of a second signature: not counted, and settled
SECOND = (SignOn.State.HELD, SignOn.Moderation.ACCEPTED)


class MergedAlready(Conflict):
    default_message = _("One of them was merged meanwhile. Open the one that was kept.")


class SignerBusy(Conflict):
    default_message = _("Somebody is changing a signature of one of them right now. Try again in a moment.")


class SentSinceMerge(Conflict):
    default_message = _("A letter was sent since, with the list as it was after this merge. It cannot be undone.")


@transaction.atomic
def organisation_merge(*, kept: Organisation, other: Organisation, actor: User) -> OrganisationMerge:
    """Merge `other` into `kept`: its signatures, names and coalitions become the kept one's, and its row a pointer.

    Where both have a counted signature to one letter, the kept one's counts; the other one is held, settled, and its
    signer sees no difference. Raises MergedAlready, SignerBusy, DomainError.
    """
    kept, other = _locked(kept, other)
    merge = OrganisationMerge(kept=kept, other=other, actor=actor)
    counted = set(kept.sign_ons.confirmed().values_list("letter_id", flat=True))
    moved = _sign_ons_locked(other)
    for sign_on in moved:
        merge.sign_ons[str(sign_on.pk)] = [sign_on.state, sign_on.moderation]
        sign_on.organisation = kept
        if sign_on.state == SignOn.State.CONFIRMED and sign_on.letter_id in counted:
            sign_on.state, sign_on.moderation = SECOND
    SignOn.objects.bulk_update(moved, ["organisation", "state", "moderation"])
    log_entries_add(sign_ons=_second(merge, moved), act=SignatureLogEntry.Act.MODERATE)
    _claims_move(merge)
    merge.coalitions = list(other.coalitions.exclude(organisations=kept).values_list("pk", flat=True))
    kept.coalitions.add(*merge.coalitions)
    merge.filled = [name for name in FILLED if not getattr(kept, name) and getattr(other, name)]
    for name in merge.filled:
        setattr(kept, name, getattr(other, name))
    kept.save()
    merge.pointers = list(other.merged.values_list("pk", flat=True))
    Organisation.objects.filter(pk__in=[*merge.pointers, other.pk]).update(merged_into=kept)
    merge.save()
    audit_record(
        verb="organisation.merge", subject=kept, actor=actor, other=other.pk, sign_ons=len(moved),
        not_counted=len(_second(merge, moved)),
    )  # fmt: skip
    _caches_clear(moved)
    return merge


@transaction.atomic
def organisation_merge_undo(*, merge: OrganisationMerge, actor: User) -> Organisation:
    """Take a merge back: what moved returns, as far as nobody has changed it since. Raises MergedAlready, SignerBusy,
    and SentSinceMerge if a letter has left without a signature that the merge no longer counted."""
    _letters_lock(merge.kept, merge.other)
    _merges_lock(merge.kept.campaign_id)
    kept, other = _rows_locked(merge.kept_id, merge.other_id)
    merge = OrganisationMerge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at is not None or other.merged_into_id != kept.pk:
        raise MergedAlready
    moved = [row for row in _sign_ons_locked(kept) if str(row.pk) in merge.sign_ons]
    second = _second(merge, moved)
    for sign_on in second:
        departure = letter_departure(sign_on.current_version)
        if departure is not None and departure.at > merge.created_at:
            raise SentSinceMerge
        sign_on.state, sign_on.moderation = merge.sign_ons[str(sign_on.pk)]
    for sign_on in moved:
        sign_on.organisation = other
    SignOn.objects.bulk_update(moved, ["organisation", "state", "moderation"])
    log_entries_add(sign_ons=second, act=SignatureLogEntry.Act.MODERATE)
    _claims_return(merge)
    kept.coalitions.remove(*merge.coalitions)
    for name in merge.filled:
        if getattr(kept, name) == getattr(other, name):
            setattr(kept, name, None if name == "members_represented" else "")
    kept.save()
    Organisation.objects.filter(pk__in=merge.pointers, merged_into=kept).update(merged_into=other)
    Organisation.objects.filter(pk=other.pk).update(merged_into=None)
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at", "updated_at"])
    audit_record(verb="organisation.merge_undo", subject=kept, actor=actor, other=other.pk, sign_ons=len(moved))
    _caches_clear(moved)
    return other


def _locked(kept: Organisation, other: Organisation) -> tuple[Organisation, Organisation]:
    if kept.pk == other.pk or kept.campaign_id != other.campaign_id:
        raise DomainError(_("Choose two different organisations of this campaign."))
    _letters_lock(kept, other)
    _merges_lock(kept.campaign_id)
    whole = Organisation.objects.whole().filter(pk__in=[kept.pk, other.pk])
    if whole.count() != 2:
        raise MergedAlready
    return _rows_locked(kept.pk, other.pk)


def _letters_lock(*organisations: Organisation) -> None:
    rows = SignOn.objects.filter(Q(organisation__in=organisations) | Q(claimed_organisation__in=organisations))
    signing_lock_shared(*rows.order_by().values_list("letter_id", flat=True).distinct())


def _merges_lock(campaign_id: int) -> None:
    """One merge at a time in a campaign, so that pointers change under nobody's hands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"organisation merge {campaign_id}"])


def _rows_locked(kept_id: int, other_id: int) -> tuple[Organisation, Organisation]:
    """Names before what they point to, as `organisation_matched` does, so that neither waits for the other."""
    rows = Organisation.objects.select_for_update()
    list(rows.filter(merged_into=other_id))
    other, kept = rows.filter(pk=other_id).first(), rows.filter(pk=kept_id).first()
    if kept is None or other is None:
        raise MergedAlready
    return kept, other


def _sign_ons_locked(organisation: Organisation) -> list[SignOn]:
    """A signer who corrects holds the signature and waits for the organisation: whoever merges must not wait."""
    rows = SignOn.objects.select_for_update(of=("self",), nowait=True).filter(organisation=organisation)
    try:
        with transaction.atomic():
            return list(rows.select_related("version", "call__version").order_by("pk"))
    except OperationalError:
        raise SignerBusy from None


def _claims_move(merge: OrganisationMerge) -> None:
    """Who took the other's name claims the kept one now; a signature that is the kept one's already claims nothing."""
    rows = SignOn.objects.filter(claimed_organisation__in=[merge.kept, merge.other])
    claims = rows.filter(Q(claimed_organisation=merge.other) | Q(organisation=merge.kept))
    merge.claims = {str(pk): claimed for pk, claimed in claims.values_list("pk", "claimed_organisation_id")}
    SignOn.objects.filter(pk__in=merge.claims).update(claimed_organisation=merge.kept)
    SignOn.objects.filter(pk__in=merge.claims, organisation=merge.kept).update(claimed_organisation=None)


def _claims_return(merge: OrganisationMerge) -> None:
    """Those that nobody has decided since."""
    for pk, claimed in merge.claims.items():
        SignOn.objects.filter(pk=pk, moderation=SignOn.Moderation.WAITING).update(claimed_organisation_id=claimed)


def _second(merge: OrganisationMerge, sign_ons: Iterable[SignOn]) -> list[SignOn]:
    """Those that the merge no longer counted, and that are as it left them."""
    return [
        row
        for row in sign_ons
        if merge.sign_ons[str(row.pk)][0] == SignOn.State.CONFIRMED and (row.state, row.moderation) == SECOND
    ]


def _caches_clear(sign_ons: Iterable[SignOn]) -> None:
    for letter_id in {sign_on.letter_id for sign_on in sign_ons}:
        public_cache_clear(letter_id)
