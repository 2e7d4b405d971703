"""Freeze a letter: a version with its editions, the present evidence, and a hash over all."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import DomainError
from apps.governments.selectors import reference_day
from apps.webhooks.models import EventKind
from apps.webhooks.services.recording import webhook_event_record

from ...models import Approval, Edition, Letter, LetterText, LetterVersion
from ...selectors.drafts import texts_with_state
from ...selectors.letters import letter_addressees
from ..drafts import check_open
from ..text_bodies import text_body_refresh
from .contents import next_version
from .errors import NotApproved, OriginalLeftOut

#: characters of the reason of a later version
MAX_CHANGE = 600


@transaction.atomic
def letter_version_freeze(
    *, letter: Letter, actor: User, on: date | None = None, without: Collection[str] = (), change: str = "",
    reason: str = "",
) -> LetterVersion:  # fmt: skip
    """The letter's next version: an edition for each language and addressee of the day `on` (by default the
    campaign's), and a general edition if there are several addressees. `without`: languages that are left out of it.
    `change` and `reason`, of a later one: whether it is a correction or a material change, and why. Locks the letter
    and its texts. Raises NotApproved, OriginalLeftOut, FactsMissing, UnresolvedMarks, ValuesMissing, PassagesLost,
    NothingChanged, DomainError."""
    letter = Letter.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=letter.pk)
    check_open(letter)
    texts = _approved_texts(letter, without)
    day = on or reference_day(letter.campaign)
    addressees = letter_addressees(letter, day)
    if not addressees:
        raise DomainError(_("Nobody gets this letter: none of its addressees is a member on that day."))
    version, source, editions = next_version(letter, texts, addressees, day)
    version.frozen_by, version.frozen_at = actor, timezone.now()
    if version.number > 1:
        version.change, version.reason = _checked_change(change, reason)
    version.save()
    source.save(force_insert=True)
    Edition.objects.bulk_create(editions, batch_size=500)
    audit_record(
        verb="letter_version.freeze",
        subject=version,
        actor=actor,
        campaign_id=letter.campaign_id,
        letter=letter.number,
        number=version.number,
        language=list(version.subjects),
        sha256=version.sha256,
        editions=len(editions),
        addressees=len(addressees),
        day=day.isoformat(),
        change=version.change,
    )
    webhook_event_record(
        campaign=letter.campaign,
        kind=EventKind.VERSION_FROZEN,
        key=letter.pk,
        data=lambda: {
            "letter": letter.number,
            "version": version.number,
            "sha256": version.sha256,
            "languages": list(version.subjects),
        },
    )
    return version


def _checked_change(change: str, reason: str) -> tuple[LetterVersion.Change, str]:
    if change not in LetterVersion.Change.values:
        raise DomainError(_("Say whether this version is a correction or a material change."), field="change")
    if not reason.strip():
        raise DomainError(_("Say what changed, and why."), field="reason")
    if len(reason.strip()) > MAX_CHANGE:
        raise DomainError(_("Shorten this to %(most)s characters.") % {"most": MAX_CHANGE}, field="reason")
    return LetterVersion.Change(change), reason.strip()


def letter_version_refusal(*, letter: Letter) -> DomainError | None:
    """What freezing the approved texts, or all if none is approved, would raise: FactsMissing, UnresolvedMarks,
    ValuesMissing, PassagesLost, NothingChanged."""
    day = reference_day(letter.campaign)
    present = list(texts_with_state().filter(letter=letter).select_related("letter__campaign").order_by("pk"))
    texts, addressees = [text for text in present if text.approved] or present, letter_addressees(letter, day)
    if not (texts and addressees):
        return None
    try:
        next_version(letter, texts, addressees, day)
    except DomainError as error:
        return error
    return None


def _approved_texts(letter: Letter, without: Collection[str]) -> list[LetterText]:
    """In the order in which they were added: the original first."""
    rows = letter.texts.select_for_update(of=("self",)).select_related("letter__campaign").order_by("pk")
    present = [text_body_refresh(row) for row in rows]
    if present and present[0].language in without:
        raise OriginalLeftOut
    texts = [text for text in present if text.language not in without]
    approvals = Approval.objects.filter(text__letter=letter)
    approved = set(approvals.values_list("text_id", "sha256", "adaptations_sha256"))
    missing = [text.language for text in texts if (text.pk, text.sha256, text.adaptations_sha256) not in approved]
    if missing or not texts:
        raise NotApproved(missing)
    return texts
