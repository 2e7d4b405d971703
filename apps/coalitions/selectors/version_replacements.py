"""Later versions put in place of the one that is signed: whom that concerns, and what signers may still answer."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.core.languages import primary_language
from apps.letters.models import LetterVersion
from apps.letters.selectors.editions import first_language
from apps.postbox.models import Suppression

from ..models import SignerNotice, SignOn, SignOnCall, SignOnQuerySet, SignOnVersion, VersionReplacement
from ..models.sign_on_fields import ERASED
from ..models.sign_ons import WITHOUT_ADDRESS

State, Kind, Answer = VersionReplacement.State, VersionReplacement.Kind, SignerNotice.Answer
RELATED = ("campaign", "letter", "call", "before__letter", "after__letter", "proposed_by", "decided_by")


def replacements_by_call(campaign: Campaign) -> dict[int, list[VersionReplacement]]:
    """{call id: those agreed to or waiting for it, the newest first}."""
    found: dict[int, list[VersionReplacement]] = {}
    rows = VersionReplacement.objects.filter(campaign=campaign).exclude(state=State.CANCELLED)
    for row in rows.select_related("after").defer("after__evidence"):
        found.setdefault(row.call_id, []).append(row)
    return found


def agreed_replacements(call: SignOnCall) -> QuerySet[VersionReplacement]:
    """What the public page tells of the text, the newest first."""
    found = VersionReplacement.objects.filter(call=call, state=State.AGREED)
    return found.select_related("before", "after").defer("before__evidence", "after__evidence")


def version_is_replaced(version_id: int) -> bool:
    """Whether another version took its place for signature."""
    return VersionReplacement.objects.filter(before=version_id, state=State.AGREED).exists()


def proposed_replacement(call: SignOnCall) -> VersionReplacement | None:
    return VersionReplacement.objects.filter(letter=call.letter_id, state=State.PROPOSED).first()


def campaign_proposals(campaign: Campaign) -> QuerySet[VersionReplacement]:
    """Those that wait for a second person, the oldest first."""
    found = VersionReplacement.objects.filter(campaign=campaign, state=State.PROPOSED).order_by("proposed_at", "id")
    return found.select_related("campaign", "letter", "after", "proposed_by").defer("after__evidence")


def version_to_replace_with(call: SignOnCall) -> LetterVersion | None:
    """The newest version, if it is a later one than the call's."""
    newest = LetterVersion.objects.filter(letter=call.letter_id).order_by("-number").select_related("letter").first()
    return newest if newest is not None and newest.number > call.version.number else None


def material_version(before: LetterVersion, after: LetterVersion) -> LetterVersion | None:
    """The first version after the one, up to the other, that was frozen as a material change."""
    between = LetterVersion.objects.filter(letter=after.letter_id, number__gt=before.number, number__lte=after.number)
    return between.filter(change=LetterVersion.Change.MATERIAL).order_by("number").first()


@dataclass(frozen=True)
class Concerned:
    """Signatures that a replacement concerns; `uncounted` of them are held, such as the second one of an organisation.
    `mails`: {language: number}; `without_mail`: there is no address, or it takes none. `pending`: not confirmed yet."""

    signatures: int
    mails: dict[str, int] = field(default_factory=dict)
    without_mail: int = 0
    pending: int = 0
    uncounted: int = 0

    @property
    def counted(self) -> int:
        return self.signatures - self.uncounted

    @property
    def mail_count(self) -> int:
        return sum(self.mails.values())


def standing_for(before: LetterVersion, after: LetterVersion) -> SignOnQuerySet:
    """Standing signatures to the first text that do not cover the second."""
    covered = SignOnVersion.objects.filter(sign_on=OuterRef("pk"), version=after)
    return SignOn.objects.standing().covering(before).exclude(Exists(covered))


def concerned(call: SignOnCall, after: LetterVersion) -> Concerned:
    pending = SignOn.objects.filter(call=call, state=SignOn.State.PENDING).count()
    return _numbers(standing_for(call.version, after), pending)


def _numbers(sign_ons: SignOnQuerySet, pending: int = 0) -> Concerned:
    suppressed = Exists(Suppression.objects.filter(address_hash=OuterRef("email_hash")))
    no_address = Q(email_hash__startswith=ERASED) | Q(email_hash__startswith=WITHOUT_ADDRESS)
    rows = sign_ons.order_by().annotate(no_mail=suppressed | no_address)
    mails: Counter[str] = Counter()
    without = uncounted = 0
    for language, no_mail, number, held in rows.values_list("language", "no_mail").annotate(
        n=Count("id"), held=Count("id", filter=Q(state=SignOn.State.HELD))
    ):
        uncounted += held
        if no_mail:
            without += number
        else:
            mails[language] += number
    return Concerned(mails.total() + without, dict(sorted(mails.items())), without, pending, uncounted)


def silent(replacement: VersionReplacement) -> SignOnQuerySet:
    """Those who were asked and have not answered."""
    asked = SignerNotice.objects.filter(replacement=replacement, mailed_at__isnull=False, answer=Answer.NONE)
    return standing_for(replacement.before, replacement.after).filter(notices__in=asked)


def silent_numbers(replacement: VersionReplacement) -> Concerned:
    return _numbers(silent(replacement))


def notice_numbers(replacement: VersionReplacement) -> dict[str, int]:
    """{told, to_tell, signed, kept_out}: how far the mails and answers are."""
    notices = SignerNotice.objects.filter(replacement=replacement)
    return notices.aggregate(
        told=Count("id", filter=Q(mailed_at__isnull=False)),
        to_tell=Count("id", filter=Q(next_at__isnull=False)),
        signed=Count("id", filter=Q(answer=Answer.SIGNED)),
        kept_out=Count("id", filter=Q(answer=Answer.KEPT_OUT)),
    )


def carried_and_counted(replacement: VersionReplacement) -> int:
    """How many of the signatures that a correction carried over count now: no second one of an organisation does."""
    covered = SignOnVersion.objects.filter(replacement=replacement)
    return covered.filter(sign_on__state=SignOn.State.CONFIRMED).count()


def reason_for(replacement: VersionReplacement, language: str) -> tuple[str, str]:
    """(reason, its language) for a reader of that language."""
    reasons: dict[str, str] = replacement.reasons
    for code in (language, primary_language(language), *([first_language(replacement.after)] if reasons else [])):
        if code in reasons:
            return reasons[code], code
    return "", ""


@dataclass(frozen=True)
class TextChange:
    """What changed in the text since somebody signed it, and is signed now. `question`: it changed materially, and they
    may still sign the new text; `over`: they no longer may; `answer`: what they said."""

    replacement: VersionReplacement
    before: LetterVersion
    question: bool = False
    over: bool = False
    answer: str = ""

    @property
    def after(self) -> LetterVersion:
        return self.replacement.call.version


def text_change(sign_on: SignOn) -> TextChange | None:
    """None where the signer confirmed the text that is signed now, or nothing was put in its place."""
    if not sign_on.stands:
        return None
    agreed = VersionReplacement.objects.filter(letter=sign_on.letter_id, state=State.AGREED)
    found = list(agreed.select_related("before", "after", "call__version"))
    if not found or found[0].call.version_id == sign_on.version_id:
        return None
    newest = found[0]
    if sign_on.covers.filter(version=newest.call.version_id).exists():
        return TextChange(newest, sign_on.version)
    change = next((row for row in found if row.kind == Kind.MATERIAL), None)
    if change is None:
        return None
    notice = SignerNotice.objects.filter(replacement=change, sign_on=sign_on).first()
    works = may_answer(change)
    return TextChange(change, sign_on.version, works, not works, notice.answer if notice else "")


def may_answer(change: VersionReplacement) -> bool:
    """Until the time that signers were told, and as long as the letter can be signed; not once another call began."""
    call, now = change.call, timezone.now()
    later = SignOnCall.objects.filter(letter=change.letter_id, opens_at__gt=call.opens_at).exists()
    return not later and (call.is_open(now) or (change.answer_until is not None and now < change.answer_until))
