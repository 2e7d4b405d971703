"""Signatures that the team entered: reads for staff pages, and which of them are there already."""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.core.encryption import lookup_hashes
from apps.core.text import name_key
from apps.letters.models import LetterVersion
from apps.postbox.models import Message, MessageState

from ..models import (
    CollectedSignOn,
    EvidenceFile,
    Organisation,
    SignOn,
    SignOnCall,
    SignOnImport,
    VersionReplacement,
)

#: a mail unanswered for so long may be replaced by the evidence
ANSWER_WITHIN = timedelta(days=3)
#: what the file-like fields are called that lists do not need
HEAVY = ("evidence__content",)


class Signer(NamedTuple):
    """Who signs, for comparing. `address` is a keyed hash, "" without one."""

    kind: str
    name_key: str
    country: str
    address: str


def signer_of(sign_on: SignOn) -> Signer:
    """Of a stored one without address, its hash if it has one."""
    stored = sign_on.email_hash if ":" not in sign_on.email_hash else ""
    address = lookup_hashes(sign_on.email)[0].digest if sign_on.email else stored
    return Signer(sign_on.kind, name_key(sign_on.own_name), sign_on.country, address)


def collected_rows(campaign: Campaign) -> QuerySet[CollectedSignOn]:
    """Of the campaign, the newest first."""
    rows = CollectedSignOn.objects.filter(sign_on__campaign=campaign)
    related = ("sign_on__call", "sign_on__letter", "sign_on__campaign", "entered_by", "accepted_by", "evidence")
    return rows.select_related(*related, "sign_on__version").defer(*HEAVY, "sign_on__version__evidence")


def to_accept(rows: QuerySet[CollectedSignOn]) -> QuerySet[CollectedSignOn]:
    """Those that do not count yet."""
    return rows.filter(sign_on__state=SignOn.State.PENDING)


def collection_calls(campaign: Campaign) -> list[SignOnCall]:
    """Those whose signatures may still be entered, also after signing has closed: the newest first."""
    today, now = timezone.now().date(), timezone.now()
    rows = SignOnCall.objects.filter(campaign=campaign, opens_at__lte=now).order_by("-opens_at", "-id")
    found = rows.select_related("campaign", "letter", "version").defer("version__evidence")
    return [call for call in found if call.personal_data_until > today]


def enterable_versions(call: SignOnCall) -> QuerySet[LetterVersion]:
    """The texts that a paper may show: the one that is signed now, and those that it replaced, the newest first."""
    replaced = VersionReplacement.objects.filter(call=call, state=VersionReplacement.State.AGREED).values("before")
    found = LetterVersion.objects.filter(Q(pk=call.version_id) | Q(pk__in=replaced), letter=call.letter_id)
    return found.defer("evidence").order_by("-number")


def import_of(campaign: Campaign, pk: int) -> SignOnImport | None:
    rows = SignOnImport.objects.filter(campaign=campaign, pk=pk)
    return (
        rows.select_related("call__campaign", "call__letter", "call__version", "version", "made_by")
        .defer("content")
        .first()
    )


def unfinished_imports(campaign: Campaign) -> QuerySet[SignOnImport]:
    rows = SignOnImport.objects.filter(campaign=campaign, state=SignOnImport.State.CHECKING)
    return rows.select_related("made_by", "call__letter", "call__version").defer("content", "call__version__evidence")


def imports_to_take_back(campaign: Campaign) -> QuerySet[SignOnImport]:
    """Those with signatures that nobody has confirmed yet; `waiting` is their number."""
    waiting = Count("rows", filter=Q(rows__sign_on__state=SignOn.State.PENDING, rows__sign_on__covers=None))
    rows = SignOnImport.objects.filter(campaign=campaign, state=SignOnImport.State.ENTERED)
    found = rows.defer("content").select_related("made_by", "call__letter").annotate(waiting=waiting)
    return found.filter(waiting__gt=0).order_by("-id")


def acceptable_at_once(batch: SignOnImport) -> QuerySet[SignOn]:
    """Signatures of an entered import that no mail can ask, or that did not answer one within ANSWER_WITHIN."""
    unasked = Q(collected__mail_due_at__isnull=True, collected__mailed_at__isnull=True)
    unanswered = Q(collected__mail_due_at__isnull=True, collected__mailed_at__lte=timezone.now() - ANSWER_WITHIN)
    pending = SignOn.objects.filter(unasked | unanswered, collected__batch=batch, state=SignOn.State.PENDING)
    return pending.order_by("pk")


def evidence_of_import(batch: SignOnImport) -> EvidenceFile | None:
    """The file that shows its signatures, without the content."""
    shown = CollectedSignOn.objects.filter(batch=batch).exclude(evidence=None).order_by().values("evidence")
    return EvidenceFile.objects.filter(pk__in=shown).defer("content").first()


def evidence_of(campaign: Campaign, pk: int) -> EvidenceFile | None:
    return EvidenceFile.objects.filter(campaign=campaign, pk=pk).first()


def accepted_on_evidence(sign_ons: Iterable[SignOn]) -> set[int]:
    """Ids of those that count without their signer having confirmed them by mail."""
    rows = CollectedSignOn.objects.filter(sign_on__in=[row.pk for row in sign_ons], accepted_at__isnull=False)
    return set(rows.order_by().values_list("sign_on_id", flat=True))


def mail_unanswered(collected: CollectedSignOn, origin: str) -> bool:
    """Whether there is no address, or the mail to it came back or was not answered within ANSWER_WITHIN."""
    sign_on = collected.sign_on
    if not sign_on.email:
        return True
    if collected.mailed_at is not None and collected.mailed_at <= timezone.now() - ANSWER_WITHIN:
        return True
    failed = [MessageState.BOUNCED, MessageState.REFUSED, MessageState.SUPPRESSED, MessageState.EXPIRED]
    return Message.objects.filter(origin=origin, origin_id=str(sign_on.pk), state__in=failed).exists()


def same_signatures(
    call: SignOnCall, typed: Sequence[SignOn], version: LetterVersion | None = None
) -> dict[int, SignOn]:
    """{position in `typed`: a signature to the same version, or to the one that is signed now, that is the same}:
    confirmed, or entered by the team and not confirmed yet. One in somebody's name that only a form claims blocks
    nobody. A handful of statements."""
    signers = [signer_of(each) for each in typed]
    known: dict[Signer, SignOn] = {}
    versions = {call.version, version or call.version}
    for sign_on in _candidates(call, signers, versions):
        known.setdefault(signer_of(sign_on), sign_on)
    by_name = {(each.kind, each.name_key, each.country): sign_on for each, sign_on in known.items()}
    by_name |= _by_other_names(call, signers, versions)
    nameless = {
        (each.kind, each.name_key, each.country): sign_on for each, sign_on in known.items() if not each.address
    }
    by_address = {(each.kind, each.address): sign_on for each, sign_on in known.items() if each.address}
    found: dict[int, SignOn] = {}
    for position, each in enumerate(signers):
        name = (each.kind, each.name_key, each.country)
        if each.kind == SignOn.Kind.ORGANISATION:
            same = by_name.get(name)
        elif each.address:
            same = by_address.get((each.kind, each.address)) or nameless.get(name)
        else:
            same = by_name.get(name)
        if same is not None:
            found[position] = same
    return found


def _candidates(call: SignOnCall, signers: Sequence[Signer], versions: Collection[LetterVersion]) -> QuerySet[SignOn]:
    collected = Exists(CollectedSignOn.objects.filter(sign_on=OuterRef("pk")))
    covering = SignOn.objects.standing().filter(covers__version__in=versions, letter=call.letter_id)
    standing = Q(pk__in=covering.values("pk"))
    entered = Q(state=SignOn.State.PENDING, version__in=versions) & Q(collected)
    keys, addresses = {each.name_key for each in signers}, {each.address for each in signers} - {""}
    # a person who is only counted has no name in plain text
    hidden = Q(kind=SignOn.Kind.PERSON, name_key="") & Q(collected)
    same = Q(name_key__in=keys) | Q(kind=SignOn.Kind.PERSON, email_hash__in=addresses) | hidden
    return SignOn.objects.filter(standing | entered, same, letter=call.letter_id).order_by("pk")


def _by_other_names(
    call: SignOnCall, signers: Sequence[Signer], versions: Collection[LetterVersion]
) -> dict[tuple[str, str, str], SignOn]:
    """Counted signatures of organisations that have one of the names as a further one."""
    keys = {each.name_key for each in signers if each.kind == SignOn.Kind.ORGANISATION}
    rows = Organisation.objects.filter(campaign=call.campaign_id, name_key__in=keys)
    names = {(row.name_key, row.country): row.merged_into_id or row.pk for row in rows}
    signed = SignOn.objects.confirmed().filter(covers__version__in=versions, organisation__in=set(names.values()))
    counted = {sign_on.organisation_id: sign_on for sign_on in signed}
    kind = SignOn.Kind.ORGANISATION.value
    return {(kind, *name): counted[pk] for name, pk in names.items() if pk in counted}
